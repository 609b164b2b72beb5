public import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a parameter starts: what `weight.initialize(…)` fills it with.
///
/// Draws come from the scope's generator, ``withRandom(_:_:)``. One of one's own is made of a function of the shape:
/// `Initializer { shape in … }`.
public struct Initializer<Element: DifferentiableScalar> {
  fileprivate let make: (TensorShape) -> Tensor<Element>

  /// Starts a parameter as a function of its shape says.
  public init(_ make: @escaping (TensorShape) -> Tensor<Element>) { self.make = make }
}

/// Which side of a weight keeps its variance.
public enum FanMode: Sendable {
  /// Activations on the way forward.
  case fanIn
  /// Gradients on the way back.
  case fanOut
}

/// What comes behind a weight, for the gain that its start is scaled by.
public enum InitializerNonlinearity: Sendable {
  /// Nothing, a convolution, or the logistic function: a gain of 1.
  case linear, sigmoid
  /// The hyperbolic tangent, 5 / 3.
  case tanh
  /// The positive part, √2.
  case relu
  /// The leaky positive part, √(2 / (1 + slope²)).
  case leakyReLU(slope: Double = 0.01)
  /// The scaled exponential linear unit, 3 / 4.
  case selu

  /// What the start of a weight before it is scaled by, PyTorch's `calculate_gain`.
  public var gain: Double {
    switch self {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
    case .selu: 0.75
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Fills this in place, whatever is recorded: `layer.weight.initialize(.kaimingNormal(nonlinearity: .relu))`.
  ///
  /// A weight is `[out, in, …]`, what follows being a kernel. Errors are those of the initialiser.
  public func initialize(_ initializer: Initializer<Element>) {
    noGrad { assign(initializer.make(shape)) }
  }
}

/// The numbers that an element of a weight `[out, in, …]` goes into and comes from; nil, and a mistake, of another rank.
private func fans(_ name: String, _ shape: TensorShape) -> (incoming: Double, outgoing: Double)? {
  guard shape.count >= 2 else {
    programError(name, "a parameter of shape \(shape); [out, in, …] is expected")
    return nil
  }
  let kernel = Double(shape.dropFirst(2).reduce(1, *))
  return (Double(shape[1]) * kernel, Double(shape[0]) * kernel)
}

extension Initializer {
  /// One number everywhere.
  public static func constant(_ value: Element) -> Initializer { Initializer { .full($0, value) } }
  /// Zeros.
  public static var zeros: Initializer { constant(0) }
  /// Ones.
  public static var ones: Initializer { constant(1) }

  /// Uniform between bounds.
  public static func uniform(_ bounds: ClosedRange<Element> = 0...1) -> Initializer {
    Initializer { .uniform($0, in: bounds) }
  }

  /// Normal with a mean and a standard deviation.
  public static func normal(mean: Element = 0, deviation: Element = 1) -> Initializer {
    Initializer { .normal($0, mean: mean, deviation: deviation) }
  }

  /// Normal within bounds, −2 and 2 unless given: by the inverse of the distribution's function, as PyTorch draws.
  public static func truncatedNormal(
    mean: Double = 0, deviation: Double = 1, _ bounds: ClosedRange<Double> = -2...2
  ) -> Initializer {
    Initializer { shape in
      func share(_ x: Double) -> Double { erfc(-(x - mean) / (deviation * 2.0.squareRoot())) / 2 }
      let shares = share(bounds.lowerBound)...share(bounds.upperBound)
      let drawn = Tensor<Double>.uniform(shape, in: shares).scalars.map { p in
        min(max(mean + deviation * normalQuantile(p), bounds.lowerBound), bounds.upperBound)
      }
      return Tensor(drawn.map { Element($0) }, shape: shape)
    }
  }

  /// Uniform in `±gain √(6 / (fanIn + fanOut))` (Glorot & Bengio 2010, PMLR 9:249–256). A parameter of fewer than two
  /// axes is an error.
  public static func xavierUniform(gain: Double = 1) -> Initializer {
    scaled("xavierUniform", isUniform: true) { gain * (2 / ($0 + $1)).squareRoot() }
  }

  /// Normal with the deviation `gain √(2 / (fanIn + fanOut))`; see ``xavierUniform(gain:)``.
  public static func xavierNormal(gain: Double = 1) -> Initializer {
    scaled("xavierNormal", isUniform: false) { gain * (2 / ($0 + $1)).squareRoot() }
  }

  /// Uniform in `±gain √(3 / fan)` (He et al. 2015, arXiv:1502.01852), the gain that of the nonlinearity behind. A
  /// parameter of fewer than two axes is an error.
  public static func kaimingUniform(
    mode: FanMode = .fanIn, nonlinearity: InitializerNonlinearity = .leakyReLU(slope: 0)
  ) -> Initializer {
    scaled("kaimingUniform", isUniform: true) { nonlinearity.gain / (mode == .fanIn ? $0 : $1).squareRoot() }
  }

  /// Normal with the deviation `gain / √fan`; see ``kaimingUniform(mode:nonlinearity:)``.
  public static func kaimingNormal(
    mode: FanMode = .fanIn, nonlinearity: InitializerNonlinearity = .leakyReLU(slope: 0)
  ) -> Initializer {
    scaled("kaimingNormal", isUniform: false) { nonlinearity.gain / (mode == .fanIn ? $0 : $1).squareRoot() }
  }

  /// Uniform in `±√(3 / fanIn)` (LeCun et al. 1998, "Efficient BackProp"), for ``SELU``. A parameter of fewer than two
  /// axes is an error.
  public static var lecunUniform: Initializer {
    scaled("lecunUniform", isUniform: true) { fanIn, _ in 1 / fanIn.squareRoot() }
  }

  /// Normal with the deviation `1 / √fanIn`; see ``lecunUniform``.
  public static var lecunNormal: Initializer {
    scaled("lecunNormal", isUniform: false) { fanIn, _ in 1 / fanIn.squareRoot() }
  }

  /// Rows, or columns where there are fewer, that are orthonormal times the gain (Saxe et al. 2013, arXiv:1312.6120), of
  /// `[out, in, …]` seen as `[out, in · …]`. A parameter of fewer than two axes is an error.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape in
      guard fans("orthogonal", shape) != nil, shape.allSatisfy({ $0 > 0 }) else { return .zeros(shape) }
      let rows = shape[0], columns = shape.dropFirst().reduce(1, *), isWide = rows < columns
      let drawn = Tensor<Element>.normal(isWide ? [columns, rows] : [rows, columns])
      // Normal numbers are finite, and that is all a QR factorisation asks for.
      guard let (q, r) = try? drawn.qr() else { return drawn.reshaped(shape) }
      // Signs by R's diagonal: uniform among all (Mezzadri 2007, arXiv:math-ph/0609050).
      let signs = Tensor<Element>((0..<min(rows, columns)).map { r[$0, $0].item < 0 ? -1 : 1 })
      let result = q * signs * Element(gain)
      return (isWide ? result.transposed() : result).reshaped(shape)
    }
  }

  /// The identity of channels at the middle of each kernel `[out, in, …]`, so that a convolution begins by passing its
  /// input on; zeros elsewhere. A parameter of fewer than three axes is an error.
  public static var dirac: Initializer {
    Initializer { shape in
      guard shape.count >= 3 else {
        programError("dirac", "a parameter of shape \(shape); [out, in, …] with a kernel is expected")
        return .zeros(shape)
      }
      let kernel = Array(shape.dropFirst(2)), taps = kernel.reduce(1, *)
      let middle = kernel.reduce(0) { $0 * $1 + $1 / 2 }
      var values = [Element](repeating: 0, count: shape.reduce(1, *))
      for channel in 0..<min(shape[0], shape[1]) where taps > 0 {
        values[(channel * shape[1] + channel) * taps + middle] = 1
      }
      return Tensor(values, shape: shape)
    }
  }

  /// Drawn with a deviation of the fans.
  private static func scaled(
    _ name: String, isUniform: Bool, _ deviation: @escaping (Double, Double) -> Double
  ) -> Initializer {
    Initializer { shape in
      guard let (incoming, outgoing) = fans(name, shape), shape.allSatisfy({ $0 > 0 }) else {
        return .zeros(shape)
      }
      let spread = deviation(incoming, outgoing)
      if !isUniform { return .normal(shape, mean: 0, deviation: Element(spread)) }
      let bound = Element(spread * 3.0.squareRoot())
      return .uniform(shape, in: -bound...bound)
    }
  }
}

/// Where the normal distribution's function is p: Newton's steps from a logistic guess.
private func normalQuantile(_ p: Double) -> Double {
  if p <= 0 || p >= 1 { return p <= 0 ? -.infinity : .infinity }
  var x = log(p / (1 - p)) / 1.702
  for _ in 0..<50 {
    let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    let step = (erfc(-x / 2.0.squareRoot()) / 2 - p) / max(density, 1e-300)
    x -= min(max(step, -1), 1)
    if abs(step) < 1e-14 * max(1, abs(x)) { break }
  }
  return x
}
