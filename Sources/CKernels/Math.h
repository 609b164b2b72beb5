// Elementary functions of one element, free of branches and calls so that loops over them vectorise.
// Included by Unary.c and Softmax.c for each floating type and instruction set.
//
// exp and tanh: the argument is reduced to |r| ≤ ln 2 / 2 with ln 2 in two parts, a polynomial, and the power of
// two added to the exponent. log: fdlibm's decomposition with s = f / (2 + f) (Sun Microsystems 1993).

#define MT_MANTISSA (MT_WIDE ? 52 : 23)
#define MT_BIAS (MT_WIDE ? 1023 : 127)
// Adding it rounds to an integer and leaves that integer in the low bits.
#define MT_ROUNDER (MT_WIDE ? (T)0x1.8p52 : (T)0x1.8p23)

static inline __attribute__((always_inline)) I MT_NAME(bits)(T x) {
  I i;
  memcpy(&i, &x, sizeof i);
  return i;
}

static inline __attribute__((always_inline)) T MT_NAME(fromBits)(I i) {
  T x;
  memcpy(&x, &i, sizeof x);
  return x;
}

// 2ⁿ for a normal exponent. Exponents are computed without sign: those of a NaN are any number, and unused.
static inline __attribute__((always_inline)) T MT_NAME(powerOfTwo)(I n) {
  return MT_NAME(fromBits)((I)(((U)n + MT_BIAS) << MT_MANTISSA));
}

// x = n · ln 2 + r; returns r and leaves n.
static inline __attribute__((always_inline)) T MT_NAME(reduced)(T x, I *n) {
  const T shifted = MT_FMA(x, (T)1.44269504088896340736, MT_ROUNDER);
  *n = (I)((U)MT_NAME(bits)(shifted) - (U)MT_NAME(bits)(MT_ROUNDER));
  const T k = shifted - MT_ROUNDER;
  const T high = MT_WIDE ? (T)6.93147180369123816490e-01 : (T)6.93145752e-1f;
  const T low = MT_WIDE ? (T)1.90821492927058770002e-10 : (T)1.42860677e-6f;
  return MT_FMA(-k, low, MT_FMA(-k, high, x));
}

// (exp(r) − 1 − r) / r², a minimax polynomial.
static inline __attribute__((always_inline)) T MT_NAME(expTail)(T r) {
#if MT_WIDE
  T p = 2.0921613133581940470e-09;
  p = MT_FMA(p, r, 2.5105246537293976300e-08);
  p = MT_FMA(p, r, 2.7557252842183322679e-07);
  p = MT_FMA(p, r, 2.7557255328813042018e-06);
  p = MT_FMA(p, r, 2.4801587347412213154e-05);
  p = MT_FMA(p, r, 1.9841269874877347888e-04);
  p = MT_FMA(p, r, 1.3888888888874367786e-03);
  p = MT_FMA(p, r, 8.3333333333261187358e-03);
  p = MT_FMA(p, r, 4.1666666666666683840e-02);
  p = MT_FMA(p, r, 1.6666666666666671003e-01);
  return MT_FMA(p, r, 0.5);
#else
  T p = 1.9907620024e-04f;
  p = MT_FMA(p, r, 1.3933678721e-03f);
  p = MT_FMA(p, r, 8.3332859571e-03f);
  p = MT_FMA(p, r, 4.1666464651e-02f);
  p = MT_FMA(p, r, 1.6666666757e-01f);
  return MT_FMA(p, r, 0.5f);
#endif
}

// exp for x within ±87: its result is a normal number.
static inline __attribute__((always_inline)) T MT_NAME(moderateExp)(T x) {
  I n;
  const T r = MT_NAME(reduced)(x, &n), y = 1 + MT_FMA(r * r, MT_NAME(expTail)(r), r);
  return MT_NAME(fromBits)((I)((U)MT_NAME(bits)(y) + ((U)n << MT_MANTISSA)));
}

static inline __attribute__((always_inline)) T MT_NAME(expOf)(T x) {
  const T bottom = MT_WIDE ? (T)-746 : (T)-104, top = MT_WIDE ? (T)0x1.62e42fefa39efp+9 : (T)0x1.62e42ep+6f;
  I n;
  const T r = MT_NAME(reduced)(x < bottom ? bottom : x, &n);
  const T y = 1 + MT_FMA(r * r, MT_NAME(expTail)(r), r);
  // What may be subnormal is made 2⁶⁴ times as large first, and rounds once.
  const int tiny = x < (MT_WIDE ? (T)-708 : (T)-87);
  const U exponent = (U)n + (tiny ? 64 : 0);
  const T power = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(y) + (exponent << MT_MANTISSA)));
  return x <= top ? power * (tiny ? (T)0x1p-64 : 1) : x + (T)INFINITY;
}

static inline __attribute__((always_inline)) T MT_NAME(logOf)(T x) {
  const T least = MT_WIDE ? (T)0x1p-1022 : (T)0x1p-126f;
  const int subnormal = x < least;
  const T scaled = subnormal ? x * (MT_WIDE ? (T)0x1p54 : (T)0x1p25f) : x;
  // z in [√½, √2), x = 2ᵏ z.
  const U origin = (U)MT_NAME(bits)((T)0.70710678118654752440);
  const U offset = (U)MT_NAME(bits)(scaled) - origin + ((U)MT_BIAS << MT_MANTISSA);
  const I k = (I)(offset >> MT_MANTISSA) - MT_BIAS;
  const T z = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(scaled) - ((U)k << MT_MANTISSA)));
  const T exponent = MT_NAME(fromBits)(MT_NAME(bits)(MT_ROUNDER) + k) - MT_ROUNDER;
  const T e = subnormal ? exponent - (MT_WIDE ? 54 : 25) : exponent;
  const T f = z - 1, s = f / (2 + f), w = s * s;
#if MT_WIDE
  T p = 1.479819860511658591e-01;
  p = MT_FMA(p, w, 1.531383769920937332e-01);
  p = MT_FMA(p, w, 1.818357216161805012e-01);
  p = MT_FMA(p, w, 2.222219843214978396e-01);
  p = MT_FMA(p, w, 2.857142874366239149e-01);
  p = MT_FMA(p, w, 3.999999999940941908e-01);
  p = MT_FMA(p, w, 6.666666666666735130e-01);
  const T high = 6.93147180369123816490e-01, low = 1.90821492927058770002e-10;
#else
  T p = 0.24279078841f;
  p = MT_FMA(p, w, 0.28498786688f);
  p = MT_FMA(p, w, 0.40000972152f);
  p = MT_FMA(p, w, 0.66666662693f);
  const T high = 6.9313812256e-01f, low = 9.0580006145e-06f;
#endif
  const T half = (T)0.5 * f * f;
  T y = e * high - ((half - (s * (half + p * w) + e * low)) - f);
  y = x == 0 ? -(T)INFINITY : y;
  y = x == (T)INFINITY ? x : y;
  return x < 0 || x != x ? (T)NAN : y;
}

// tanh(x) = e / (e + 2), e = exp(2|x|) − 1 without cancellation.
static inline __attribute__((always_inline)) T MT_NAME(tanhOf)(T x) {
  const T magnitude = x < 0 ? -x : x, most = MT_WIDE ? (T)22 : (T)10;
  const T bounded = magnitude > most ? most : magnitude;
  I n;
  const T r = MT_NAME(reduced)(2 * bounded, &n);
  const T scale = MT_NAME(powerOfTwo)(n);
  // e in two parts: the rounding of the large one is put back with the small one.
  const T large = MT_FMA(scale, r, scale - 1), rounded = scale * r - (large - (scale - 1));
  const T small = MT_FMA(scale, r * r * MT_NAME(expTail)(r), rounded), e = large + small;
  // What rounding e and e + 2 lost is put back: 1 / (e + 2) = (1 − y) / 2.
  const T d = e + 2, lost = e < 2 ? e - (d - 2) : 2 - (d - e), rest = small - (e - large);
  const T y = e / d, half = (1 - y) * (T)0.5;
  return (T)copysign(MT_FMA(2 * rest * half - y * lost, half, y), x);
}

// 1 / (1 + exp(−x)) with the small exponential on both sides, so that neither end loses digits.
static inline __attribute__((always_inline)) T MT_NAME(sigmoidOf)(T x) {
  const T e = MT_NAME(expOf)(x < 0 ? x : -x);
  // What rounding 1 + e lost is put back: 1 / (1 + e) is the result, or 1 less it.
  const T d = 1 + e, lost = e - (d - 1);
  const T y = (x < 0 ? e : 1) / d;
  return y - y * lost * (x < 0 ? 1 - y : y);
}

#undef MT_MANTISSA
#undef MT_BIAS
#undef MT_ROUNDER
