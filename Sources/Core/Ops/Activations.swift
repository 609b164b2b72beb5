// The nonlinearities of layers. Where a rule runs unrecorded it calls one fused loop; the composed form is what
// second derivatives are taken of.

extension Tensor where Element: DifferentiableScalar {
  /// The hyperbolic tangent of each element, within 2 ulp. Derivative: `dx = g (1 − y²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tanh() -> Tensor {
    mapped(.tanh).recorded(
      "Tanh", self,
      output: { g, y in isRecording ? g * (1 - y * y) : .combined(.tanhGradient, g, y, name: "tanh") })
  }

  /// The logistic function of each element, `1 / (1 + exp(−x))`, within 2 ulp. Derivative: `dx = g · y (1 − y)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sigmoid() -> Tensor {
    mapped(.sigmoid).recorded(
      "Sigmoid", self,
      output: { g, y in isRecording ? g * (y * (1 - y)) : .combined(.sigmoidGradient, g, y, name: "sigmoid") }
    )
  }

  /// The positive part of each element, NaN of NaN. Derivative: `dx = g` where x > 0 and at NaN, 0 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func relu() -> Tensor {
    mapped(.relu).recorded(
      "Relu", self,
      output: { g, y in
        isRecording
          ? Tensor(single: 0).where(y <= 0, else: g) : .combined(.reluGradient, g, y, name: "relu")
      })
  }

  /// The Gaussian error linear unit of each element, `x Φ(x)`, Φ the normal distribution's function
  /// (Hendrycks & Gimpel 2016, arXiv:1606.08415); NaN of −∞, as PyTorch has it.
  ///
  /// `Φ(x) = ½ (1 + erf(x / √2))`, or with `.tanh` close to it `½ (1 + tanh(√(2/π) (x + 0.044715 x³)))`. Within 4
  /// ulp above 0; below, where 1 cancels, within 4 ulp of x.
  /// Derivative: `dx = g (Φ(x) + x Φ′(x))`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gelu(approximation: GELUApproximation = .none) -> Tensor {
    switch approximation {
    case .none:
      mapped(.gelu).recorded(
        "Gelu", self, saving: self,
        { g, x in isRecording ? g * x.geluSlope() : .combined(.geluGradient, g, x, name: "gelu") })
    case .tanh:
      mapped(.geluTanh).recorded(
        "GeluTanh", self, saving: self,
        { g, x in isRecording ? g * x.geluTanhSlope() : .combined(.geluTanhGradient, g, x, name: "gelu") })
    }
  }

  private func geluSlope() -> Tensor {
    // The density is 0 beyond, and infinity times it is no number.
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

/// How ``Tensor/gelu(approximation:)`` computes the normal distribution's function.
public enum GELUApproximation: Sendable {
  /// By the error function: to the last digits.
  case none
  /// By a hyperbolic tangent, within 5e-4, as the models that were trained so expect.
  case tanh
}
