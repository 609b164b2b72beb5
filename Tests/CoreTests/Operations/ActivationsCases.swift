import Foundation
import MartletCore
import TestSupport
import Testing

struct ActivationsCases {
  static let cases: [OpCase] = [
    OpCase("Tanh", bound: .ulps(2), f32: { $0.tanh() }, f64: { $0.tanh() }, reference: { tanh($0) }),
    // At the boundary of the two formulas, the result is a tenth of its terms.
    OpCase(
      "Tanhshrink", bound: .ulps(16), f32: { $0.tanhshrink() }, f64: { $0.tanhshrink() },
      reference: lessItsTangent),
    OpCase(
      "Tanhshrink", domain: -0.1...0.1, bound: .ulps(16), f32: { $0.tanhshrink() },
      f64: { $0.tanhshrink() }, reference: lessItsTangent),
    OpCase(
      "Sigmoid", domain: -6...6, bound: .ulps(2), f32: { $0.sigmoid() }, f64: { $0.sigmoid() },
      reference: { 1 / (1 + exp(-$0)) }),
    // Below 0 the remaining part of 1 has the absolute rounding error of 1.
    OpCase(
      "Gelu", bound: .ulps(4, floor: 1), f32: { $0.gelu() }, f64: { $0.gelu() },
      reference: { $0 * (erf($0 * Extended(0.5).squareRoot()) + 1) / 2 }),
    OpCase(
      "GeluTanh", bound: .ulps(4, floor: 1), f32: { $0.gelu(approximation: .tanh) },
      f64: { $0.gelu(approximation: .tanh) },
      reference: { x in
        x * (tanh((2 / Extended.pi).squareRoot() * (x + 0.044715 * x * x * x)) + 1) / 2
      }),
    // A small remaining part of 1 has the absolute rounding error of 1.
    OpCase(
      "Silu", domain: -6...6, bound: .ulps(4), f32: { $0.silu() }, f64: { $0.silu() },
      reference: { $0 / (1 + exp(-$0)) }),
    OpCase(
      "Mish", domain: -6...6, bound: .ulps(4), f32: { $0.mish() }, f64: { $0.mish() },
      reference: { $0 * tanh(log1p(exp($0))) }),
    OpCase(
      "Softplus", domain: -30...30, bound: .ulps(4), f32: { $0.softplus() }, f64: { $0.softplus() },
      reference: { max($0, 0) + log1p(exp(-abs($0))) },
      misuse: [
        Misuse("beta", "softplus: beta must be above 0, not 0.0") {
          _ = Tensor<Float>.ones([2]).softplus(beta: 0)
        }
      ]),
    OpCase(
      "Elu", domain: -6...6, kinks: [0], bound: .ulps(4), f32: { $0.elu(alpha: 0.75) },
      f64: { $0.elu(alpha: 0.75) }, reference: { $0 > 0 ? $0 : 0.75 * expm1($0) }),
    OpCase(
      "LeakyRelu", kinks: [0], bound: .ulps(1), f32: { $0.leakyRelu(slope: 0.25) },
      f64: { $0.leakyRelu(slope: 0.25) }, reference: { $0 > 0 ? $0 : 0.25 * $0 }),
    OpCase(
      "Hardtanh", kinks: [-1, 2], f32: { $0.hardtanh(-1...2) }, f64: { $0.hardtanh(-1...2) },
      reference: { $0 < -1 ? -1 : $0 > 2 ? 2 : $0 }),
    OpCase(
      "Hardsigmoid", domain: -5...5, kinks: [-3, 3], bound: .ulps(2, floor: 1), f32: { $0.hardsigmoid() },
      f64: { $0.hardsigmoid() }, reference: { $0 <= -3 ? 0 : $0 >= 3 ? 1 : ($0 + 3) / 6 }),
    OpCase(
      "Hardswish", domain: -5...5, kinks: [-3, 3], bound: .ulps(3, floor: 1), f32: { $0.hardswish() },
      f64: { $0.hardswish() }, reference: { $0 <= -3 ? $0 * 0 : $0 >= 3 ? $0 : $0 * ($0 + 3) / 6 }),
    OpCase(
      "Where", "hardshrink", kinks: [-0.75, 0.75], f32: { $0.hardshrink(0.75) },
      f64: { $0.hardshrink(0.75) }, reference: { abs($0) <= 0.75 ? 0 : $0 }),
    OpCase(
      "Sub", "softshrink", kinks: [-0.75, 0.75], f32: { $0.softshrink(0.75) }, f64: { $0.softshrink(0.75) },
      reference: { abs($0) <= 0.75 ? 0 : $0 > 0 ? $0 - 0.75 : $0 + 0.75 }),
    OpCase(
      "Where", "thresholded", kinks: [0.5], f32: { $0.thresholded(above: 0.5, else: -2) },
      f64: { $0.thresholded(above: 0.5, else: -2) }, reference: { $0 <= 0.5 ? -2 : $0 }),
    OpCase("Relu", kinks: [0], f32: { $0.relu() }, f64: { $0.relu() }, reference: { $0 < 0 ? 0 : $0 }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func reluHasNoSlopeAtZeroAndOneAtNaN() {
    let x = Tensor<Double>([-1, 0, -0.0, 2, .nan], requiresGrad: true)
    let fused = x.relu().sum().gradient(of: x)
    #expect(fused.scalars == [0, 0, 0, 1, 1])
    let composed = x.relu().sum().gradient(of: x, createGraph: true)
    #expect(composed.scalars == [0, 0, 0, 1, 1])
  }

  /// The slopes at NaN and at the infinities are those of PyTorch's kernels.
  @Test func slopesAtNaNAndInfinityArePyTorchs() {
    let functions: [(name: String, slopes: [Double], (Tensor<Double>) -> Tensor<Double>)] = [
      ("relu6", [1, 0, 0], { $0.relu6() }), ("hardtanh", [1, 0, 0], { $0.hardtanh() }),
      ("softshrink", [1, 1, 1], { $0.softshrink() }), ("hardshrink", [1, 1, 1], { $0.hardshrink() }),
      ("thresholded", [1, 0, 1], { $0.thresholded(above: 1, else: 5) }),
      ("hardsigmoid", [0, 0, 0], { $0.hardsigmoid() }), ("hardswish", [.nan, 0, 1], { $0.hardswish() }),
    ]
    for (name, slopes, function) in functions {
      for createGraph in [false, true] {
        let x = Tensor<Double>([.nan, -.infinity, .infinity], requiresGrad: true)
        let found = function(x).sum().gradient(of: x, createGraph: createGraph).scalars
        let areRight = zip(found, slopes).map { $0 == $1 || $0.isNaN && $1.isNaN }
        #expect(!areRight.contains(false), "\(name): \(found)")
      }
    }
  }

  /// A weight without axes is allowed, as in PyTorch. A positive infinity adds nothing to the gradient of the
  /// weight.
  @Test func preluOfAScalarWeight() {
    let x = Tensor<Double>([[-2, 3], [.infinity, -4]])
    let weight = Tensor<Double>(0.5, requiresGrad: true)
    let y = x.prelu(weight: weight)
    #expect(y.scalars == [-1, 3, .infinity, -2])
    #expect(y.sum().gradient(of: weight).scalars == [-6])
  }

  /// A formula with exp(x) would divide infinity by infinity for these arguments.
  @Test func saturation() {
    #expect(Tensor<Float>([-1e30, -100, 100, 1e30]).tanh().scalars == [-1, -1, 1, 1])
    #expect(Tensor<Float>([-1e30, 100, 1e30]).sigmoid().scalars == [0, 1, 1])
    #expect(Tensor<Double>([-1e300, 1e300]).sigmoid().scalars == [0, 1])
  }
}

/// Computes x − tanh(x). Near 0 it uses the series, whose terms decrease by a factor of a thousand there.
private func lessItsTangent(_ x: Extended) -> Extended {
  if x.magnitude > 0.05 || x.isNaN { return x - tanh(x) }
  let z = x * x
  let terms: [(Extended, Extended)] = [
    (1, 3), (-2, 15), (17, 315), (-62, 2835), (1382, 155_925), (-21844, 6_081_075),
  ]
  return x * z * terms.reversed().reduce(0) { $0 * z + $1.0 / $1.1 }
}
