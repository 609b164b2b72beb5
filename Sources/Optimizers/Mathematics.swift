// The C library's functions, without Foundation.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// x to the power of 1/p.
func root(_ x: Double, _ p: Double) -> Double { p == 1 ? x : p == 2 ? x.squareRoot() : pow(x, 1 / p) }

/// x to the power of p.
func power(_ x: Double, _ p: Double) -> Double { pow(x, p) }

/// From `start` at 0 to `end` at 1 along half a wave of the cosine.
func alongCosine(_ start: Double, _ end: Double, _ share: Double) -> Double {
  end + (start - end) * (1 + cos(.pi * share)) / 2
}
