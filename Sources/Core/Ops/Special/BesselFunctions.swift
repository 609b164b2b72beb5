// Bessel functions of orders 0 and 1. The loops compute `Float` in `Double` and round once; errors are stated for
// `Double`. PyTorch names them `special.i0`, `special.bessel_j0`, `special.modified_bessel_k0` and so on.

extension Tensor where Element: DifferentiableScalar {
  /// The modified Bessel function I₀ of each element, within 4 ulp. PyTorch names it `i0`. Derivative:
  /// `dx = g I₁(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselI0() -> Tensor {
    mapped(.besselI0).recorded("BesselI0", edge(saving: self) { g, x in g * x.besselI1() })
  }

  /// The modified Bessel function I₁ of each element, within 4 ulp. PyTorch names it `special.i1`.
  ///
  /// Derivative: `dx = g (I₀(x) − I₁(x) / x)`, g / 2 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselI1() -> Tensor {
    mapped(.besselI1).recorded(
      "BesselI1",
      edge(saving: self) { g, x in g * x.slopeOfOrder1(0.5) { $0.besselI0() - $0.besselI1() / $0 } })
  }

  /// The modified Bessel function I₀ without its growth, `exp(−|x|) I₀(x)`, within 6 ulp. PyTorch names it
  /// `special.i0e`.
  ///
  /// Derivative: `dx = g (exp(−|x|) I₁(x) − sign(x) y)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scaledBesselI0() -> Tensor {
    mapped(.scaledBesselI0).recorded(
      "ScaledBesselI0",
      edge(saving: self) { g, x in g * (x.scaledBesselI1() - x.sign() * x.scaledBesselI0()) })
  }

  /// The modified Bessel function I₁ without its growth, `exp(−|x|) I₁(x)`, within 6 ulp. PyTorch names it
  /// `special.i1e`.
  ///
  /// Derivative: `dx = g (exp(−|x|) I₀(x) − (sign(x) + 1 / x) y)`, g / 2 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scaledBesselI1() -> Tensor {
    mapped(.scaledBesselI1).recorded(
      "ScaledBesselI1",
      edge(saving: self) { g, x in
        g * x.slopeOfOrder1(0.5) { $0.scaledBesselI0() - $0.scaledBesselI1() * ($0.sign() + 1 / $0) }
      })
  }

  /// The Bessel function J₀ of each element. PyTorch names it `special.bessel_j0`. Derivative: `dx = −g J₁(x)`.
  ///
  /// The error is at most 8 ulp of the larger of the value and the amplitude `√(2/(πx))`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselJ0() -> Tensor {
    mapped(.besselJ0).recorded("BesselJ0", edge(saving: self) { g, x in -(g * x.besselJ1()) })
  }

  /// The Bessel function J₁ of each element, with the error of ``besselJ0()``. PyTorch names it
  /// `special.bessel_j1`.
  ///
  /// Derivative: `dx = g (J₀(x) − J₁(x) / x)`, g / 2 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselJ1() -> Tensor {
    mapped(.besselJ1).recorded(
      "BesselJ1",
      edge(saving: self) { g, x in g * x.slopeOfOrder1(0.5) { $0.besselJ0() - $0.besselJ1() / $0 } })
  }

  /// The Bessel function Y₀ of each element, with the error of ``besselJ0()``: −∞ at 0, NaN below. PyTorch names it
  /// `special.bessel_y0`. Derivative: `dx = −g Y₁(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselY0() -> Tensor {
    mapped(.besselY0).recorded("BesselY0", edge(saving: self) { g, x in -(g * x.besselY1()) })
  }

  /// The Bessel function Y₁ of each element, with the error of ``besselJ0()``: −∞ at 0, NaN below. PyTorch names it
  /// `special.bessel_y1`. Derivative: `dx = g (Y₀(x) − Y₁(x) / x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselY1() -> Tensor {
    mapped(.besselY1).recorded(
      "BesselY1", edge(saving: self) { g, x in g * (x.besselY0() - x.besselY1() / x) })
  }

  /// The modified Bessel function K₀ of each element, within 4 ulp: ∞ at 0, NaN below. PyTorch names it
  /// `special.modified_bessel_k0`. Derivative: `dx = −g K₁(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselK0() -> Tensor {
    mapped(.besselK0).recorded("BesselK0", edge(saving: self) { g, x in -(g * x.besselK1()) })
  }

  /// The modified Bessel function K₁ of each element, within 4 ulp: ∞ at 0, NaN below. PyTorch names it
  /// `special.modified_bessel_k1`. Derivative: `dx = −g (K₀(x) + K₁(x) / x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func besselK1() -> Tensor {
    mapped(.besselK1).recorded(
      "BesselK1", edge(saving: self) { g, x in -(g * (x.besselK0() + x.besselK1() / x)) })
  }

  /// The modified Bessel function K₀ without its decay, `exp(x) K₀(x)`, within 6 ulp: ∞ at 0, NaN below. PyTorch names
  /// it `special.scaled_modified_bessel_k0`. Derivative: `dx = g (y − exp(x) K₁(x))`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scaledBesselK0() -> Tensor {
    mapped(.scaledBesselK0).recorded(
      "ScaledBesselK0", edge(saving: self) { g, x in g * (x.scaledBesselK0() - x.scaledBesselK1()) })
  }

  /// The modified Bessel function K₁ without its decay, `exp(x) K₁(x)`, within 6 ulp: ∞ at 0, NaN below. PyTorch names
  /// it `special.scaled_modified_bessel_k1`. Derivative: `dx = g (y − exp(x) K₀(x) − y / x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scaledBesselK1() -> Tensor {
    mapped(.scaledBesselK1).recorded(
      "ScaledBesselK1",
      edge(saving: self) { g, x in
        let y = x.scaledBesselK1()
        return g * (y - x.scaledBesselK0() - y / x)
      })
  }

  /// The slope of an odd function of order 1: `formula`, which divides by x, and `value` at 0. The formula gets 1
  /// there, because a NaN would outlive the selection.
  private func slopeOfOrder1(_ value: Element, _ formula: (Tensor) -> Tensor) -> Tensor {
    let isZero = self .== 0
    return Tensor(single: value).where(isZero, else: formula(Tensor(single: 1).where(isZero, else: self)))
  }
}
