// Elementary functions of one element. They have no branches and no calls, so that loops over them vectorise. Included
// by Unary.c, Binary.c, Softmax.c, Attention.c and Recurrence.c for each floating type and instruction set.
//
// exp reduces the argument to |r| ≤ ln 2 / 2 with ln 2 in two parts, evaluates a polynomial and adds the power of two
// to the exponent. log uses fdlibm's decomposition with s = f / (2 + f) (Sun Microsystems 1993).

#define MT_MANTISSA (MT_WIDE ? 52 : 23)
#define MT_BIAS (MT_WIDE ? 1023 : 127)
// Adding this constant rounds x to an integer and leaves that integer in the low bits.
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

// True if every |x| is at most `most` and none is a NaN. It compares bit patterns, in whose order a NaN comes last.
static inline int MT_NAME(isWithin)(const T *x, intptr_t count, T most) {
  U largest = 0;
  MT_EACH(i, count) {
    const U magnitude = (U)MT_NAME(bits)(x[i]) & ((U)-1 >> 1);
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest <= (U)MT_NAME(bits)(most);
}

// Splits x = n · ln 2 + r. Returns r and leaves n in the low bits of `shifted`.
static inline __attribute__((always_inline)) T MT_NAME(reduced)(T x, T *shifted) {
  *shifted = MT_FMA(x, (T)1.44269504088896340736, MT_ROUNDER);
  const T k = *shifted - MT_ROUNDER;
  const T high = MT_WIDE ? (T)6.93147180369123816490e-01 : (T)6.93145752e-1f;
  const T low = MT_WIDE ? (T)1.90821492927058770002e-10 : (T)1.42860677e-6f;
  return MT_FMA(-k, low, MT_FMA(-k, high, x));
}

// P in the minimax polynomial exp(r) = 1 + r + r² P(r) for |r| ≤ ln 2 / 2.
static inline __attribute__((always_inline)) T MT_NAME(expSquare)(T r) {
#if MT_WIDE
  T p = 2.4999855407296043e-08;
  p = MT_FMA(p, r, 2.7630523454243115e-07);
  p = MT_FMA(p, r, 2.7557588429976853e-06);
  p = MT_FMA(p, r, 2.4801492388356134e-05);
  p = MT_FMA(p, r, 1.9841269502731754e-04);
  p = MT_FMA(p, r, 1.3888888944249083e-03);
  p = MT_FMA(p, r, 8.3333333334969281e-03);
  p = MT_FMA(p, r, 4.1666666666528102e-02);
  p = MT_FMA(p, r, 1.6666666666666408e-01);
  p = MT_FMA(p, r, 5.0000000000000111e-01);
#else
  T p = 1.3814320634e-03f;
  p = MT_FMA(p, r, 8.3688510648e-03f);
  p = MT_FMA(p, r, 4.1668401081e-02f);
  p = MT_FMA(p, r, 1.6666519524e-01f);
  p = MT_FMA(p, r, 4.9999993373e-01f);
#endif
  return p;
}

static inline __attribute__((always_inline)) T MT_NAME(expNearZero)(T r) {
  return MT_FMA(MT_FMA(MT_NAME(expSquare)(r), r, (T)1), r, (T)1);
}

// The largest |x| for which `moderateExp` is used: exp(x) is then a normal number.
#define MT_MODERATE (MT_WIDE ? (T)708 : (T)87)

static inline __attribute__((always_inline)) T MT_NAME(moderateExp)(T x) {
  T shifted;
  const T y = MT_NAME(expNearZero)(MT_NAME(reduced)(x, &shifted));
  return MT_NAME(fromBits)((I)((U)MT_NAME(bits)(y) + ((U)MT_NAME(bits)(shifted) << MT_MANTISSA)));
}

// exp(x − rest) for every x, and a small rest.
static inline __attribute__((always_inline)) T MT_NAME(expOfParts)(T x, T rest) {
  const T bottom = MT_WIDE ? (T)-746 : (T)-104, top = MT_WIDE ? (T)0x1.62e42fefa39efp+9 : (T)0x1.62e42ep+6f;
  T shifted;
  const T y = MT_NAME(expNearZero)(MT_NAME(reduced)(x < bottom ? bottom : x, &shifted) - rest);
  // A result that may be subnormal is first computed 2⁶⁴ times as large, so that it rounds only once.
  const int tiny = x < -MT_MODERATE;
  const U exponent = (U)MT_NAME(bits)(shifted) + (tiny ? 64 : 0);
  const T power = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(y) + (exponent << MT_MANTISSA)));
  return x <= top ? power * (tiny ? (T)0x1p-64 : 1) : x + (T)INFINITY;
}

static inline __attribute__((always_inline)) T MT_NAME(expOf)(T x) { return MT_NAME(expOfParts)(x, 0); }

// Splits x = 2ⁿ (1 + f) with 1 + f in [√½, √2), for a number x > 0. Returns n and stores f.
static inline __attribute__((always_inline)) T MT_NAME(split)(T x, T *f) {
  const T least = MT_WIDE ? (T)0x1p-1022 : (T)0x1p-126f;
  const int subnormal = x < least;
  const T scaled = subnormal ? x * (MT_WIDE ? (T)0x1p54 : (T)0x1p25f) : x;
  const U origin = (U)MT_NAME(bits)((T)0.70710678118654752440);
  const U offset = (U)MT_NAME(bits)(scaled) - origin + ((U)MT_BIAS << MT_MANTISSA);
  const I k = (I)(offset >> MT_MANTISSA) - MT_BIAS;
  *f = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(scaled) - ((U)k << MT_MANTISSA))) - 1;
  const T exponent = MT_NAME(fromBits)(MT_NAME(bits)(MT_ROUNDER) + k) - MT_ROUNDER;
  return subnormal ? exponent - (MT_WIDE ? 54 : 25) : exponent;
}

// R(w) in log((1 + s) / (1 − s)) = s (2 + R(w)), w = s², for |s| ≤ (√2 − 1) / (√2 + 1).
static inline __attribute__((always_inline)) T MT_NAME(logRest)(T w) {
#if MT_WIDE
  T p = 1.479819860511658591e-01;
  p = MT_FMA(p, w, 1.531383769920937332e-01);
  p = MT_FMA(p, w, 1.818357216161805012e-01);
  p = MT_FMA(p, w, 2.222219843214978396e-01);
  p = MT_FMA(p, w, 2.857142874366239149e-01);
  p = MT_FMA(p, w, 3.999999999940941908e-01);
  p = MT_FMA(p, w, 6.666666666666735130e-01);
#else
  T p = 0.24279078841f;
  p = MT_FMA(p, w, 0.28498786688f);
  p = MT_FMA(p, w, 0.40000972152f);
  p = MT_FMA(p, w, 0.66666662693f);
#endif
  return p * w;
}

// ln 2 in two parts, of which multiples of the first are exact.
#define MT_LN2_HIGH (MT_WIDE ? (T)6.93147180369123816490e-01 : (T)6.9313812256e-01f)
#define MT_LN2_LOW (MT_WIDE ? (T)1.90821492927058770002e-10 : (T)9.0580006145e-06f)

// doublings · ln 2 + log(x) − rest, where rest is small against the logarithm.
static inline __attribute__((always_inline)) T MT_NAME(logOfParts)(T x, T rest, T doublings) {
  T f;
  const T e = MT_NAME(split)(x, &f) + doublings, s = f / (2 + f), half = (T)0.5 * f * f;
  T y = e * MT_LN2_HIGH - ((half - (s * (half + MT_NAME(logRest)(s * s)) + (e * MT_LN2_LOW - rest))) - f);
  y = x == 0 ? -(T)INFINITY : y;
  y = x == (T)INFINITY ? x : y;
  return x < 0 || x != x ? (T)NAN : y;
}

// The compiler drops − 0 and + −0.
static inline __attribute__((always_inline)) T MT_NAME(logOf)(T x) { return MT_NAME(logOfParts)(x, 0, -(T)0); }

// The limit of the polynomial below: 0.55 for both element types.
#define MT_TANH_NEAR ((T)0.55)

// P in tanh(x) = x + x z P(z), z = x², for |x| up to that limit.
static inline __attribute__((always_inline)) T MT_NAME(tanhCubic)(T z) {
#if MT_WIDE
  T p = -1.9267048126068594e-05;
  p = MT_FMA(p, z, 8.2953316656062079e-05);
  p = MT_FMA(p, z, -2.3313223765105960e-04);
  p = MT_FMA(p, z, 5.8834811934145137e-04);
  p = MT_FMA(p, z, -1.4555198274251364e-03);
  p = MT_FMA(p, z, 3.5920885197057001e-03);
  p = MT_FMA(p, z, -8.8632322603402081e-03);
  p = MT_FMA(p, z, 2.1869488365437235e-02);
  p = MT_FMA(p, z, -5.3968253963061368e-02);
  p = MT_FMA(p, z, 1.3333333333325442e-01);
  p = MT_FMA(p, z, -3.3333333333333293e-01);
#else
  T p = -6.2380261603e-03f;
  p = MT_FMA(p, z, 2.1047392760e-02f);
  p = MT_FMA(p, z, -5.3846761770e-02f);
  p = MT_FMA(p, z, 1.3332536933e-01f);
  p = MT_FMA(p, z, -3.3333316229e-01f);
#endif
  return p;
}

// 1 − tanh(|x|) = 2 / (exp(2|x|) + 1), for |x| above that limit.
static inline __attribute__((always_inline)) T MT_NAME(tanhRest)(T magnitude) {
  // Beyond this bound tanh is ±1 to the last digit.
  const T most = MT_WIDE ? (T)22 : (T)10, bounded = most < magnitude ? most : magnitude;
  return 2 / (MT_NAME(moderateExp)(bounded + bounded) + 1);
}

static inline __attribute__((always_inline)) T MT_NAME(tanhOf)(T x) {
  const T magnitude = __builtin_elementwise_abs(x), z = x * x;
  const T near = MT_FMA(x * z, MT_NAME(tanhCubic)(z), x);
  const T far = __builtin_elementwise_copysign(1 - MT_NAME(tanhRest)(magnitude), x);
  return magnitude > MT_TANH_NEAR ? far : near;
}

// x − tanh(x), without cancellation.
static inline __attribute__((always_inline)) T MT_NAME(tanhshrinkOf)(T x) {
  const T magnitude = __builtin_elementwise_abs(x), z = x * x;
  const T near = -(x * z) * MT_NAME(tanhCubic)(z);
  const T far = __builtin_elementwise_copysign((magnitude - 1) + MT_NAME(tanhRest)(magnitude), x);
  return magnitude > MT_TANH_NEAR ? far : near;
}

// 1 / (1 + exp(−x)) from e = exp(−|x|). It is 1 − e / (1 + e) for x ≥ 0, and e times that for x < 0, so that no digits
// are lost at either end.
static inline __attribute__((always_inline)) T MT_NAME(sigmoidFrom)(T x, T e) {
  const T scale = x < 0 ? e : 1;
  return MT_FMA(-scale, e / (1 + e), scale);
}

static inline __attribute__((always_inline)) T MT_NAME(logistic)(T x) {
  return MT_NAME(sigmoidFrom)(x, MT_NAME(expOf)(-__builtin_elementwise_abs(x)));
}

// log(1 + exp(x)) = max(x, 0) + log(1 + e), e = exp(−|x|). The factor e / (u − 1) corrects the rounding of u = 1 + e.
static inline __attribute__((always_inline)) T MT_NAME(softplusOf)(T x) {
  const T e = MT_NAME(expOf)(-__builtin_elementwise_abs(x)), u = 1 + e;
  const T rest = u == 1 ? e : MT_NAME(logOf)(u) * (e / (u - 1));
  return (x < 0 ? 0 : x) + rest;
}

// tanh(log(1 + exp(x))) = n / (n + 2), n = exp(x) (exp(x) + 2). Above 20 it is 1 to the last digit.
static inline __attribute__((always_inline)) T MT_NAME(mishShare)(T x) {
  const T e = MT_NAME(expOf)(x > 20 ? 20 : x), n = e * (e + 2);
  return n / (n + 2);
}

// The derivatives of silu and mish.
static inline __attribute__((always_inline)) T MT_NAME(siluSlope)(T x) {
  const T s = MT_NAME(logistic)(x);
  return s * MT_FMA(x, 1 - s, (T)1);
}

static inline __attribute__((always_inline)) T MT_NAME(mishSlope)(T x) {
  const T t = MT_NAME(mishShare)(x);
  return MT_FMA(x * MT_NAME(logistic)(x), 1 - t * t, t);
}

// softplus(x) − t x without cancellation: log(1 + exp(−|x|)) plus |x| times the error of a hard prediction, 1 − t for x
// > 0 and t otherwise. If that error is 0, the term is 0 also at x = ±∞.
static inline __attribute__((always_inline)) T MT_NAME(logisticLossOf)(T x, T t) {
  const T magnitude = __builtin_elementwise_abs(x), wrong = x > 0 ? 1 - t : t;
  return MT_NAME(softplusOf)(-magnitude) + (wrong == 0 ? 0 : wrong * magnitude);
}

// The derivative σ(x) − t, accurate near both ends.
static inline __attribute__((always_inline)) T MT_NAME(logisticSlopeOf)(T x, T t) {
  const T e = MT_NAME(expOf)(-__builtin_elementwise_abs(x));
  return (1 - t) * MT_NAME(sigmoidFrom)(x, e) - t * MT_NAME(sigmoidFrom)(-x, e);
}

// 2ˣ for every x: exp of the fraction times ln 2, and the integer in the exponent.
static inline __attribute__((always_inline)) T MT_NAME(exp2Of)(T x) {
  const T bottom = MT_WIDE ? (T)-1076 : (T)-151, top = MT_WIDE ? (T)1024 : (T)128;
  const T bounded = x < bottom ? bottom : x, shifted = bounded + MT_ROUNDER;
  const T fraction = bounded - (shifted - MT_ROUNDER);
  const T y = MT_NAME(expNearZero)(fraction * (T)0.69314718055994530942);
  // As in expOf, a result that may be subnormal rounds only once.
  const int tiny = x < (MT_WIDE ? (T)-1021 : (T)-125);
  const U exponent = (U)MT_NAME(bits)(shifted) + (tiny ? 64 : 0);
  const T power = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(y) + (exponent << MT_MANTISSA)));
  return x < top ? power * (tiny ? (T)0x1p-64 : 1) : x + (T)INFINITY;
}

// exp(x) − 1 = (2ⁿ r + 2ⁿ − 1) + 2ⁿ (exp(r) − 1 − r), computed at half its size, so that 2ⁿ does not overflow.
static inline __attribute__((always_inline)) T MT_NAME(expm1Of)(T x) {
  const T bottom = MT_WIDE ? (T)-40 : (T)-20, top = MT_WIDE ? (T)0x1.62e42fefa39efp+9 : (T)0x1.62e42ep+6f;
  T shifted;
  const T r = MT_NAME(reduced)(x < bottom ? bottom : x, &shifted), rest = r * r * MT_NAME(expSquare)(r);
  const T half = MT_NAME(fromBits)((I)(((U)MT_NAME(bits)(shifted) + (MT_BIAS - 1)) << MT_MANTISSA));
  const T near = __builtin_elementwise_copysign(r + rest, x);
  const T y = shifted == MT_ROUNDER ? near : 2 * MT_FMA(half, rest, MT_FMA(half, r, half - (T)0.5));
  return x <= top ? y : x + (T)INFINITY;
}

// The power of two that frexp splits off: x is 2ⁿ times a number in ½ ..< 1. It is 0 for 0, infinities and NaN.
static inline __attribute__((always_inline)) T MT_NAME(exponentOf)(T x) {
  const int subnormal = __builtin_elementwise_abs(x) < (MT_WIDE ? (T)0x1p-1022 : (T)0x1p-126f);
  const I scaled = MT_NAME(bits)(subnormal ? x * (MT_WIDE ? (T)0x1p54 : (T)0x1p25f) : x);
  const I biased = (scaled >> MT_MANTISSA) & (2 * MT_BIAS + 1);
  const T exponent = (T)(biased - MT_BIAS + 1 - (!subnormal ? 0 : MT_WIDE ? 54 : 25));
  return x == 0 || biased == 2 * MT_BIAS + 1 ? (T)0 : exponent;
}

// exp(x) / 2 for x ≥ 0. It overflows where sinh and cosh do.
static inline __attribute__((always_inline)) T MT_NAME(halfExp)(T x) {
  const T top = MT_WIDE ? (T)0x1.633ce8fb9f87dp+9 : (T)0x1.65a9f8p+6f;
  T shifted;
  const T y = MT_NAME(expNearZero)(MT_NAME(reduced)(x, &shifted));
  const U exponent = (U)MT_NAME(bits)(shifted) - 1;
  return x <= top ? MT_NAME(fromBits)((I)((U)MT_NAME(bits)(y) + (exponent << MT_MANTISSA))) : x + (T)INFINITY;
}

static inline __attribute__((always_inline)) T MT_NAME(coshOf)(T x) {
  const T h = MT_NAME(halfExp)(__builtin_elementwise_abs(x));
  return h + (T)0.25 / h;
}

// sinh(x) = x + x z P(z), z = x², for |x| < 1.
static inline __attribute__((always_inline)) T MT_NAME(sinhOf)(T x) {
  const T magnitude = __builtin_elementwise_abs(x), z = x * x, h = MT_NAME(halfExp)(magnitude);
#if MT_WIDE
  T p = 7.7587307319314615938e-13;
  p = MT_FMA(p, z, 1.6057260499761388725e-10);
  p = MT_FMA(p, z, 2.5052123125349765329e-8);
  p = MT_FMA(p, z, 2.7557319157157223324e-6);
  p = MT_FMA(p, z, 1.9841269841431557186e-4);
  p = MT_FMA(p, z, 8.3333333333331482586e-3);
  p = MT_FMA(p, z, 1.6666666666666667381e-1);
#else
  T p = 2.8169498879e-6f;
  p = MT_FMA(p, z, 1.9836160435e-4f);
  p = MT_FMA(p, z, 8.3333500515e-3f);
  p = MT_FMA(p, z, 1.6666666498e-1f);
#endif
  return magnitude < 1 ? MT_FMA(x * z, p, x) : __builtin_elementwise_copysign(h - (T)0.25 / h, x);
}

#undef MT_MANTISSA
#undef MT_BIAS
#undef MT_ROUNDER
#undef MT_TANH_NEAR
