// Fourier transforms of the overlapping frames of a signal, and the signal of such transforms.

/// The options of a short-time Fourier transform, checked.
private struct Frames {
  let size: Int, hop: Int, length: Int

  /// The number of frames that fit the signal.
  var count: Int { (length - size) / hop + 1 }
  /// The pieces of a frame, each as long as a hop but for the last.
  var pieces: Int { (size + hop - 1) / hop }
}

extension Tensor where Element: DifferentiableScalar {
  /// The short-time Fourier transform of a signal along its last axis, `[…, length] → […, frequencies, frames]`.
  ///
  /// Frame t has `size` samples from t · hop on, weighted by the window. Its transform has `size / 2 + 1` entries, or
  /// all of them unless `isOneSided`. A centred signal is first extended by size / 2 samples at both ends, so that
  /// frame t is centred at sample t · hop. A shorter window is surrounded by zeros. A normalized transform is divided by
  /// √size.
  ///
  /// The size must be from 1 to the number of samples, the hop at least 1, and the window a vector of at most `size`
  /// elements. The signal must be long enough for the padding mode. Derivatives: those of the transforms and
  /// products.
  ///
  /// ```swift
  /// let signal = Tensor<Float>.normal([2, 16000])
  /// let spectrum = signal.stft(size: 400, hop: 160, window: .hannWindow(400))  // [2, 201, 101]
  /// let power = spectrum.abs().square()
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func stft(
    size: Int, hop: Int? = nil, window: Tensor? = nil, isCentered: Bool = true,
    padding: PaddingMode = .reflect,
    isNormalized: Bool = false, isOneSided: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    if let failure = failure ?? window?.failure { return .failed(by: failure) }
    let hop = hop ?? Swift.max(size / 4, 1)
    if let fault = Tensor.fault(ofSize: size, hop, window) { return .failed("stft", fault, file, line) }
    guard rank > 0, rank < TensorShape.maximumRank else {
      return .failed("stft", "a signal of shape \(shape) must have 1 to 7 axes", file, line)
    }
    let signal = isCentered ? padded([(size / 2, size / 2)], mode: padding, file: file, line: line) : self
    if signal.isFailed { return .failed(by: signal.failure!) }
    guard signal.shape[-1] >= size else {
      return .failed(
        "stft", "frames of \(size) samples do not fit a signal of shape \(signal.shape)", file, line)
    }
    var frames = signal.framed(Frames(size: size, hop: hop, length: signal.shape[-1]))
    if let window { frames = frames * window.centred(in: size) }
    let normalization: FourierNormalization = isNormalized ? .orthonormal : .backward
    let spectra =
      isOneSided ? frames.rfft(normalization: normalization) : frames.fft(normalization: normalization)
    return spectra.transposed(-1, -2)
  }

  /// Returns the text of what is wrong with frames, or nil.
  fileprivate static func fault(ofSize size: Int, _ hop: Int, _ window: Tensor?) -> String? {
    guard size > 0, hop > 0 else { return "the size and the hop must be above 0, not \(size) and \(hop)" }
    guard let window, window.rank != 1 || !(1...size).contains(window.count) else { return nil }
    return "a window of shape \(window.shape) must be a vector of 1 to \(size) elements"
  }

  /// Returns a vector in the middle of `size` elements, which are 0 otherwise.
  fileprivate func centred(in size: Int) -> Tensor {
    let before = (size - count) / 2
    return count == size ? self : padded([(before, size - count - before)])
  }

  /// Returns the overlapping frames along the last axis, `[…, length] → […, count, size]`: a view.
  fileprivate func framed(_ frames: Frames) -> Tensor {
    if let failure { return .failed(by: failure) }
    var shape = layout.shape, strides = layout.strides
    let last = rank - 1
    strides[rank] = strides[last]
    strides[last] *= frames.hop
    shape.extents[last] = frames.count
    shape.append(frames.size)
    return viewed(Layout(shape, strides: strides, offset: layout.offset))
      .recorded("Frames", edge { g in g.overlapAdded(frames) })
  }

  /// Returns the sums of overlapping frames, `[…, count, size] → […, length]`. Samples outside of the frames are 0.
  fileprivate func overlapAdded(_ frames: Frames) -> Tensor {
    if let failure { return .failed(by: failure) }
    var shape = layout.shape
    shape.remove(at: rank - 1)
    shape.extents[rank - 2] = frames.length
    let result = Tensor.zeroed(shape)
    if result.isFailed { return result }
    // Pieces of the same number, each a hop long, do not overlap.
    for piece in 0..<frames.pieces {
      let start = piece * frames.hop, width = Swift.min(frames.hop, frames.size - start)
      let source = part(rank - 1, start, width)
      var strides = result.layout.strides
      strides[rank - 1] = 1
      strides[rank - 2] = frames.hop
      result.viewed(Layout(source.layout.shape, strides: strides, offset: start)).combine(.add, with: source)
    }
    return result.recorded("OverlapAdd", edge { g in g.framed(frames) })
  }
}

extension Tensor {
  /// The signal whose short-time Fourier transform this is, by least squares:
  /// `[…, frequencies, frames] → […, length]`. It is the inverse of
  /// ``stft(size:hop:window:isCentered:padding:isNormalized:isOneSided:file:line:)`` with the same options.
  ///
  /// The frames are transformed back, weighted by the window, added where they overlap, and divided by the sum of the
  /// squares of the windows. `length` cuts the signal, or fills it with zeros. It is an error if those sums are 0 at a
  /// sample, and if the axis of the frequencies does not fit the size.
  ///
  /// ```swift
  /// let signal = Tensor<Float>.normal([16000]), window = Tensor<Float>.hannWindow(400)
  /// let spectrum = signal.stft(size: 400, hop: 160, window: window)
  /// let same = spectrum.istft(size: 400, hop: 160, window: window, length: 16000)
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func istft<Real: DifferentiableScalar>(
    size: Int, hop: Int? = nil, window: Tensor<Real>? = nil, isCentered: Bool = true,
    isNormalized: Bool = false,
    isOneSided: Bool = true, length: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    if let failure = failure ?? window?.failure { return .failed(by: failure) }
    let hop = hop ?? Swift.max(size / 4, 1)
    if let fault = Tensor<Real>.fault(ofSize: size, hop, window) {
      return .failed("istft", fault, file, line)
    }
    let frequencies = isOneSided ? size / 2 + 1 : size
    guard rank > 1, shape[-2] == frequencies, shape[-1] > 0 else {
      return .failed(
        "istft",
        "a transform of shape \(shape) must be […, \(frequencies), frames] for frames of \(size) samples",
        file, line)
    }
    if let length, length < 0 {
      return .failed("istft", "the length must be at least 0, not \(length)", file, line)
    }
    let count = shape[-1], samples = (count - 1).times(hop).plus(size)
    let frames = Frames(size: size, hop: hop, length: samples)
    let weights = window?.centred(in: size) ?? .ones([size])
    let normalization: FourierNormalization = isNormalized ? .orthonormal : .backward
    let spectra = transposed(-1, -2)
    let pieces =
      isOneSided
      ? spectra.irfft(length: size, normalization: normalization)
      : spectra.ifft(normalization: normalization).real()
    let sum = (pieces * weights).overlapAdded(frames)
    let squares = (weights * weights).broadcast(to: [count, size]).overlapAdded(frames)
    let start = isCentered ? size / 2 : 0
    let end = Swift.max(length.map { Swift.min($0.plus(start), samples) } ?? samples - start, start)
    let envelope = squares.part(0, start, end - start)
    guard !(envelope.abs() < 1e-11).any() else {
      return .failed(
        "istft",
        "the windows leave samples without weight; use a smaller hop, another window or isCentered: true",
        file, line)
    }
    let signal = sum.part(sum.rank - 1, start, end - start) / envelope
    guard let length, length != signal.shape[-1] else { return signal }
    return signal.padded([(0, length - signal.shape[-1])], file: file, line: line)
  }
}
