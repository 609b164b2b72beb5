// sin and cos of one element. They have no branches and no calls, so that loops over them vectorise. Included by
// Unary.c for each floating type and instruction set.
//
// x = n · π/2 + r, |r| ≤ π/4. π/2 is split into parts of 33 bits, whose products with n < 2²⁰ are exact (Cody & Waite
// 1980), so that r stays accurate next to a multiple of π/2. sin or cos of r is a minimax polynomial. All arithmetic is
// in double, so that a float is rounded once. Larger |x| use the C library, which reduces by as many digits of π as
// needed.

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

// sin(x + shift · π/2) for x that is not huge, before it is rounded to a float.
static inline __attribute__((always_inline)) double MT_NAME(wideSineOf)(T x, int64_t shift) {
// Fused instructions are allowed here: the products that have to be exact stay exact.
#pragma clang fp contract(on)
  const double rounder = 0x1.8p52, shifted = x * 0.63661977236758134308 + rounder, n = shifted - rounder;
  int64_t turns;
  memcpy(&turns, &shifted, sizeof turns);
  turns += shift;
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
  const double sine = r - ((z * (0.5 * tail) - tail) - r * z * s);
  double c = -1.1359648799409153064e-11;
  c = c * z + 2.0875723294065146141e-09;
  c = c * z - 2.7557314352514251673e-07;
  c = c * z + 2.4801587289482977862e-05;
  c = c * z - 1.3888888888874125717e-03;
  c = c * z + 4.1666666666666599492e-02;
  const double half = 0.5 * z, most = 1 - half;
  const double cosine = most + (((1 - most) - half) + (z * z * c - r * tail));
#else
  const double r = near - n * 0x1.0b4611a626331p-34, z = r * r;
  double s = 2.7183043536572071606e-06;
  s = s * z - 1.9839334138149249448e-04;
  s = s * z + 8.3333293839674550032e-03;
  s = s * z - 1.6666666641613330942e-01;
  const double sine = r * (1 + z * s);
  double c = 2.4438347454503303371e-05;
  c = c * z - 1.3887366643320533608e-03;
  c = c * z + 4.1666646849852969393e-02;
  const double cosine = 1 + z * (c * z - 0.5);
#endif
  const double magnitude = turns & 1 ? cosine : sine;
  return turns & 2 ? -magnitude : magnitude;
}

static inline __attribute__((always_inline)) T MT_NAME(sineOf)(T x, int64_t shift) {
  return (T)MT_NAME(wideSineOf)(x, shift);
}

#if !MT_WIDE
// tan(x) for x that is not huge. In double precision, the quotient would have an error of more than 2 ulp.
static inline __attribute__((always_inline)) T MT_NAME(tangentOf)(T x) {
  return (T)(MT_NAME(wideSineOf)(x, 0) / MT_NAME(wideSineOf)(x, 1));
}
#endif

// sin(πx) / (πx), from the distance r of x to the nearest integer: sin(πx) = ±sin(πr) is exactly 0 at integers.
static inline __attribute__((always_inline)) T MT_NAME(sincOf)(T x) {
  const T n = __builtin_elementwise_roundeven(x), r = x - n, pi = (T)3.14159265358979323846, half = n * (T)0.5;
  const T sine = MT_NAME(sineOf)(pi * r, 0), y = (half == __builtin_elementwise_floor(half) ? sine : -sine) / (pi * x);
  return x == 0 ? (T)1 : y;
}
