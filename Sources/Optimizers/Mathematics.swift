// These functions need only the C library, so that the module does without Foundation.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Returns x to the power of 1/p.
func root(_ x: Double, _ p: Double) -> Double { p == 1 ? x : p == 2 ? x.squareRoot() : pow(x, 1 / p) }

/// Returns x to the power of p.
func power(_ x: Double, _ p: Double) -> Double { pow(x, p) }

/// Interpolates along half a cosine wave, from `start` at share 0 to `end` at share 1.
func alongCosine(_ start: Double, _ end: Double, _ share: Double) -> Double {
  end + (start - end) * (1 + cos(.pi * share)) / 2
}
