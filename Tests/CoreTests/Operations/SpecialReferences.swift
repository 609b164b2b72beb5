import Foundation
import Synchronization
import TestSupport

/// Special functions in extended precision, by other methods than the library's: series, integrals by the trapezoidal
/// rule, which converge exponentially, and Newton's method.
enum SpecialReferences {
  /// A slow reference that computes each number once: samples repeat their numbers.
  static func remembered(
    _ reference: @escaping @Sendable (Extended) -> Extended
  ) -> @Sendable (Extended) -> Extended {
    let known = Known()
    return { x in
      if let value = known.values.withLock({ $0[x] }) { return value }
      let value = reference(x)
      known.values.withLock { $0[x] = value }
      return value
    }
  }

  private final class Known: Sendable {
    let values = Mutex<[Extended: Extended]>([:])
  }

  /// The root that Newton's method finds from a start, for a function that gives its steps.
  private static func inverse(_ start: Extended, _ step: (Extended) -> Extended) -> Extended {
    var y = start
    for _ in 0..<100 {
      let change = step(y)
      y -= change
      if abs(change) <= abs(y) * Extended.ulpOfOne { break }
    }
    return y
  }

  static func erfinv(_ x: Extended) -> Extended {
    if x.isNaN || abs(x) >= 1 { return abs(x) == 1 ? x * .infinity : .nan }
    return inverse(x) { y in
      let error = abs(x) < 0.5 ? erf(y) - x : (x > 0 ? (1 - x) - erfc(y) : erfc(-y) - (1 + x))
      return error * Extended.pi.squareRoot() / 2 * exp(y * y)
    }
  }

  static func logGamma(_ x: Extended) -> Extended { lgamma(x).0 }

  static func erfcx(_ x: Extended) -> Extended { x == .infinity ? 0 : exp(x * x) * erfc(x) }

  static func normalCDF(_ x: Extended) -> Extended { erfc(-x * (0.5 as Extended).squareRoot()) / 2 }

  static func normalQuantile(_ p: Extended) -> Extended {
    if p.isNaN || p <= 0 || p >= 1 { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    return p > 0.5 ? -lowQuantile(1 - p) : lowQuantile(p)
  }

  private static func lowQuantile(_ p: Extended) -> Extended {
    inverse(-(p < 0.1 ? (-2 * log(p)).squareRoot() : 0)) { y in
      let share = normalCDF(y), slope = exp(-y * y / 2) / (2 * Extended.pi).squareRoot()
      // Near ½ the difference of the shares would cancel.
      let error = p > 0.25 ? erf(y * (0.5 as Extended).squareRoot()) / 2 - (p - 0.5) : share - p
      return error / slope
    }
  }

  static func logNormalCDF(_ x: Extended) -> Extended {
    x < 0 ? log(normalCDF(x)) : x == .infinity ? 0 : log1p(-normalCDF(-x))
  }

  /// ψ and its derivatives by recurrence up to 30 and the asymptotic series of ζ(n + 1, x).
  static func polygamma(_ n: Int, _ x: Extended) -> Extended {
    if n == 0 { return digamma(x) }
    let factorial = (1...n).reduce(1 as Extended) { $0 * Extended($1) }
    return (n % 2 == 1 ? 1 : -1) * factorial * zeta(Extended(n + 1), x)
  }

  private static let bernoulli: [Extended] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
  ]

  static func digamma(_ x: Extended) -> Extended {
    if x == 0 { return x.sign == .minus ? .infinity : -.infinity }
    if !x.isFinite { return x > 0 ? .infinity : .nan }
    var sum: Extended = 0, x = x
    while x < 30 { (sum, x) = (sum - 1 / x, x + 1) }
    var power: Extended = 1, tail = log(x) - 1 / (2 * x)
    for (k, b) in bernoulli.enumerated() {
      power /= x * x
      tail -= b * power / Extended(2 * k + 2)
    }
    return sum + tail
  }

  static func zeta(_ s: Extended, _ q: Extended) -> Extended {
    if s.isNaN || q.isNaN || s <= 1 { return s == 1 ? .infinity : .nan }
    if q <= 0 && q == q.rounded() || q == -.infinity { return .infinity }
    if q < 0 && s != s.rounded() { return .nan }
    if q == .infinity || s == .infinity { return q < 1 ? .infinity : q == 1 ? 1 : 0 }
    var a = q, terms: [Extended] = []
    while a < 30 {
      terms.append(pow(a, -s))
      a += 1
    }
    var tail = pow(a, 1 - s) / (s - 1) + pow(a, -s) / 2, factor = s * pow(a, -s - 1)
    for (k, b) in bernoulli.enumerated() {
      let order = Extended(2 * k + 2)
      factor /= k == 0 ? 2 : order * (order - 1)
      tail += b * factor
      factor *= (s + order - 1) * (s + order) / (a * a)
    }
    return terms.reversed().reduce(tail, +)
  }

  /// The lower and the upper incomplete gamma function, by the power series.
  static func incompleteGamma(_ a: Extended, _ x: Extended, isUpper: Bool) -> Extended {
    if a.isNaN || x.isNaN || a < 0 || x < 0 || a == 0 && x == 0 || a == .infinity && x == a { return .nan }
    if a == 0 || x == .infinity { return isUpper ? 0 : 1 }
    if x == 0 || a == .infinity { return isUpper ? 1 : 0 }
    var term: Extended = 1, sum: Extended = 1, k = a
    while term > sum * Extended.ulpOfOne {
      k += 1
      term *= x / k
      sum += term
    }
    let lower = exp(a * log(x) - x - logGamma(a + 1)) * sum
    return isUpper ? 1 - lower : lower
  }

  /// The mean of a function of an angle over the circle.
  private static func circleMean(_ f: (Extended) -> Extended) -> Extended {
    (0..<128).reduce(0 as Extended) { $0 + f(2 * .pi * Extended($1) / 128) } / 128
  }

  /// Iₙ for moderate x.
  static func besselI(_ n: Int, _ x: Extended) -> Extended {
    if x.isNaN || x.isInfinite { return n == 1 ? x : abs(x) }
    // The mean of the cosines is not exactly 0.
    if x == 0 { return n == 0 ? 1 : 0 }
    return circleMean { exp(x * cos($0)) * cos(Extended(n) * $0) }
  }

  /// exp(−|x|) Iₙ(x) for moderate x.
  static func scaledBesselI(_ n: Int, _ x: Extended) -> Extended {
    x.isInfinite ? 0 : exp(-abs(x)) * besselI(n, x)
  }

  /// Jₙ for moderate x.
  static func besselJ(_ n: Int, _ x: Extended) -> Extended {
    if x.isNaN || x.isInfinite { return x.isNaN ? .nan : 0 }
    return circleMean { cos(Extended(n) * $0 - x * sin($0)) }
  }

  /// Yₙ of order 0 or 1 for moderate x, by its series (DLMF 10.8).
  static func besselY(_ n: Int, _ x: Extended) -> Extended {
    if x.isNaN || x < 0 || x == .infinity { return x == .infinity ? 0 : .nan }
    if x == 0 { return -.infinity }
    let euler: Extended = 0.577_215_664_901_532_860_606_5, z = x * x / 4
    var term: Extended = 1, harmonic: Extended = 0, sum: Extended = 0
    for k in 0..<60 {
      let next = harmonic + 1 / Extended(k + 1)
      sum += term * (n == 0 ? -harmonic : (harmonic + next) * -0.5)
      term *= -z / (Extended(k + 1) * Extended(k + 1 + n))
      harmonic = next
    }
    let series = n == 0 ? sum : sum * x / 2 - 1 / x
    return 2 / .pi * ((log(x / 2) + euler) * besselJ(n, x) + series)
  }

  /// Kₙ(x) = ∫ exp(−x cosh t) cosh(n t) dt over t > 0.
  static func besselK(_ n: Int, _ x: Extended) -> Extended {
    if x.isNaN || x < 0 || x == .infinity { return x == .infinity ? 0 : .nan }
    if x == 0 { return .infinity }
    let h: Extended = 1 / 32
    let tail = (1..<400).reduce(0 as Extended) {
      let t = Extended($1) * h
      return $0 + exp(-x * cosh(t)) * cosh(Extended(n) * t)
    }
    return h * (exp(-x) / 2 + tail)
  }
}
