public import MartletCore

/// A rule that fills a parameter with its first values, for ``Tensor/initialize(_:)``.
///
/// Random numbers come from the generator of the scope, ``withRandom(_:_:)``. An initialiser of your own is a
/// function of the shape.
///
/// ```swift
/// let layer = Linear(64, 128)
/// layer.weight.initialize(.kaimingNormal(nonlinearity: .relu))
/// let half = Initializer<Float> { shape in .full(shape, 0.5) }
/// layer.bias?.initialize(half)
/// ```
public struct Initializer<Element: DifferentiableScalar> {
  fileprivate let make: (TensorShape) -> Tensor<Element>

  /// Creates an initialiser from a function that returns the values for a shape.
  public init(_ make: @escaping (TensorShape) -> Tensor<Element>) { self.make = make }
}

/// The pass in which a weight preserves the variance: forward or backward.
///
/// ```swift
/// let conv = Conv2d(3, 16, kernelSize: 3)
/// conv.weight.initialize(.kaimingNormal(mode: .fanOut, nonlinearity: .relu))
/// ```
public enum FanMode: Sendable {
  /// Preserves the variance of the activations in the forward pass.
  case fanIn
  /// Preserves the variance of the gradients in the backward pass.
  case fanOut
}

/// The nonlinearity after a weight. The nonlinearity determines the gain, which scales the weight's first
/// values.
///
/// ```swift
/// let layer = Linear(64, 128)
/// layer.weight.initialize(.kaimingUniform(nonlinearity: .leakyReLU(slope: 0.2)))
/// layer.weight.initialize(.xavierUniform(gain: InitializerNonlinearity.tanh.gain))
/// ```
public enum InitializerNonlinearity: Sendable {
  /// No nonlinearity, a convolution, or the logistic function; the gain is 1.
  case linear, sigmoid
  /// The hyperbolic tangent; the gain is 5 / 3.
  case tanh
  /// The positive part; the gain is √2.
  case relu
  /// The leaky positive part; the gain is √(2 / (1 + slope²)).
  case leakyReLU(slope: Double = 0.01)
  /// The scaled exponential linear unit; the gain is 3 / 4.
  case selu

  /// The gain, which scales the first values of a weight before this nonlinearity: PyTorch's
  /// `calculate_gain`.
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
  /// Fills this tensor in place, without recording the change.
  ///
  /// A weight has the shape `[out, in, …]`; the axes after `in` are those of the kernel. The errors are those
  /// of the initialiser.
  ///
  /// ```swift
  /// let layer = Linear(64, 128)
  /// layer.weight.initialize(.kaimingNormal(nonlinearity: .relu))
  /// ```
  public func initialize(_ initializer: Initializer<Element>) {
    noGrad { assign(initializer.make(shape)) }
  }
}

/// Returns the fan-in and the fan-out of a weight `[out, in, …]`. For fewer than two axes it reports an error
/// and returns nil.
private func fans(_ name: String, _ shape: TensorShape) -> (incoming: Double, outgoing: Double)? {
  guard shape.count >= 2 else {
    programError(name, "a parameter of shape \(shape) does not fit; the shape must be [out, in, …]")
    return nil
  }
  let kernel = Double(shape.dropFirst(2).reduce(1, *))
  return (Double(shape[1]) * kernel, Double(shape[0]) * kernel)
}

extension Initializer {
  /// Fills with one number.
  public static func constant(_ value: Element) -> Initializer { Initializer { .full($0, value) } }
  /// Fills with zeros.
  public static var zeros: Initializer { constant(0) }
  /// Fills with ones.
  public static var ones: Initializer { constant(1) }

  /// Draws uniformly from `bounds`.
  public static func uniform(_ bounds: ClosedRange<Element> = 0...1) -> Initializer {
    Initializer { .uniform($0, in: bounds) }
  }

  /// Draws from a normal distribution with a mean and a standard deviation.
  public static func normal(mean: Element = 0, deviation: Element = 1) -> Initializer {
    Initializer { .normal($0, mean: mean, deviation: deviation) }
  }

  /// Draws from a normal distribution that is truncated to `bounds`. Like PyTorch, it inverts the
  /// distribution function.
  ///
  /// ```swift
  /// let embedding = Embedding(1000, 64)
  /// embedding.weight.initialize(.truncatedNormal(mean: 0, deviation: 0.02, -0.04...0.04))
  /// ```
  public static func truncatedNormal(
    mean: Double = 0, deviation: Double = 1, _ bounds: ClosedRange<Double> = -2...2
  ) -> Initializer {
    Initializer { shape in
      Tensor<Element>(Tensor<Double>.truncatedNormal(shape, mean: mean, deviation: deviation, in: bounds))
    }
  }

  /// Draws uniformly from `±gain √(6 / (fanIn + fanOut))` (Glorot & Bengio 2010, PMLR 9:249–256). A parameter
  /// of fewer than two axes is an error.
  public static func xavierUniform(gain: Double = 1) -> Initializer {
    scaled("xavierUniform", isUniform: true) { gain * (2 / ($0 + $1)).squareRoot() }
  }

  /// Draws from a normal distribution with mean 0 and deviation `gain √(2 / (fanIn + fanOut))`; see
  /// ``xavierUniform(gain:)``.
  public static func xavierNormal(gain: Double = 1) -> Initializer {
    scaled("xavierNormal", isUniform: false) { gain * (2 / ($0 + $1)).squareRoot() }
  }

  /// Draws uniformly from `±gain √(3 / fan)` (He et al. 2015, arXiv:1502.01852). `mode` selects the fan.
  /// `nonlinearity`, which follows the weight, determines the gain. A parameter of fewer than two axes is an
  /// error.
  public static func kaimingUniform(
    mode: FanMode = .fanIn, nonlinearity: InitializerNonlinearity = .leakyReLU(slope: 0)
  ) -> Initializer {
    scaled("kaimingUniform", isUniform: true) { nonlinearity.gain / (mode == .fanIn ? $0 : $1).squareRoot() }
  }

  /// Draws from a normal distribution with mean 0 and deviation `gain / √fan`; see
  /// ``kaimingUniform(mode:nonlinearity:)``.
  public static func kaimingNormal(
    mode: FanMode = .fanIn, nonlinearity: InitializerNonlinearity = .leakyReLU(slope: 0)
  ) -> Initializer {
    scaled("kaimingNormal", isUniform: false) { nonlinearity.gain / (mode == .fanIn ? $0 : $1).squareRoot() }
  }

  /// Draws uniformly from `±√(3 / fanIn)` (LeCun et al. 1998, "Efficient BackProp"), for ``SELU``. A
  /// parameter of fewer than two axes is an error.
  public static var lecunUniform: Initializer {
    scaled("lecunUniform", isUniform: true) { fanIn, _ in 1 / fanIn.squareRoot() }
  }

  /// Draws from a normal distribution with mean 0 and deviation `1 / √fanIn`; see ``lecunUniform``.
  public static var lecunNormal: Initializer {
    scaled("lecunNormal", isUniform: false) { fanIn, _ in 1 / fanIn.squareRoot() }
  }

  /// Draws orthonormal rows times the gain, or orthonormal columns if there are fewer columns (Saxe et al.
  /// 2013, arXiv:1312.6120). A parameter `[out, in, …]` counts as a matrix `[out, in · …]`. A parameter of
  /// fewer than two axes is an error.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape in
      guard fans("orthogonal", shape) != nil, shape.allSatisfy({ $0 > 0 }) else { return .zeros(shape) }
      let rows = shape[0], columns = shape.dropFirst().reduce(1, *), isWide = rows < columns
      let drawn = Tensor<Element>.normal(isWide ? [columns, rows] : [rows, columns])
      // A QR factorisation fails only on numbers that are not finite, and normal numbers are finite.
      guard let (q, r) = try? drawn.qr() else { return drawn.reshaped(shape) }
      // The signs of R's diagonal make the distribution uniform over all orthogonal matrices (Mezzadri 2007,
      // arXiv:math-ph/0609050).
      let signs = Tensor<Element>((0..<min(rows, columns)).map { r[$0, $0].item < 0 ? -1 : 1 })
      let result = q * signs * Element(gain)
      return (isWide ? result.transposed() : result).reshaped(shape)
    }
  }

  /// Fills each kernel of `[out, in, …]` so that a convolution returns its input: 1 in the middle of the
  /// kernel from each channel to itself, 0 elsewhere. A parameter of fewer than three axes is an error.
  public static var dirac: Initializer {
    Initializer { shape in
      guard shape.count >= 3 else {
        programError(
          "dirac", "a parameter of shape \(shape) does not fit; the shape must be [out, in, …] with a kernel")
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

  /// Draws numbers with mean 0, and a deviation that is a function of the fan-in and the fan-out.
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
