// The nonlinearities of layers. While nothing is recorded, a derivative rule calls one fused loop. While
// recording, the rule is composed of tensor operations, so that second derivatives exist.

extension Tensor where Element: FieldScalar {
  /// The hyperbolic tangent of each element, within 2 ulp. Derivative: `dx = g (1 − y²)`, with the conjugate
  /// of a complex factor.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tanh() -> Tensor {
    mapped(.tanh).recorded(
      "Tanh",
      edge(output: { g, y in
        isRecording || Element.element.isComplex
          ? g * (1 - y * y).conjugate() : .combined(.tanhGradient, g, y, name: "tanh")
      }))
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The logistic function of each element, `1 / (1 + exp(−x))`, within 2 ulp.
  ///
  /// Derivative: `dx = g · y (1 − y)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sigmoid() -> Tensor {
    mapped(.sigmoid).recorded(
      "Sigmoid",
      edge(output: { g, y in
        isRecording ? g * (y * (1 - y)) : .combined(.sigmoidGradient, g, y, name: "sigmoid")
      }))
  }

  /// The positive part of each element; NaN stays NaN.
  ///
  /// Derivative: `dx = g` where x > 0 and at NaN, 0 elsewhere.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func relu() -> Tensor {
    mapped(.relu).recorded(
      "Relu",
      edge(output: { g, y in
        isRecording
          ? Tensor(single: 0).where(y <= 0, else: g) : .combined(.reluGradient, g, y, name: "relu")
      }))
  }

  /// The Gaussian error linear unit of each element, `x Φ(x)` (Hendrycks & Gimpel 2016, arXiv:1606.08415).
  ///
  /// Φ is the distribution function of the standard normal distribution: `Φ(x) = ½ (1 + erf(x / √2))`. With
  /// `.tanh` it is approximated by `½ (1 + tanh(√(2/π) (x + 0.044715 x³)))`. Above 0 the result is within 4
  /// ulp. Below 0 the sum in Φ cancels, and the result is within 4 ulp of x. At −∞ it is NaN, as in PyTorch.
  /// Derivative: `dx = g (Φ(x) + x Φ′(x))`.
  ///
  /// ```swift
  /// let x = Tensor<Float>.normal([8, 3])
  /// let y = x.gelu(approximation: .tanh)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gelu(approximation: GELUApproximation = .none) -> Tensor {
    switch approximation {
    case .none:
      mapped(.gelu).recorded(
        "Gelu",
        edge(saving: self) { g, x in
          isRecording ? g * x.geluSlope() : .combined(.geluGradient, g, x, name: "gelu")
        })
    case .tanh:
      mapped(.geluTanh).recorded(
        "GeluTanh",
        edge(saving: self) { g, x in
          isRecording ? g * x.geluTanhSlope() : .combined(.geluTanhGradient, g, x, name: "gelu")
        })
    }
  }

  private func geluSlope() -> Tensor {
    // Beyond ±37 the density is 0, and at ±∞ the product of x and the density would be NaN.
    let near = clamped(-37...37),
      density = (near * near * -0.5).exp() * Element(1 / (2 * Double.pi).squareRoot())
    return ((self * Element(0.5.squareRoot())).erf() + 1) * 0.5 + near * density
  }

  private func geluTanhSlope() -> Tensor {
    let scale = Element((2 / Double.pi).squareRoot())
    let square = self * self, t = ((self + self * square * 0.044715) * scale).tanh()
    return (1 + t + self * (1 - t * t) * ((1 + square * (3 * 0.044715)) * scale)) * 0.5
  }
}

/// The formula by which ``Tensor/gelu(approximation:)`` computes the normal distribution function.
///
/// ```swift
/// let x = Tensor<Float>.normal([8, 3])
/// let exact = x.gelu(), fast = x.gelu(approximation: .tanh)
/// ```
public enum GELUApproximation: Sendable {
  /// The error function, accurate to the last digits.
  case none
  /// A hyperbolic tangent, within 5e-4. Models that were trained with it need it.
  case tanh
}
