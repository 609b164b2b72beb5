// Discrete Fourier transforms along axes, in n log n time for every length n. Prime factors above 31 take about four
// times as long.

/// The place of the division by the number of transformed elements n. PyTorch names it `norm`.
///
/// ```swift
/// let x = Tensor<Complex<Double>>.ones([4])
/// print(x.fft(), x.fft(normalization: .forward))  // the first elements are 4 and 1
/// ```
public enum FourierNormalization: Sendable {
  /// The inverse transform divides by n.
  case backward
  /// Both transforms divide by √n, and keep the norm of the elements.
  case orthonormal
  /// The forward transform divides by n.
  case forward

  fileprivate func factor(_ n: Double, inverse: Bool) -> Double {
    switch self {
    case .backward: inverse ? 1 / n : 1
    case .orthonormal: 1 / n.squareRoot()
    case .forward: inverse ? 1 : 1 / n
    }
  }
}

/// The axes of a transform, counted from 0, and their extents.
private struct FourierAxes {
  var axes: [Int] = [], lengths: [Int] = []

  /// Returns the axes, or the text of what is wrong with them. Of a transform to real elements, `isHalved` counts the
  /// last axis by the entries that determine all.
  static func checked(
    _ axes: [Int], _ lengths: [Int]?, of shape: TensorShape, isHalved: Bool = false
  ) -> (axes: FourierAxes, fault: String?) {
    var result = FourierAxes()
    if let fault = shape.axisSet(axes).fault { return (result, fault) }
    result.axes = axes.map { shape.axis($0)! }
    result.lengths = lengths ?? result.axes.map { shape.extents[$0] }
    if lengths == nil, isHalved, let last = result.lengths.popLast() { result.lengths.append(2 * (last - 1)) }
    guard result.lengths.count == axes.count, !axes.isEmpty, result.lengths.allSatisfy({ $0 > 0 }) else {
      let text =
        "the lengths of axes \(axes) of shape \(shape) are \(result.lengths); each axis needs one above 0"
      return (result, text)
    }
    return (result, nil)
  }

  func factor(_ normalization: FourierNormalization, inverse: Bool) -> Double {
    normalization.factor(lengths.reduce(1) { $0 * Double($1) }, inverse: inverse)
  }

  /// The axes without the last one.
  var others: FourierAxes { FourierAxes(axes: axes.dropLast(), lengths: lengths.dropLast()) }
}

// Transforms of complex elements.

extension Tensor {
  /// The discrete Fourier transform along an axis, `y_k = Σ x_j e^(−2πi jk/n)`.
  ///
  /// `length` cuts the axis, or fills it with zeros, before the transform. An axis out of range is an error, and so is
  /// a length below 1. Derivative: `dx` is the inverse transform of g without a division.
  ///
  /// ```swift
  /// let x = Tensor([Complex<Double>(1), .i, -1, 0])
  /// let y = x.fft(length: 8, axis: 0, normalization: .orthonormal)
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func fft<Real: DifferentiableScalar>(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor where Element == Complex<Real> {
    transformed("fft", [axis], length.map { [$0] }, normalization, inverse: false, file, line)
  }

  /// The inverse of the Fourier transform along an axis, `x_j = Σ y_k e^(2πi jk/n) / n`.
  ///
  /// The errors are those of `fft(length:axis:)`. Derivative: `dx` is the forward transform
  /// of g, divided by n.
  ///
  /// ```swift
  /// let x = Tensor([Complex<Double>(1), .i, -1, 0])
  /// print(x.fft().ifft())
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func ifft<Real: DifferentiableScalar>(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor where Element == Complex<Real> {
    transformed("ifft", [axis], length.map { [$0] }, normalization, inverse: true, file, line)
  }

  /// The discrete Fourier transform along several axes, one after the other.
  ///
  /// `lengths` cuts each axis, or fills it with zeros, before the transform. An axis out of range or named twice is an
  /// error, and so is a length below 1 and another number of lengths than of axes. Derivative: `dx` is the inverse
  /// transform of g without a division.
  ///
  /// ```swift
  /// let images = Tensor<Complex<Float>>.ones([8, 32, 32])
  /// let spectra = images.fft(axes: [-2, -1])
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func fft<Real: DifferentiableScalar>(
    axes: [Int], lengths: [Int]? = nil, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor where Element == Complex<Real> {
    transformed("fft", axes, lengths, normalization, inverse: false, file, line)
  }

  /// The inverse of the Fourier transform along several axes.
  ///
  /// The errors are those of `fft(axes:)`. Derivative: `dx` is the forward transform
  /// of g, divided by the number of transformed elements.
  ///
  /// ```swift
  /// let spectra = Tensor<Complex<Float>>.ones([8, 32, 32])
  /// let images = spectra.ifft(axes: [-2, -1])
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func ifft<Real: DifferentiableScalar>(
    axes: [Int], lengths: [Int]? = nil, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor where Element == Complex<Real> {
    transformed("ifft", axes, lengths, normalization, inverse: true, file, line)
  }

  private func transformed<Real: DifferentiableScalar>(
    _ name: String, _ axes: [Int], _ lengths: [Int]?, _ normalization: FourierNormalization, inverse: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor where Element == Complex<Real> {
    if let failure { return .failed(by: failure) }
    let (axes, fault) = FourierAxes.checked(axes, lengths, of: shape)
    if let fault { return .failed(name, fault, file, line) }
    return fitted(axes, file, line).transformed(
      axes.axes, inverse: inverse, axes.factor(normalization, inverse: inverse))
  }

  /// Returns the transform along axes, multiplied by a factor.
  fileprivate func transformed<Real: DifferentiableScalar>(
    _ axes: [Int], inverse: Bool, _ factor: Double
  ) -> Tensor where Element == Complex<Real> {
    if axes.isEmpty { return self }
    var result = self
    for (number, axis) in axes.reversed().enumerated() {
      result = launch(result, into: Tensor(uninitialized: shape)) { (x, y) throws(OutOfMemory) in
        try FourierKernels.transform(
          x, axis: axis, inverse: inverse, factor: number == 0 ? factor : 1, into: y)
      }
    }
    return result.recorded("Fourier", edge { g in g.transformed(axes, inverse: !inverse, factor) })
  }
}

extension Tensor where Element: ArithmeticScalar {
  /// Returns the elements with the axes cut to the lengths, or filled with zeros.
  fileprivate func fitted(_ axes: FourierAxes, _ file: StaticString, _ line: UInt) -> Tensor {
    var amounts = Array(repeating: (before: 0, after: 0), count: rank)
    for (axis, length) in zip(axes.axes, axes.lengths) { amounts[axis].after = length - shape[axis] }
    return amounts.allSatisfy { $0.after == 0 } ? self : padded(amounts, file: file, line: line)
  }
}

// Transforms between real and complex elements, of which the second half is known from the first.

extension Tensor where Element: DifferentiableScalar {
  /// The entries 0...n/2 of the Fourier transform of real elements along an axis. The others are their conjugates:
  /// `y_(n−k) = conj(y_k)`.
  ///
  /// It takes half the time of a complex transform. The errors are those of
  /// `fft(length:axis:)`. Derivative: `dx` is the real part of the inverse transform of g,
  /// followed by zeros, without a division.
  ///
  /// ```swift
  /// let signal = Tensor<Float>.normal([8, 1024])
  /// let spectrum = signal.rfft(axis: 1, normalization: .orthonormal)  // [8, 513]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rfft(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    halfTransformed("rfft", [axis], length.map { [$0] }, normalization, file, line)
  }

  /// The Fourier transform of real elements along several axes, with the entries 0...n/2 of the last one.
  ///
  /// The errors are those of `fft(axes:)`.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 32, 32])
  /// let spectra = images.rfft(axes: [-2, -1])  // [8, 32, 17]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rfft(
    axes: [Int], lengths: [Int]? = nil, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    halfTransformed("rfft", axes, lengths, normalization, file, line)
  }

  /// The entries 0...n/2 of the inverse Fourier transform of real elements along an axis, which is the transform of
  /// a signal that is symmetric: `conj(rfft) / n`.
  ///
  /// The errors are those of `fft(length:axis:)`.
  ///
  /// ```swift
  /// let spectrum = Tensor<Float>.normal([16])
  /// let signal = spectrum.ihfft(length: 16, axis: 0, normalization: .backward)  // [9]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func ihfft(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    halfTransformed("ihfft", [axis], length.map { [$0] }, normalization.reversed, file, line).conjugate()
  }

  private func halfTransformed(
    _ name: String, _ axes: [Int], _ lengths: [Int]?, _ normalization: FourierNormalization,
    _ file: StaticString,
    _ line: UInt
  ) -> Tensor<Complex<Element>> {
    if let failure { return .failed(by: failure) }
    let (axes, fault) = FourierAxes.checked(axes, lengths, of: shape)
    if let fault { return .failed(name, fault, file, line) }
    let factor = axes.factor(normalization, inverse: false), last = axes.axes.last!
    let half = fitted(axes, file, line).movedAxis(from: last, to: -1).halfTransformed(factor)
    return half.movedAxis(from: -1, to: last).transformed(axes.others.axes, inverse: false, 1)
  }

  /// Returns the first half of the transform along the last axis, multiplied by a factor.
  fileprivate func halfTransformed(_ factor: Double) -> Tensor<Complex<Element>> {
    if let failure { return .failed(by: failure) }
    let n = layout.shape[-1]
    if n % 2 == 1 {
      return Tensor<Complex<Element>>(self).transformed([rank - 1], inverse: false, factor)[
        .ellipsis, ...(n / 2)]
    }
    var target = layout.shape
    target.extents[rank - 1] = n / 2 + 1
    return launch(self, into: Tensor<Complex<Element>>(uninitialized: target)) { (x, y) throws(OutOfMemory) in
      try FourierKernels.transformReal(x, factor: factor, into: y)
    }.recorded("RealFourier", from: self) { g in (g * .weights(n, 0.5)).restored(n, factor) }
  }

  /// The complex Fourier transform of real elements along an axis; see ``rfft(length:axis:normalization:file:line:)``
  /// for half of it.
  ///
  /// ```swift
  /// let spectrum = Tensor<Float>.normal([8, 6]).fft(length: 8, axis: 1, normalization: .forward)  // [8, 8]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fft(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    Tensor<Complex<Element>>(self).fft(
      length: length, axis: axis, normalization: normalization, file: file, line: line)
  }

  /// The complex Fourier transform of real elements along several axes.
  ///
  /// ```swift
  /// let spectra = Tensor<Float>.normal([8, 6, 6]).fft(axes: [1, 2], lengths: [8, 8], normalization: .forward)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fft(
    axes: [Int], lengths: [Int]? = nil, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    Tensor<Complex<Element>>(self).fft(
      axes: axes, lengths: lengths, normalization: normalization, file: file, line: line)
  }
}

extension FourierNormalization {
  fileprivate var reversed: FourierNormalization {
    self == .backward ? .forward : self == .forward ? .backward : self
  }
}

extension Tensor {
  /// The real elements along an axis whose Fourier transform has the entries 0...n/2 given, the inverse of
  /// ``rfft(length:axis:normalization:file:line:)``.
  ///
  /// `length` is n, and 2 (m − 1) for an axis of m entries unless given; it must be given to restore an odd one. The
  /// imaginary parts of entry 0, and of n/2 for an even n, count as 0. The errors are those of
  /// `fft(length:axis:)`.
  ///
  /// ```swift
  /// let signal = Tensor<Float>.normal([7])
  /// let same = signal.rfft().irfft(length: 7, axis: 0, normalization: .backward)
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func irfft<Real: DifferentiableScalar>(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    restored("irfft", [axis], length.map { [$0] }, normalization, file, line)
  }

  /// The inverse of ``rfft(axes:lengths:normalization:file:line:)``: the real elements of a transform along several
  /// axes.
  ///
  /// ```swift
  /// let spectra = Tensor<Float>.normal([8, 32, 32]).rfft(axes: [-2, -1])
  /// let images = spectra.irfft(axes: [-2, -1])
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func irfft<Real: DifferentiableScalar>(
    axes: [Int], lengths: [Int]? = nil, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    restored("irfft", axes, lengths, normalization, file, line)
  }

  /// The real Fourier transform along an axis of a symmetric signal, `x_(n−j) = conj(x_j)`, from its first half.
  ///
  /// It is the inverse of ``ihfft(length:axis:normalization:file:line:)``, and its lengths and errors are those of
  /// ``irfft(length:axis:normalization:file:line:)``.
  ///
  /// ```swift
  /// let signal = Tensor<Complex<Float>>.ones([9])
  /// let spectrum = signal.hfft(length: 16, axis: 0, normalization: .backward)  // [16]
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func hfft<Real: DifferentiableScalar>(
    length: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    conjugate().restored("hfft", [axis], length.map { [$0] }, normalization.reversed, file, line)
  }

  private func restored<Real: DifferentiableScalar>(
    _ name: String, _ axes: [Int], _ lengths: [Int]?, _ normalization: FourierNormalization,
    _ file: StaticString,
    _ line: UInt
  ) -> Tensor<Real> where Element == Complex<Real> {
    if let failure { return .failed(by: failure) }
    let (axes, fault) = FourierAxes.checked(axes, lengths, of: shape, isHalved: true)
    if let fault { return .failed(name, fault, file, line) }
    let factor = axes.factor(normalization, inverse: true), last = axes.axes.last!, n = axes.lengths.last!
    let half = fitted(FourierAxes(axes: axes.axes, lengths: axes.others.lengths + [n / 2 + 1]), file, line)
    let rows = half.transformed(axes.others.axes, inverse: true, 1).movedAxis(from: last, to: -1)
    return rows.restored(n, factor).movedAxis(from: -1, to: last)
  }

  /// Returns the n real elements of which this is the first half of the transform along the last axis, without the
  /// division by n, multiplied by a factor.
  fileprivate func restored<Real: DifferentiableScalar>(
    _ n: Int, _ factor: Double
  ) -> Tensor<Real> where Element == Complex<Real> {
    if let failure { return .failed(by: failure) }
    if n % 2 == 1 {
      let rest = self[.ellipsis, 1...].flipped(axis: -1).conjugate()
      return Tensor.concatenated([self, rest], axis: -1).transformed([rank - 1], inverse: true, factor).real()
        .unshared
    }
    var target = layout.shape
    target.extents[rank - 1] = n
    return launch(self, into: Tensor<Real>(uninitialized: target)) { (x, y) throws(OutOfMemory) in
      try FourierKernels.restoreReal(x, factor: factor, into: y)
    }.recorded("RestoredFourier", from: self) { g in g.halfTransformed(factor) * .weights(n, 2) }
  }

  /// The weights of the first half of the entries: 1 for the entries 0 and n/2, which stand alone, and `paired` for the
  /// others, which stand for their conjugates too.
  fileprivate static func weights<Real: DifferentiableScalar>(
    _ n: Int, _ paired: Real
  ) -> Tensor where Element == Complex<Real> {
    let weights = Tensor.full([n / 2 + 1], Complex(paired))
    weights.view(of: 0).overwrite(with: .ones([]))
    weights.view(of: n / 2).overwrite(with: .ones([]))
    return weights
  }
}
