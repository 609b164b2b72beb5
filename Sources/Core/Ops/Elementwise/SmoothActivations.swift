// Activation functions that are composed of exponentials. PiecewiseActivations.swift has those of pieces.

extension Tensor where Element: DifferentiableScalar {
  /// The sigmoid linear unit of each element, `x σ(x)` (Elfwing et al. 2017, arXiv:1702.03118), also known as
  /// swish.
  ///
  /// The error is at most 4 ulp. The result for −∞ is NaN, as in PyTorch.
  ///
  /// Derivative: `dx = g σ(x) (1 + x (1 − σ(x)))`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func silu() -> Tensor {
    mapped(.silu).recorded(
      "Silu",
      edge(saving: self) { g, x in
        if !isRecording { return .combined(.siluGradient, g, x, name: "silu") }
        let s = x.sigmoid()
        return g * (s * (1 + x * (1 - s)))
      })
  }

  /// The Mish function of each element, `x tanh(log(1 + exp(x)))` (Misra 2019, arXiv:1908.08681).
  ///
  /// The error is at most 4 ulp. The result for −∞ is NaN, as in PyTorch.
  ///
  /// Derivative: `dx = g (t + x σ(x) (1 − t²))`, where t is the hyperbolic tangent.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func mish() -> Tensor {
    mapped(.mish).recorded(
      "Mish",
      edge(saving: self) { g, x in
        if !isRecording { return .combined(.mishGradient, g, x, name: "mish") }
        let t = x.softplus().tanh()
        return g * (t + x * x.sigmoid() * (1 - t * t))
      })
  }

  /// The softplus of each element, `log(1 + exp(beta x)) / beta`, without overflow: a smooth form of the
  /// positive part.
  ///
  /// `beta` is the sharpness. A beta that is not above 0 is an error. With a beta of 1 the result is within
  /// 4 ulp.
  ///
  /// Derivative: `dx = g σ(beta x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func softplus(
    beta: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard beta > 0 else {
      return .failed("softplus", "beta must be above 0, not \(beta)", file, line)
    }
    if beta != 1 { return (self * beta).softplus() / beta }
    return mapped(.softplus).recorded("Softplus", edge(saving: self) { g, x in g * x.sigmoid() })
  }

  /// The logarithm of the sigmoid of each element, `−log(1 + exp(−x))`, without overflow. The error is at
  /// most 4 ulp.
  ///
  /// Derivative: `dx = g σ(−x)`.
  public func logSigmoid() -> Tensor { -(-self).softplus() }

  /// The exponential linear unit of each element (Clevert et al. 2015, arXiv:1511.07289): `x` above 0, else
  /// `alpha (exp(x) − 1)`. The error is at most 4 ulp.
  ///
  /// Derivative: `dx = g` where x > 0, else `g · alpha exp(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func elu(alpha: Element = 1) -> Tensor {
    mapped(.elu, Double(alpha)).recorded(
      "Elu",
      edge(saving: self) { g, x in
        if !isRecording { return .combined(.eluGradient, g, x, name: "elu", p: Double(alpha)) }
        let below = x <= 0
        return (g * (alpha * x.where(below, else: 0).exp())).where(below, else: g)
      })
  }

  /// The continuously differentiable exponential linear unit of each element (Barron 2017, arXiv:1704.07483):
  /// `x` above 0, else `alpha (exp(x / alpha) − 1)`.
  ///
  /// An alpha that is not above 0 is an error. Derivative: `dx = g` where x > 0, else `g exp(x / alpha)`.
  public func celu(alpha: Element = 1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    guard alpha > 0 else {
      return .failed("celu", "alpha must be above 0, not \(alpha)", file, line)
    }
    return alpha == 1 ? elu() : (self / alpha).elu() * alpha
  }

  /// The scaled exponential linear unit of each element (Klambauer et al. 2017, arXiv:1706.02515): `1.0507 x`
  /// above 0, else `1.0507 · 1.67326 (exp(x) − 1)`. It keeps mean 0 and variance 1 from layer to layer.
  ///
  /// Derivative: `dx = 1.0507 g` where x > 0, else `1.0507 · 1.67326 exp(x) g`.
  public func selu() -> Tensor { elu(alpha: 1.673263242354377284817) * 1.05070098735548049342 }
}
