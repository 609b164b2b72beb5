import Foundation
import TestSupport

/// Complex numbers of references, in extended precision.
struct Pair {
  var re: Extended, im: Extended = 0

  static func + (a: Pair, b: Pair) -> Pair { Pair(re: a.re + b.re, im: a.im + b.im) }
  static func - (a: Pair, b: Pair) -> Pair { Pair(re: a.re - b.re, im: a.im - b.im) }
  static func * (a: Pair, b: Pair) -> Pair {
    Pair(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }
  static func / (a: Pair, b: Pair) -> Pair {
    let product = a * b.conjugate, square = b.re * b.re + b.im * b.im
    return Pair(re: product.re / square, im: product.im / square)
  }
  var conjugate: Pair { Pair(re: re, im: -im) }
  var length: Extended { (re * re + im * im).squareRoot() }

  /// e^(2πi k/n).
  static func turn(_ k: Int, _ n: Int) -> Pair {
    let angle = 2 * Extended.pi * Extended(k % n) / Extended(n)
    return Pair(re: cos(angle), im: sin(angle))
  }
}

extension Grid {
  /// The pairs of the last axis as complex numbers, in row-major order.
  var pairs: [Pair] {
    stride(from: 0, to: values.count, by: 2).map { Pair(re: values[$0], im: values[$0 + 1]) }
  }

  /// Creates the grid of complex numbers as pairs along a last axis.
  init(_ shape: [Int], pairs: [Pair]) { self.init(shape + [2], values: pairs.flatMap { [$0.re, $0.im] }) }

  /// Applies a function to the complex numbers whose parts are the last axis.
  func mapPairs(_ f: (Pair) -> Pair) -> Grid { Grid(Array(shape.dropLast()), pairs: pairs.map(f)) }
}

/// Σ x_j e^(∓2πi jk/n) · factor for the entries 0 ..< count, of the first n numbers or of all and zeros.
func transformed(_ x: [Pair], _ n: Int, inverse: Bool, count: Int? = nil, factor: Extended = 1) -> [Pair] {
  (0..<(count ?? n)).map { k in
    let sum = x.prefix(n).enumerated().reduce(Pair(re: 0)) { sum, term in
      let turn = Pair.turn(term.offset * k, n)
      return sum + term.element * (inverse ? turn : turn.conjugate)
    }
    return Pair(re: sum.re * factor, im: sum.im * factor)
  }
}
