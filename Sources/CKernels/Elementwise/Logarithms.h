// Logarithms of one element, and the functions that are made of them. They have no branches and no calls, so that loops
// over them vectorise. Included by Unary.c and Binary.c after Math.h for each floating type and instruction set.

// log₂ x = n + log(1 + f) / ln 2, which is exact for powers of two.
static inline __attribute__((always_inline)) T MT_NAME(log2Of)(T x) {
  T f;
  const T n = MT_NAME(split)(x, &f);
  T y = n + MT_NAME(logOf)(1 + f) * (T)1.44269504088896340736;
  y = x == 0 ? -(T)INFINITY : y;
  y = x == (T)INFINITY ? x : y;
  return x < 0 || x != x ? (T)NAN : y;
}

// log₁₀ x = n log₁₀ 2 + log(1 + f) / ln 10. The products of the high parts are exact, so that the error is little more
// than half a unit, and powers of ten have exact logarithms.
static inline __attribute__((always_inline)) T MT_NAME(log10Of)(T x) {
  const T perTwo = MT_WIDE ? (T)0x1.34413509f78p-2 : (T)0x1.344p-2f;
  const T perTwoLow = MT_WIDE ? (T)2.8363394551044964437e-14 : (T)4.6050389811952137389e-06f;
  const T perE = MT_WIDE ? (T)0x1.bcb7b152p-2 : (T)0x1.bcap-2f;
  const T perELow = MT_WIDE ? (T)2.5082946711645276338e-11 : (T)9.0380340751827651129e-05f;
  const U dropped = MT_WIDE ? (U)0xffffffff : (U)0xfff;
  T f;
  const T n = MT_NAME(split)(x, &f), s = f / (2 + f), half = (T)0.5 * f * f;
  const T high = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(f - half) & ~dropped));
  const T low = ((f - high) - half) + s * (half + MT_NAME(logRest)(s * s));
  const T whole = n * perTwo, part = high * perE, sum = whole + part;
  const T rest = (n * perTwoLow + (low + high) * perELow) + (low * perE + ((whole - sum) + part));
  T y = sum + rest;
  y = x == 0 ? -(T)INFINITY : y;
  y = x == (T)INFINITY ? x : y;
  return x < 0 || x != x ? (T)NAN : y;
}

// log(1 + a + b), or log(2 (a + b)) if isDoubled, with |b| ≤ |a|. The rounding errors of the sum are subtracted.
static inline __attribute__((always_inline)) T MT_NAME(logOfSum)(T a, T b, int isDoubled) {
  const T sum = a + b, lost = b - (sum - a), u = isDoubled ? sum : 1 + sum;
  const T rest = (isDoubled ? -lost : (u - 1 - sum) - lost) / u;
  return u == 1 && !isDoubled ? sum : MT_NAME(logOfParts)(u, rest, isDoubled ? (T)1 : (T)0);
}

// log(1 + x). The compiler drops + −0.
static inline __attribute__((always_inline)) T MT_NAME(log1pOf)(T x) {
  const T u = 1 + x, y = MT_NAME(logOfParts)(u, ((u - 1) - x) / u, -(T)0);
  return u == 1 ? x : y;
}

// log(x / (1 − x)). Between 0.2625 and 0.7375 it is n ln 2 + log((1 + s) / (1 − s)), with s = (3x − 1) / (1 + x),
// 2x − 1 or (3x − 2) / (2 − x) for n = −1, 0 or 1. 2x − 1 is exact there.
static inline __attribute__((always_inline)) T MT_NAME(logitOf)(T x) {
  const int isLow = x < (T)0.41421356, isHigh = x > (T)0.58578644;
  const T over = (x + x - 1) + (isLow ? x : isHigh ? x - 1 : 0), under = isLow ? 1 + x : isHigh ? 2 - x : (T)1;
  const T s = over / under, n = isLow ? (T)-1 : isHigh ? (T)1 : (T)0;
  const T near = n * MT_LN2_HIGH + ((s + s) + (s * MT_NAME(logRest)(s * s) + n * MT_LN2_LOW));
  return x > (T)0.2625 && x < (T)0.7375 ? near : MT_NAME(logOf)(x / (1 - x));
}

// log(exp(a) + exp(b)) without overflow.
static inline __attribute__((always_inline)) T MT_NAME(logAddExpOf)(T a, T b) {
  const T gap = a == b ? 0 : -__builtin_elementwise_abs(a - b);
  return (a > b ? a : b) + MT_NAME(softplusOf)(gap);
}

// asinh(x) = log(1 + x + x² / (1 + √(1 + x²))) for 0 ≤ x < 2, and log(2 (x + ½ / (x + √(1 + x²)))) above.
static inline __attribute__((always_inline)) T MT_NAME(asinhOf)(T x) {
  const T m = __builtin_elementwise_abs(x), square = m * m, root = __builtin_elementwise_sqrt(square + 1);
  const int isFar = m >= 2;
  const T term = (isFar ? (T)0.5 : square) / ((isFar ? m : (T)1) + root);
  return __builtin_elementwise_copysign(MT_NAME(logOfSum)(m, term, isFar), x);
}

// acosh(x) = log(1 + t + √(t (t + 2))), t = x − 1, for x < 2, and log(2 (x − ½ / (x + √(t (t + 2))))) above.
static inline __attribute__((always_inline)) T MT_NAME(acoshOf)(T x) {
  const T t = x - 1, root = __builtin_elementwise_sqrt(MT_FMA(t, t, t + t));
  const int isFar = x >= 2;
  const T y = MT_NAME(logOfSum)(isFar ? x : root, isFar ? (T)-0.5 / (x + root) : t, isFar);
  return x < 1 ? (T)NAN : y;
}

// atanh(x) = ½ log(1 + 2x + 2x² / (1 − x)) for x ≥ 0.
static inline __attribute__((always_inline)) T MT_NAME(atanhOf)(T x) {
  const T m = __builtin_elementwise_abs(x), twice = m + m;
  const T y = (T)0.5 * MT_NAME(logOfSum)(twice, twice * m / (1 - m), 0);
  return m > 1 ? (T)NAN : __builtin_elementwise_copysign(y, x);
}
