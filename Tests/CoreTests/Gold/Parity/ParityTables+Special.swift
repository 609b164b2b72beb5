import MartletCore
import TestSupport

// Special functions, and windows of signals.

extension Parity {
  static var special: Table<Tensor<Element>> {
    [
      "digamma": { $0.x.digamma() },
      "erfinv": { $0.x.erfinv() },
      "i0": { $0.x.besselI0() },
      "igamma": { $0.x.regularizedGammaP($0.y) },
      "igammac": { $0.x.regularizedGammaQ($0.y) },
      "lgamma": { $0.x.logGamma() },
      "mvlgamma.mvlgamma_p_1": { $0.x.multivariateLogGamma(dimension: $0.int("p")) },
      "polygamma.polygamma_n_0": { $0.x.polygamma($0.int("n")) },
      "special.bessel_y0": { $0.x.besselY0() },
      "special.bessel_y1": { $0.x.besselY1() },
      "special.entr": { $0.x.entropyTerm() },
      "special.erfcx": { $0.x.erfcx() },
      "special.i0e": { $0.x.scaledBesselI0() },
      "special.i1": { $0.x.besselI1() },
      "special.i1e": { $0.x.scaledBesselI1() },
      "special.log_ndtr": { $0.x.logNormalCDF() },
      "special.modified_bessel_k0": { $0.x.besselK0() },
      "special.modified_bessel_k1": { $0.x.besselK1() },
      "special.ndtr": { $0.x.normalCDF() },
      "special.ndtri": { $0.x.normalQuantile() },
      "special.scaled_modified_bessel_k0": { $0.x.scaledBesselK0() },
      "special.scaled_modified_bessel_k1": { $0.x.scaledBesselK1() },
      "special.spherical_bessel_j0": { $0.x.sphericalBesselJ0() },
      "special.xlog1py": { $0.x.xlog1py($0.y) },
      "special.zeta": { $0.x.zeta($0.y) },
    ]
  }

  static var polynomials: Table<Tensor<Element>> {
    [
      "special.chebyshev_polynomial_t": { $0.polynomial(.chebyshevT) },
      "special.shifted_chebyshev_polynomial_t": { $0.polynomial(.chebyshevT, shifted: true) },
      "special.chebyshev_polynomial_u": { $0.polynomial(.chebyshevU) },
      "special.shifted_chebyshev_polynomial_u": { $0.polynomial(.chebyshevU, shifted: true) },
      "special.chebyshev_polynomial_v": { $0.polynomial(.chebyshevV) },
      "special.shifted_chebyshev_polynomial_v": { $0.polynomial(.chebyshevV, shifted: true) },
      "special.chebyshev_polynomial_w": { $0.polynomial(.chebyshevW) },
      "special.shifted_chebyshev_polynomial_w": { $0.polynomial(.chebyshevW, shifted: true) },
      "special.hermite_polynomial_h": { $0.polynomial(.hermite) },
      "special.hermite_polynomial_he": { $0.polynomial(.probabilistHermite) },
      "special.laguerre_polynomial_l": { $0.polynomial(.laguerre) },
      "special.legendre_polynomial_p": { $0.polynomial(.legendre) },
    ]
  }

  static var signalWindows: Table<Tensor<Element>> {
    [
      "signal.windows.bartlett": { .bartlettWindow($0.samples, isPeriodic: $0.isPeriodic) },
      "signal.windows.blackman": { .blackmanWindow($0.samples, isPeriodic: $0.isPeriodic) },
      "signal.windows.cosine": { .cosineWindow($0.samples, isPeriodic: $0.isPeriodic) },
      "signal.windows.exponential": {
        .exponentialWindow($0.samples, isPeriodic: $0.isPeriodic, decay: $0.double("tau", or: 1))
      },
      "signal.windows.gaussian": {
        .gaussianWindow($0.samples, isPeriodic: $0.isPeriodic, deviation: $0.double("std", or: 1))
      },
      "signal.windows.general_cosine": {
        .generalCosineWindow($0.samples, isPeriodic: $0.isPeriodic, factors: $0.doubles("a"))
      },
      "signal.windows.general_hamming": {
        let alpha = $0.double("alpha", or: 0.54)
        return .hammingWindow($0.samples, isPeriodic: $0.isPeriodic, alpha: alpha, beta: 1 - alpha)
      },
      "signal.windows.hamming": { .hammingWindow($0.samples, isPeriodic: $0.isPeriodic) },
      "signal.windows.hann": { .hannWindow($0.samples, isPeriodic: $0.isPeriodic) },
      "signal.windows.kaiser": {
        .kaiserWindow($0.samples, isPeriodic: $0.isPeriodic, beta: $0.double("beta", or: 12))
      },
      "signal.windows.nuttall": { .nuttallWindow($0.samples, isPeriodic: $0.isPeriodic) },
    ]
  }
}

extension ParityInputs {
  /// A polynomial of the degree that PyTorch gets as a tensor.
  fileprivate func polynomial(_ family: OrthogonalPolynomial, shifted: Bool = false) -> Tensor<Element> {
    (shifted ? x * 2 - 1 : x).orthogonalPolynomial(family, degree: Int(y.item))
  }
  fileprivate var samples: Int { int("input") }
  fileprivate var isPeriodic: Bool { !flag("sym", or: true) }
}
