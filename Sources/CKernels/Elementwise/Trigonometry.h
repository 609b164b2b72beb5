// Circular functions of one element and their inverses. They have no branches and no calls, so that loops over them
// vectorise. Included by Unary.c and Binary.c for each floating type and instruction set, after Math.h.
//
// sin, cos and tan: x = n · π/2 + r, |r| ≤ π/4. π/2 is split into parts of 33 bits, whose products with n < 2²⁰ are
// exact (Cody & Waite 1980), so that r stays accurate next to a multiple of π/2. sin or cos of r is a minimax
// polynomial. Their arithmetic is in double, so that a float is rounded once. Larger |x| use the C library, which
// reduces by as many digits of π as needed.

#define MT_LARGEST_ANGLE ((T)0x1p20)

static inline __attribute__((always_inline)) int MT_NAME(isHuge)(T x) {
  return __builtin_elementwise_abs(x) > MT_LARGEST_ANGLE;
}

#if MT_WIDE
// a − b, and the rounding error of that difference (Knuth, The Art of Computer Programming 2, 4.2.2).
static inline __attribute__((always_inline)) double MT_NAME(difference)(double a, double b, double *lost) {
  const double d = a - b, back = d - a;
  *lost = (a - (d - back)) - (b + back);
  return d;
}
#endif

// The sine and cosine of r, each with its rounding error (0 for floats, which need none), and n.
typedef struct {
  double sine, sineLow, cosine, cosineLow;
  int64_t turns;
} MT_NAME(Circular);

// Reduces x, which is not huge.
static inline __attribute__((always_inline)) MT_NAME(Circular) MT_NAME(circularOf)(T x) {
// Fused instructions are allowed here: the products that have to be exact stay exact.
#pragma clang fp contract(on)
  const double rounder = 0x1.8p52, shifted = x * 0.63661977236758134308 + rounder, n = shifted - rounder;
  int64_t turns;
  memcpy(&turns, &shifted, sizeof turns);
  const double near = x - n * 0x1.921fb544p+0;
#if MT_WIDE
  double lost1, lost2;
  const double nearer = MT_NAME(difference)(near, n * 0x1.0b4611a6p-34, &lost1);
  const double nearest = MT_NAME(difference)(nearer, n * 0x1.3198a2ep-69, &lost2);
  const double rest = n * 0x1.b839a252049c1p-104 - lost1 - lost2;
  const double r = nearest - rest, tail = (nearest - r) - rest;
  const double z = r * r;
  double s = 1.5896809136513203516e-10;
  s = s * z - 2.5050758381558538156e-08;
  s = s * z + 2.7557313693845679682e-06;
  s = s * z - 1.9841269829814009858e-04;
  s = s * z + 8.3333333333224221097e-03;
  s = s * z - 1.6666666666666632063e-01;
  const double slope = (z * (0.5 * tail) - tail) - r * z * s, sine = r - slope, sineLow = (r - sine) - slope;
  double c = -1.1359648799409153064e-11;
  c = c * z + 2.0875723294065146141e-09;
  c = c * z - 2.7557314352514251673e-07;
  c = c * z + 2.4801587289482977862e-05;
  c = c * z - 1.3888888888874125717e-03;
  c = c * z + 4.1666666666666599492e-02;
  const double half = 0.5 * z, most = 1 - half;
  const double bend = ((1 - most) - half) + (z * z * c - r * tail);
  const double cosine = most + bend, cosineLow = (most - cosine) + bend;
#else
  const double r = near - n * 0x1.0b4611a626331p-34, z = r * r;
  double s = 2.7183043536572071606e-06;
  s = s * z - 1.9839334138149249448e-04;
  s = s * z + 8.3333293839674550032e-03;
  s = s * z - 1.6666666641613330942e-01;
  const double sine = r * (1 + z * s), sineLow = 0;
  double c = 2.4438347454503303371e-05;
  c = c * z - 1.3887366643320533608e-03;
  c = c * z + 4.1666646849852969393e-02;
  const double cosine = 1 + z * (c * z - 0.5), cosineLow = 0;
#endif
  return (MT_NAME(Circular)){sine, sineLow, cosine, cosineLow, turns};
}

// sin(x + shift · π/2) for x that is not huge.
static inline __attribute__((always_inline)) T MT_NAME(sineOf)(T x, int64_t shift) {
  const MT_NAME(Circular) at = MT_NAME(circularOf)(x);
  const int64_t turns = at.turns + shift;
  const double magnitude = turns & 1 ? at.cosine : at.sine;
  return (T)(turns & 2 ? -magnitude : magnitude);
}

// tan(x) for x that is not huge. The quotient is corrected by the rounding errors of sine and cosine.
static inline __attribute__((always_inline)) T MT_NAME(tangentOf)(T x) {
  const MT_NAME(Circular) at = MT_NAME(circularOf)(x);
  const int isTurned = at.turns & 1;
  const double a = isTurned ? -at.cosine : at.sine, aLow = isTurned ? -at.cosineLow : at.sineLow;
  const double b = isTurned ? at.sine : at.cosine, bLow = isTurned ? at.sineLow : at.cosineLow;
  const double y = a / b;
  return x == 0 ? x : (T)(MT_WIDE ? y + (aLow - y * bLow) / b : y);
}

// sin(πx) / (πx), from the distance r of x to the nearest integer: sin(πx) = ±sin(πr) is exactly 0 at integers. Up to
// ¼, sin(πr) / π = r + r z S(z), z = r²; above, it is the cosine of the rest. The
// rounding error of the sum is added to the quotient.
static inline __attribute__((always_inline)) T MT_NAME(sincOf)(T x) {
  const T n = __builtin_elementwise_roundeven(x), half = n * (T)0.5, r = x - n;
  const T distance = __builtin_elementwise_abs(r);
  const int isFar = distance > (T)0.25;
  const T q = isFar ? (T)0.5 - distance : distance, z = q * q;
#if MT_WIDE
  T s = 1.4692405859961639001e-4;
  s = MT_FMA(s, z, -2.3459536393120284085e-3);
  s = MT_FMA(s, z, 2.614784250357202251e-2);
  s = MT_FMA(s, z, -1.9075182400986347196e-1);
  s = MT_FMA(s, z, 8.1174242528226235286e-1);
  s = MT_FMA(s, z, -1.6449340668482228951);
  T c = -3.2966292463876848032e-5;
  c = MT_FMA(c, z, 6.1416802036989318635e-4);
  c = MT_FMA(c, z, -8.2145868413408246351e-3);
  c = MT_FMA(c, z, 7.4908066112291251674e-2);
  c = MT_FMA(c, z, -4.250273399787352666e-1);
  c = MT_FMA(c, z, 1.2919281950124864101);
  c = MT_FMA(c, z, -1.5707963267948966038);
  const T rest = -1.9678676675182486954e-17;
#else
  T s = -1.8761780622e-1f;
  s = MT_FMA(s, z, 8.1162820795e-1f);
  s = MT_FMA(s, z, -1.644932877f);
  T c = 7.3645570538e-2f;
  c = MT_FMA(c, z, -4.2495980161e-1f);
  c = MT_FMA(c, z, 1.2919267595f);
  c = MT_FMA(c, z, -1.5707963172f);
  const T rest = 1.2841276633e-08f;
#endif
  const T first = isFar ? (T)0.31830988618379067154 : q, second = isFar ? MT_FMA(z, c, rest) : q * z * s;
  const T sine = first + second, lost = (first - sine) + second;
  const T magnitude = sine / x + lost / x, y = r < 0 ? -magnitude : magnitude;
  return x == 0 ? (T)1 : half == __builtin_elementwise_floor(half) ? y : -y;
}

// The angle of the point (b, a), or of (−b, a) if isTurned, for a, b ≥ 0: k · π/4 + atan(t), |t| < 0.55, with
// t = a / b, (a − b) / (a + b) or −b / a. The second quotient is used where the angle is at least ½, so that its error
// counts little. π/4 has two parts, of which multiples of the first are exact.
static inline __attribute__((always_inline)) T MT_NAME(angleOf)(T a, T b, int isTurned) {
  const T quarter = MT_WIDE ? (T)0x1.921fb54442d18p-1 : (T)0x1.921fbp-1f;
  const T quarterLow = MT_WIDE ? (T)3.0616169978683829431e-17 : (T)1.5695823932524066085e-07f;
  const int isLow = a * (T)1.83 <= b, isHigh = a >= b * 2;
  const T over = isLow ? a : isHigh ? -b : a - b, under = isLow ? b : isHigh ? a : a + b;
  const T steps = isLow ? 0 : isHigh ? (T)2 : (T)1, k = isTurned ? 4 - steps : steps;
  const T quotient = over / under, t = isTurned ? -quotient : quotient, z = t * t;
#if MT_WIDE
  T p = -6.4219177505811284507e-3;
  p = MT_FMA(p, z, 2.0351244728471448587e-2);
  p = MT_FMA(p, z, -3.4634219287868292768e-2);
  p = MT_FMA(p, z, 4.480664539483717948e-2);
  p = MT_FMA(p, z, -5.1993090279185646904e-2);
  p = MT_FMA(p, z, 5.8719647454796812973e-2);
  p = MT_FMA(p, z, -6.6654620533454693789e-2);
  p = MT_FMA(p, z, 7.6922097778246513679e-2);
  p = MT_FMA(p, z, -9.0909036820592984703e-2);
  p = MT_FMA(p, z, 1.1111110918285859621e-1);
  p = MT_FMA(p, z, -1.4285714281646788721e-1);
  p = MT_FMA(p, z, 1.9999999999956683031e-1);
  p = MT_FMA(p, z, -3.3333333333333171786e-1);
#else
  T p = 3.4310291492e-2f;
  p = MT_FMA(p, z, -7.6581397698e-2f);
  p = MT_FMA(p, z, 1.0851977668e-1f);
  p = MT_FMA(p, z, -1.4261133118e-1f);
  p = MT_FMA(p, z, 1.9998908597e-1f);
  p = MT_FMA(p, z, -3.3333317042e-1f);
#endif
  return k * quarter + (k * quarterLow + MT_FMA(t * z, p, t));
}

static inline __attribute__((always_inline)) T MT_NAME(atanOf)(T x) {
  return __builtin_elementwise_copysign(MT_NAME(angleOf)(__builtin_elementwise_abs(x), 1, 0), x);
}

// The angle of the point (x, y). Two infinities have the angle of (±1, ±1), and two zeros that of (±1, ±0). Coordinates
// are scaled where their sum might overflow, or where they might be subnormal.
static inline __attribute__((always_inline)) T MT_NAME(atan2Of)(T y, T x) {
  const T a = __builtin_elementwise_abs(y), b = __builtin_elementwise_abs(x);
  const int isOne = b == 0 ? a == 0 : a == b;
  const T small = MT_WIDE ? (T)0x1p-900 : (T)0x1p-90f, large = MT_WIDE ? (T)0x1p1000 : (T)0x1p100f;
  const T scale = a > large ? (T)0.25 : a < small && b < small ? (MT_WIDE ? (T)0x1p120 : (T)0x1p40f) : 1;
  const T angle = MT_NAME(angleOf)(isOne ? (T)(b != 0) : a * scale, isOne ? 1 : b * scale, MT_NAME(bits)(x) < 0);
  return __builtin_elementwise_copysign(angle, y);
}

// asin(r) − r = r z P(z), z = r², 0 ≤ r ≤ ½.
static inline __attribute__((always_inline)) T MT_NAME(asinRest)(T r, T z) {
#if MT_WIDE
  T p = 3.1905901405335457971e-2;
  p = MT_FMA(p, z, -1.6214521957595890647e-2);
  p = MT_FMA(p, z, 1.9521787684345597535e-2);
  p = MT_FMA(p, z, 6.530439591935591033e-3);
  p = MT_FMA(p, z, 1.216862078015747877e-2);
  p = MT_FMA(p, z, 1.3885328333048266153e-2);
  p = MT_FMA(p, z, 1.7359695117525507171e-2);
  p = MT_FMA(p, z, 2.2371758701802932457e-2);
  p = MT_FMA(p, z, 3.0381959109591652846e-2);
  p = MT_FMA(p, z, 4.464285682898560587e-2);
  p = MT_FMA(p, z, 7.5000000003362522497e-2);
  p = MT_FMA(p, z, 1.6666666666665411892e-1);
#else
  T p = 4.2165011079e-2f;
  p = MT_FMA(p, z, 2.4180580936e-2f);
  p = MT_FMA(p, z, 4.5470091375e-2f);
  p = MT_FMA(p, z, 7.4953004286e-2f);
  p = MT_FMA(p, z, 1.6666752408e-1f);
#endif
  return r * z * p;
}

#define MT_HALF_PI ((T)1.57079632679489661923)
// π/2 minus that constant.
#define MT_HALF_PI_LOW (MT_WIDE ? (T)6.1232339957367658860e-17 : (T)-4.3711388287e-08f)

// asin(m) = π/2 − 2 asin(√((1 − m) / 2)) for m > ½. Half of π/2 is added last, where its rounding costs least.
static inline __attribute__((always_inline)) T MT_NAME(asinOf)(T x) {
  const T m = __builtin_elementwise_abs(x), z = m > (T)0.5 ? (1 - m) * (T)0.5 : m * m;
  const T r = m > (T)0.5 ? __builtin_elementwise_sqrt(z) : m, rest = MT_NAME(asinRest)(r, z);
  const T quarter = MT_HALF_PI / 2, far = quarter + ((quarter - (r + r)) - (rest + rest - MT_HALF_PI_LOW));
  return __builtin_elementwise_copysign(m > (T)0.5 ? far : r + rest, x);
}

static inline __attribute__((always_inline)) T MT_NAME(acosOf)(T x) {
  const T m = __builtin_elementwise_abs(x), z = m > (T)0.5 ? (1 - m) * (T)0.5 : m * m;
  const T r = m > (T)0.5 ? __builtin_elementwise_sqrt(z) : m, y = r + MT_NAME(asinRest)(r, z);
  const T near = MT_HALF_PI - (__builtin_elementwise_copysign(y, x) - MT_HALF_PI_LOW);
  const T far = x < 0 ? 2 * (MT_HALF_PI - (y - MT_HALF_PI_LOW)) : y + y;
  return m > (T)0.5 ? far : near;
}

#undef MT_HALF_PI
#undef MT_HALF_PI_LOW
