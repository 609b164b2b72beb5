// erf and gelu of one element. Included by Unary.c and Binary.c after Math.h.
//
// erf(x) = x + x P(x²) for |x| ≤ 1. For |x| > 1 it is 1 − exp(−x²) Q(|x| − 1), where the error of the second term is
// weighted relative to 1. P and Q are minimax polynomials for these weights (Remez 1934).

static inline __attribute__((always_inline)) T MT_NAME(erfNear)(T x) {
  const T z = x * x;
#if MT_WIDE
  T p = -7.7794629717615968919e-10;
  p = MT_FMA(p, z, 1.3710988704190523118e-08);
  p = MT_FMA(p, z, -1.6206318752969209004e-07);
  p = MT_FMA(p, z, 1.6447132699786621009e-06);
  p = MT_FMA(p, z, -1.4924712439534814108e-05);
  p = MT_FMA(p, z, 1.2055293586936949976e-04);
  p = MT_FMA(p, z, -8.5483259297662442975e-04);
  p = MT_FMA(p, z, 5.2239776061308421667e-03);
  p = MT_FMA(p, z, -2.6866170643113413715e-02);
  p = MT_FMA(p, z, 1.1283791670944200308e-01);
  p = MT_FMA(p, z, -3.7612638903183520025e-01);
  p = MT_FMA(p, z, 1.2837916709551256568e-01);
#else
  T p = 7.8538498284e-05f;
  p = MT_FMA(p, z, -8.0102026993e-04f);
  p = MT_FMA(p, z, 5.1883304825e-03f);
  p = MT_FMA(p, z, -2.6853814582e-02f);
  p = MT_FMA(p, z, 1.1283585249e-01f);
  p = MT_FMA(p, z, -3.7612625837e-01f);
  p = MT_FMA(p, z, 1.2837916573e-01f);
#endif
  return MT_FMA(x, p, x);
}

static inline __attribute__((always_inline)) T MT_NAME(erfOf)(T x) {
  // Beyond this bound erf is ±1 to the last digit.
  const T most = MT_WIDE ? (T)6 : (T)4, magnitude = x < 0 ? -x : x;
  const T t = magnitude > most ? most : magnitude, z = t * t, u = t - 1;
#if MT_WIDE
  T q = 1.1868561093261949558e-12;
  q = MT_FMA(q, u, -3.9680853788196871534e-11);
  q = MT_FMA(q, u, 6.2447316964304286222e-10);
  q = MT_FMA(q, u, -6.1951925722857637343e-09);
  q = MT_FMA(q, u, 4.3915858012611848279e-08);
  q = MT_FMA(q, u, -2.4004703309168833665e-07);
  q = MT_FMA(q, u, 1.0713597010206548269e-06);
  q = MT_FMA(q, u, -4.0991871731052109002e-06);
  q = MT_FMA(q, u, 1.4028220721516443714e-05);
  q = MT_FMA(q, u, -4.4418336881279000033e-05);
  q = MT_FMA(q, u, 1.3309155131407912896e-04);
  q = MT_FMA(q, u, -3.8160512099608511751e-04);
  q = MT_FMA(q, u, 1.0501062989065522201e-03);
  q = MT_FMA(q, u, -2.7690079267299054045e-03);
  q = MT_FMA(q, u, 6.9701280106008527026e-03);
  q = MT_FMA(q, u, -1.6661866564078276539e-02);
  q = MT_FMA(q, u, 3.7572295923462640733e-02);
  q = MT_FMA(q, u, -7.9226968921049262847e-02);
  q = MT_FMA(q, u, 1.5437156137117627908e-01);
  q = MT_FMA(q, u, -2.7321201478388827484e-01);
  q = MT_FMA(q, u, 4.2758357615580698090e-01);
#else
  T q = -3.9376397614e-04f;
  q = MT_FMA(q, u, 3.3091612097e-03f);
  q = MT_FMA(q, u, -1.3187032957e-02f);
  q = MT_FMA(q, u, 3.5659572818e-02f);
  q = MT_FMA(q, u, -7.8658911721e-02f);
  q = MT_FMA(q, u, 1.5429148767e-01f);
  q = MT_FMA(q, u, -2.7320793564e-01f);
  q = MT_FMA(q, u, 4.2758354434e-01f);
#endif
  const T outer = __builtin_elementwise_copysign(1 - MT_NAME(moderateExp)(-z) * q, x);
  return magnitude > 1 ? outer : MT_NAME(erfNear)(x);
}

// Φ(x), the cumulative normal distribution. Single precision uses ½ + x P(x²) / Q(x²), a minimax rational function with
// an error of 7e-9, up to |x| = 5.5; beyond it the value is 0 or 1 to the last digit.
static inline __attribute__((always_inline)) T MT_NAME(normalOf)(T x) {
#if MT_WIDE
  return MT_FMA((T)0.5, MT_NAME(erfOf)(x * (T)0.70710678118654752440), (T)0.5);
#else
  const T z = x * x;
  T p = 2.2749299592e-08f;
  p = MT_FMA(p, z, 6.3521301799e-06f);
  p = MT_FMA(p, z, 1.6882720156e-04f);
  p = MT_FMA(p, z, 4.6772697821e-03f);
  p = MT_FMA(p, z, 3.3852794636e-02f);
  p = MT_FMA(p, z, 3.9894223462e-01f);
  T q = 1.1975029333e-06f;
  q = MT_FMA(q, z, 7.3648003880e-05f);
  q = MT_FMA(q, z, 1.8844533857e-03f);
  q = MT_FMA(q, z, 2.8645956569e-02f);
  q = MT_FMA(q, z, 2.5152229046e-01f);
  q = MT_FMA(q, z, 1.0f);
  return (T)0.5 + (__builtin_elementwise_abs(x) > (T)5.5 ? __builtin_elementwise_copysign((T)0.5, x) : x * p / q);
#endif
}

// x times the normal density at x. x is clamped to ±37, beyond which the result is negligible: ∞ · 0 would be NaN.
static inline __attribute__((always_inline)) T MT_NAME(densityTimes)(T x) {
  const T near = x < -37 ? (T)-37 : x > 37 ? (T)37 : x;
  return MT_NAME(expOf)((T)-0.5 * near * near) * (T)0.39894228040143267794 * near;
}

// tanh(√(2/π) (x + 0.044715 x³)), which approximates 2 Φ(x) − 1.
static inline __attribute__((always_inline)) T MT_NAME(nearNormal)(T x) {
  return MT_NAME(tanhOf)((T)0.79788456080286535588 * MT_FMA(x * x * x, (T)0.044715, x));
}

// The derivative of gelu's tanh approximation.
static inline __attribute__((always_inline)) T MT_NAME(geluTanhSlope)(T x) {
  const T t = MT_NAME(nearNormal)(x);
  const T inner = (T)0.79788456080286535588 * MT_FMA(x * x, (T)(3 * 0.044715), (T)1);
  return (T)0.5 * (1 + t + x * (1 - t * t) * inner);
}
