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
}
