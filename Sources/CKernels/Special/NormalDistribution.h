// The complement of the error function, and the normal distribution, of one element. They have no branches and no calls,
// so that loops over them vectorise. Included by Special.c for each floating type and instruction set.
//
// In double, x erfcx(x) = x exp(x²) erfc(x) is a polynomial of y = (x − 3.75) / (x + 3.75), by the substitution of
// Shepherd & Laframboise 1981 (DOI 10.2307/2007762), and in float (x + 2.5) erfcx(x) is one of (x − 2.5) / (x + 2.5). All
// coefficients are minimax.

// erfcx(x) for x ≥ 0.49.
static inline __attribute__((always_inline)) T MT_NAME(erfcxFar)(T x) {
#if MT_WIDE
  const double bounded = x > 0x1p100 ? 0x1p100 : x, y = (bounded - 3.75) / (bounded + 3.75);
  return MT_SERIES(y,
      -6.5880343665910109353e-10, -2.4401455075087935584e-9, 1.6170733361000533619e-8, 1.1477438636138500112e-8,
      -1.3831076679689503659e-7, 1.2929136567937543276e-9, 9.6281208850052394036e-7, -8.1138267497787093192e-7,
      -6.0943207660481611921e-6, 1.4281325021651268536e-5, 2.4032141291525206749e-5, -1.6902565158034631903e-4,
      2.2308825904168857032e-4, 8.9058043965658086246e-4, -5.7747709970924445065e-3, 1.8291449304525929867e-2,
      -4.1418311280465258309e-2, 7.3553323926505670423e-2, -1.0570412108699158812e-1, 1.2292431700706975655e-1,
      -1.1121132571557824473e-1, 6.6590666454939448037e-2, 5.4596145478139451937e-1) / x;
#else
  const float sum = x + 2.5f, y = (x - 2.5f) / sum;
  return MT_SERIES(y,
      5.647736995e-4f, -3.935422641e-4f, -4.757362078e-3f, 8.378870150e-3f, 2.835056688e-2f, -1.712493875e-1f,
      4.539147863e-1f, -8.046519109e-1f, 1.054031814f) / sum;
#endif
}

// exp(sign · share · x²) without the rounding error of x²: the square of x's upper digits is exact.
static inline __attribute__((always_inline)) T MT_NAME(gaussOf)(T x, T share, T sign) {
  const T high = MT_NAME(fromBits)(MT_NAME(bits)(x) & ~(I)(MT_WIDE ? 0x7ffffff : 0xfff));
  return MT_NAME(expOfParts)(sign * share * high * high, -sign * share * (x - high) * (x + high));
}

static inline __attribute__((always_inline)) T MT_NAME(erfcOf)(T x) {
  const T m = __builtin_elementwise_abs(x), bounded = m > 28 ? 28 : m;
  const T far = MT_NAME(gaussOf)(bounded, 1, -1) * MT_NAME(erfcxFar)(bounded);
  return m < (MT_WIDE ? (T)0.8 : (T)0.7) ? 1 - MT_NAME(erfNear)(x) : x < 0 ? 2 - far : far;
}

#define MT_ROOT_HALF ((T)0.70710678118654752440)

// Φ(x), the cumulative distribution function: ½ erfc(−x / √2).
static inline __attribute__((always_inline)) T MT_NAME(normalCDFOf)(T x) {
  const T m = __builtin_elementwise_abs(x), bounded = m > 40 ? 40 : m;
  const T far = (T)0.5 * MT_NAME(gaussOf)(bounded, (T)0.5, -1) * MT_NAME(erfcxFar)(bounded * MT_ROOT_HALF);
  const T near = (T)0.5 + (T)0.5 * MT_NAME(erfNear)(x * MT_ROOT_HALF);
  return m < 1 ? near : x < 0 ? far : 1 - far;
}

#if MT_WIDE
static inline __attribute__((always_inline)) double MT_NAME(erfcxOf)(double x) {
  const double m = __builtin_elementwise_abs(x), far = MT_NAME(erfcxFar)(m);
  const double square = MT_NAME(gaussOf)(m > 28 ? 28 : m, 1, 1);
  return m < 0.5 ? square * (1 - MT_NAME(erfNear)(x)) : x < 0 ? 2 * square - far : far;
}

// log Φ(x): log(½ erfcx(−x / √2)) − x²/2 below, and above 0 from 1 − Φ.
static inline __attribute__((always_inline)) double MT_NAME(logNormalCDFOf)(double x) {
  const double share = MT_NAME(normalCDFOf)(x < 0 ? x : -x);
  const double u = __builtin_elementwise_abs(x) * MT_ROOT_HALF, scaled = 0.5 * MT_NAME(erfcxFar)(u);
  const double below = MT_NAME(logOf)(x < -0.7 ? scaled : share) - (x < -0.7 ? 0.5 * x * x : 0);
  return x < 0 ? below : MT_NAME(log1pOf)(-share);
}

// The quantile Φ⁻¹(p) times `scale`, from c = p − ½ and the smaller of p and 1 − p. Up to |c| = 0.425 it is c times
// slope + c² R(c²), and above √2 r less a function of r = √(−log tail); both functions are rational, as in Wichura 1988
// (DOI 10.2307/2347330). The slope at ½ has two parts.
static inline __attribute__((always_inline)) double MT_NAME(quantileOf)(double c, double tail, double scale,
                                                                           double slope, double slopeLow) {
  const double v = c * c, u = 0.180625 - v, r = __builtin_elementwise_sqrt(-MT_NAME(logOf)(tail)), s = r - 1.6;
  const double a = MT_SERIES(u,
      5.7940658268887277505e+2, 3.7034987252573670881e+4, 8.6792088345090741772e+4, 6.2517773037640275963e+4,
      1.9174361180613126136e+4, 2.7926729364601605451e+3, 1.9034026574866032839e+2, 4.874765941399952038);
  const double b = MT_SERIES(u,
      2.0123713304322440597e+4, 6.8373872204963756593e+4, 7.0183460809244718098e+4, 3.1205339271086982115e+4,
      6.9050894853926788633e+3, 7.9290136480073711438e+2, 4.5070349578244496124e+1, 1.0);
  const double d = MT_SERIES(s,
      3.2115196661786588982e-13, 2.0365959729636751665e-9, 5.1028762557909334834e-7, 3.6165835282078794095e-5,
      1.0432950113572786753e-3, 1.4592825444353415261e-2, 1.1020156395928139509e-1, 4.7776262245590907611e-1,
      1.1913993032326785501, 1.5715978999325323242, 8.3930458904726848516e-1);
  const double e = MT_SERIES(s,
      3.6052454230089743736e-10, 1.1562745082063451844e-7, 9.9679774304587567829e-6, 3.4737803806546443239e-4,
      5.9197164767899615766e-3, 5.5391703903343422543e-2, 3.0594349773263835142e-1, 1.0269118028332473232,
      2.0500748344812522869, 2.2222361836439865755, 1.0);
  const double near = MT_FMA(c, slope, c * (slopeLow + scale * v * (a / b)));
  const double far = tail == 0 ? (double)INFINITY : scale * MT_FMA(r, 1.41421356237309504880, -(d / e));
  return u >= 0 ? near : __builtin_elementwise_copysign(far, c);
}

static inline __attribute__((always_inline)) double MT_NAME(normalQuantileOf)(double p) {
  return MT_NAME(quantileOf)(p - 0.5, p < 0.5 ? p : 1 - p, 1, 2.5066282746310007, -1.8328579980459167e-16);
}

// The inverse of erf.
static inline __attribute__((always_inline)) double MT_NAME(erfinvOf)(double x) {
  const double tail = 0.5 - 0.5 * __builtin_elementwise_abs(x);
  return MT_NAME(quantileOf)(0.5 * x, tail, MT_ROOT_HALF, 1.772453850905516, -7.6665864998257987e-17);
}

#else

// The inverse of erf: x times a polynomial of w = −log(1 − x²), or of √w, as in Giles 2012 (Approximating the erfinv
// function, GPU Computing Gems 2).
static inline __attribute__((always_inline)) float MT_NAME(erfinvOf)(float x) {
  const float m = __builtin_elementwise_abs(x), w = -MT_NAME(logOf)((1 - m) * (1 + m));
  const float t = w - 3, s = __builtin_elementwise_sqrt(w) - 3;
  const float near = MT_SERIES(t,
      6.255117205e-10f, -5.473601658e-9f, -1.833560970e-8f, 4.484224800e-7f, -1.775828544e-6f, -1.270882890e-5f,
      1.951276166e-4f, -8.361927113e-4f, -5.738193570e-3f, 2.416304074e-1f, 1.623542015f);
  const float far = MT_SERIES(s,
      -2.284761654e-4f, 1.333973372e-3f, -3.462188650e-3f, 5.706715237e-3f, -7.663964680e-3f, 9.444516344e-3f,
      1.001676286f, 2.832976816f);
  return m == 1 ? x * (float)INFINITY : x * (w < 6 ? near : far);
}
#endif
