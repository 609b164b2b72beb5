import Foundation
import MartletCore
import TestSupport
import Testing

private typealias Reference = SpecialReferences

struct SpecialFunctionsCases {
  static let normal: [OpCase] = [
    OpCase(
      "Erfinv", domain: -0.9...0.9, bound: .ulps(4), f32: { $0.erfinv() }, f64: { $0.erfinv() },
      reference: Reference.erfinv),
    OpCase(
      "Erfcx", domain: -1.5...3, bound: .ulps(5), f32: { $0.erfcx() }, f64: { $0.erfcx() },
      reference: Reference.erfcx),
    OpCase(
      "NormalCDF", domain: -4...4, bound: .ulps(5), f32: { $0.normalCDF() }, f64: { $0.normalCDF() },
      reference: Reference.normalCDF),
    OpCase(
      "LogNormalCDF", domain: -4...3, bound: .ulps(8), f32: { $0.logNormalCDF() },
      f64: { $0.logNormalCDF() }, reference: Reference.logNormalCDF),
    OpCase(
      "NormalQuantile", domain: 0.05...0.95, bound: .ulps(4), f32: { $0.normalQuantile() },
      f64: { $0.normalQuantile() }, reference: Reference.normalQuantile),
    OpCase(
      "EntropyTerm", domain: 0.1...4, bound: .ulps(3), f32: { $0.entropyTerm() }, f64: { $0.entropyTerm() },
      reference: { $0 < 0 ? -.infinity : $0 == 0 ? 0 : -$0 * log($0) }),
    OpCase(
      "SphericalBesselJ0", domain: -7...7, bound: .ulps(3), f32: { $0.sphericalBesselJ0() },
      f64: { $0.sphericalBesselJ0() },
      reference: { $0.isInfinite ? 0 : $0 == 0 ? 1 : sin($0) / $0 }),
    OpCase(
      "Xlog1py", domains: (-3...3, -0.7...3), bound: .ulps(3), f32: { $0.xlog1py($1) },
      f64: { $0.xlog1py($1) }, reference: { $0 == 0 && !$1.isNaN ? 0 : $0 * log1p($1) }),
  ]

  static let gammas: [OpCase] = [
    OpCase(
      "LogGamma", domain: 0.2...6, bound: .ulps(5), f32: { $0.logGamma() }, f64: { $0.logGamma() },
      reference: Reference.logGamma),
    OpCase(
      "LogGamma", "below 0", domain: -1.9 ... -1.1, bound: .ulps(5, floor: 1), f32: { $0.logGamma() },
      f64: { $0.logGamma() }, reference: Reference.logGamma),
    OpCase(
      "LogGamma", "multivariate", domain: 1.2...6, bound: .ulps(6, floor: 4),
      f32: { $0.multivariateLogGamma(dimension: 3) }, f64: { $0.multivariateLogGamma(dimension: 3) },
      reference: { x in
        let terms = Reference.logGamma(x) + Reference.logGamma(x - 0.5) + Reference.logGamma(x - 1)
        return x > 1 ? terms + 1.5 * log(Extended.pi) : .nan
      }),
    OpCase(
      "Digamma", domain: 0.3...6, bound: .ulps(4), f32: { $0.digamma() }, f64: { $0.digamma() },
      reference: Reference.digamma),
    OpCase(
      "Polygamma", "1", domain: 0.5...12, bound: .ulps(6), f32: { $0.polygamma(1) }, f64: { $0.polygamma(1) },
      reference: Reference.remembered { Reference.polygamma(1, $0) }),
    OpCase(
      "Polygamma", "2", domain: 0.7...12, bound: .ulps(6), f32: { $0.polygamma(2) }, f64: { $0.polygamma(2) },
      reference: Reference.remembered { Reference.polygamma(2, $0) }),
    OpCase(
      "Polygamma", "4", domain: 1...12, bound: .ulps(6), f32: { $0.polygamma(4) }, f64: { $0.polygamma(4) },
      reference: Reference.remembered { Reference.polygamma(4, $0) }),
    OpCase(
      "Zeta", inputs: pairs, large: largePair, domains: [0.7...3, 1.5...5], constants: 1, bound: .ulps(4),
      f32: { $0[1].zeta($0[0]) }, f64: { $0[1].zeta($0[0]) },
      reference: ofPairs { Reference.zeta($1, $0) }),
    OpCase(
      "RegularizedGammaP", inputs: pairs, large: largePair, domains: [0.2...6, 1...4], constants: 1,
      bound: .ulps(64),
      f32: { $0[1].regularizedGammaP($0[0]) }, f64: { $0[1].regularizedGammaP($0[0]) },
      reference: ofPairs { Reference.incompleteGamma($1, $0, isUpper: false) }),
    OpCase(
      "RegularizedGammaQ", inputs: pairs, large: largePair, domains: [0.2...6, 1...4], constants: 1,
      bound: .ulps(64),
      f32: { $0[1].regularizedGammaQ($0[0]) }, f64: { $0[1].regularizedGammaQ($0[0]) },
      reference: ofPairs { Reference.incompleteGamma($1, $0, isUpper: true) }),
  ]

  /// The shapes of two inputs, of which the second has no derivative.
  private static let pairs = [[5], [67], [3, 4], [2, 0, 3]].map { [$0, $0] }
  private static let largePair = [[131_075], [131_075]]

  private static func ofPairs(
    _ reference: @escaping @Sendable (Extended, Extended) -> Extended
  ) -> @Sendable ([Grid]) -> Grid {
    { grids in
      // The references are slow, and large samples repeat a pattern.
      var known: [[Extended]: Extended] = [:]
      let values = zip(grids[0].values, grids[1].values).map { a, b in
        if let value = known[[a, b]] { return value }
        let value = reference(a, b)
        known[[a, b]] = value
        return value
      }
      return Grid(grids[0].shape, values: values)
    }
  }

  static let bessel: [OpCase] = [
    OpCase(
      "BesselI0", bound: .ulps(4), f32: { $0.besselI0() }, f64: { $0.besselI0() },
      reference: Reference.remembered { Reference.besselI(0, $0) }),
    OpCase(
      "BesselI1", bound: .ulps(4), f32: { $0.besselI1() }, f64: { $0.besselI1() },
      reference: Reference.remembered { Reference.besselI(1, $0) }),
    OpCase(
      "ScaledBesselI0", domain: 0.1...12, bound: .ulps(6), f32: { $0.scaledBesselI0() },
      f64: { $0.scaledBesselI0() }, reference: Reference.remembered { Reference.scaledBesselI(0, $0) }),
    OpCase(
      "ScaledBesselI1", domain: -12 ... -0.1, bound: .ulps(6), f32: { $0.scaledBesselI1() },
      f64: { $0.scaledBesselI1() }, reference: Reference.remembered { Reference.scaledBesselI(1, $0) }),
    OpCase(
      "BesselJ0", domain: -12...12, bound: .ulps(8, floor: 0.25), f32: { $0.besselJ0() },
      f64: { $0.besselJ0() }, reference: Reference.remembered { Reference.besselJ(0, $0) }),
    OpCase(
      "BesselJ1", domain: -12...12, bound: .ulps(8, floor: 0.25), f32: { $0.besselJ1() },
      f64: { $0.besselJ1() }, reference: Reference.remembered { Reference.besselJ(1, $0) }),
    OpCase(
      "BesselY0", domain: 0.5...9, bound: .ulps(8, floor: 0.25), f32: { $0.besselY0() },
      f64: { $0.besselY0() }, reference: Reference.remembered { Reference.besselY(0, $0) }),
    OpCase(
      "BesselY1", domain: 0.5...9, bound: .ulps(8, floor: 0.25), f32: { $0.besselY1() },
      f64: { $0.besselY1() }, reference: Reference.remembered { Reference.besselY(1, $0) }),
    OpCase(
      "BesselK0", domain: 0.5...6, bound: .ulps(4), f32: { $0.besselK0() }, f64: { $0.besselK0() },
      reference: Reference.remembered { Reference.besselK(0, $0) }),
    OpCase(
      "BesselK1", domain: 0.5...6, bound: .ulps(4), f32: { $0.besselK1() }, f64: { $0.besselK1() },
      reference: Reference.remembered { Reference.besselK(1, $0) }),
    OpCase(
      "ScaledBesselK0", domain: 0.5...6, bound: .ulps(6), f32: { $0.scaledBesselK0() },
      f64: { $0.scaledBesselK0() },
      reference: Reference.remembered { $0 == .infinity ? 0 : exp($0) * Reference.besselK(0, $0) }),
    OpCase(
      "ScaledBesselK1", domain: 0.5...6, bound: .ulps(6), f32: { $0.scaledBesselK1() },
      f64: { $0.scaledBesselK1() },
      reference: Reference.remembered { $0 == .infinity ? 0 : exp($0) * Reference.besselK(1, $0) }),
  ]

  @Test(arguments: normal + gammas + bessel)
  func behaves(_ op: OpCase) { verify(op) }

  /// Values far out, by mpmath with 30 digits.
  @Test func tails() {
    let far: [(Tensor<Double>, [Extended])] = [
      (
        Tensor<Double>([-1000, -38, 9]).logNormalCDF(),
        [-500_007.826_694_812_184_3, -726.557_216_018_820_130_1, -1.128_588_405_953_840_648e-19]
      ),
      (
        Tensor<Double>([-37, 5, 10]).normalCDF(),
        [5.725_571_222_524_576_823e-300, 0.999_999_713_348_428_120_8, 1.0]
      ),
      (
        Tensor<Double>([1e-300, 1e-5]).normalQuantile(),
        [-37.047_096_299_361_199_24, -4.264_890_793_922_824_61]
      ),
      (
        Tensor<Double>([100, 1e10]).erfcx(),
        [5.641_613_782_989_432_904e-3, 5.641_895_835_477_562_869e-11]
      ),
      (
        Tensor<Double>([1e-300, 1e5, 1e300]).logGamma(),
        [690.775_527_898_213_705_2, 1_051_287.708_973_656_895, 6.897_755_278_982_137_415e+302]
      ),
      (
        Tensor<Double>([1e-10, 1e10]).digamma(),
        [-10_000_000_000.577_215_3, 23.025_850_929_890_456_84]
      ),
      (
        Tensor<Double>([-1.5, -7.25, 1e-10, 4.5, 1e10]).polygamma(1),
        [
          9.379_246_644_989_123_754, 19.610_354_539_293_269_02, 99_999_999_999_999_992_715.21,
          0.248_725_103_039_010_375_2, 1.000_000_000_05e-10,
        ]
      ),
      (
        Tensor<Double>([700, 713]).besselI0(),
        [1.529_593_347_671_873_736e+302, 6.705_128_263_670_996_673e+307]
      ),
      (
        Tensor<Double>([50, 1000.5]).besselJ0(),
        [0.055_812_327_669_251_815, 0.019_486_559_987_130_137_37]
      ),
      (
        // The last argument, beyond 2²⁰, is reduced by the C library.
        Tensor<Double>([4.75, 3e7]).besselY1(), [0.229_225_596_738_722_158, -7.197_069_978_287_870_261e-5]
      ),
      (
        Tensor<Double>([700]).besselK1(),
        [4.673_110_796_707_966_109e-306]
      ),
    ]
    for (index, (values, expected)) in far.enumerated() {
      for (y, right) in zip(values.scalars, expected) {
        #expect(abs(Extended(y) - right) <= abs(right) * 1e-14, "row \(index): \(y), not \(right)")
      }
    }
  }

  /// Poles, roots and arguments outside the domain, as in PyTorch.
  @Test func specialValues() {
    let poles = Tensor<Double>([0, -0.0, -1, -.infinity])
    let slopesOfGamma = poles.digamma().scalars
    #expect(slopesOfGamma[..<2] == [-.infinity, .infinity])
    #expect(slopesOfGamma[2].isNaN && slopesOfGamma[3].isNaN)
    #expect(poles.logGamma().scalars == Array(repeating: .infinity, count: 4))
    #expect(Tensor<Double>([1, 2]).logGamma().scalars == [0, 0])
    #expect(poles.polygamma(1).scalars == Array(repeating: .infinity, count: 4))
    #expect(Tensor<Double>([-1, 0, 0.5, 1]).normalQuantile().scalars[1...] == [-.infinity, 0, .infinity])
    #expect(Tensor<Float>([-1, 1, 2]).erfinv().scalars[..<2] == [-.infinity, .infinity])
    let a = Tensor<Double>([0, 1, 0, -1, 2, .infinity]), x = Tensor<Double>([1, 0, 0, 1, .infinity, 1])
    let lower = a.regularizedGammaP(x).scalars, upper = a.regularizedGammaQ(x).scalars
    #expect(lower[0] == 1 && lower[1] == 0 && lower[2].isNaN && lower[3].isNaN && lower[4...] == [1, 0])
    #expect(upper[0] == 0 && upper[1] == 1 && upper[2].isNaN && upper[3].isNaN && upper[4...] == [0, 1])
    #expect(Tensor<Double>([1, 3]).zeta(Tensor<Double>([2, -2])).scalars == [.infinity, .infinity])
    let slopes = Tensor<Double>([0], requiresGrad: true)
    #expect(slopes.besselI1().sum().gradient(of: slopes).scalars == [0.5])
    #expect(slopes.besselJ1().sum().gradient(of: slopes).scalars == [0.5])
  }

  /// The incomplete gamma functions where their methods change, by mpmath with 30 digits.
  @Test func incompleteGammaFunctions() {
    let a = Tensor<Double>([0.01, 0.9, 30, 400, 1000, 1000, 1e6])
    let x = Tensor<Double>([0.5, 1.5, 60, 390, 1100, 800, 1.001e6])
    let expected: [Extended] = [
      5.626_756_193_967_184_147e-3, 0.191_822_158_496_437_554_7, 6.876_264_968_732_096_686e-6,
      0.687_057_136_814_412_164, 1.059_323_253_929_977_349e-3, 0.999_999_999_994_498_580_2,
      0.158_655_213_631_659_708_4,
    ]
    for (q, right) in zip(a.regularizedGammaQ(x).scalars, expected) {
      #expect(abs(Extended(q) - right) <= abs(right) * 2e-13, "\(q), not \(right)")
    }
    for (p, right) in zip(a.regularizedGammaP(x).scalars, expected) {
      #expect(abs(Extended(p) - (1 - right)) <= 1e-13, "\(p), not \(1 - right)")
    }
  }
}
