#include "Sweep.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MT_CHUNK 4096

// sin(πx) / (πx), with the reduction of x to the nearest integer, where the sine is exactly 0.
#define MT_SINC(name, R, f) \
  static R name(R x) { \
    const R pi = (R)3.14159265358979323846264338327950288L, whole = f(rint)(x); \
    const R y = f(sin)(pi * (x - whole)) / (pi * x); \
    return x == 0 ? 1 : f(fmod)(whole, 2) == 0 ? y : -y; \
  }

// erf⁻¹(x) by Halley's method, from an approximation that is right to 0.4 % (Winitzki 2008). Up to 0.5 it solves erf(y) =
// x, and above erfc(y) = 1 − x.
#define MT_ERFINV(name, R, f) \
  static R name(R x) { \
    const R m = f(fabs)(x), tail = 1 - m, pi = (R)3.14159265358979323846264338327950288L; \
    if (!(m < 1)) return m == 1 ? x * (R)INFINITY : (R)NAN; \
    const R logarithm = f(log1p)(-m * m), half = 2 / (pi * 0.147L) + logarithm / 2; \
    R y = m < 1e-3L ? m : f(sqrt)(f(sqrt)(half * half - logarithm / 0.147L) - half); \
    for (int step = 0; step < 4; step++) { \
      const R rest = m < 0.5L ? m - f(erf)(y) : f(erfc)(y) - tail, e = rest * f(sqrt)(pi) / 2 * f(exp)(y * y); \
      y += e / (1 - e * y); \
    } \
    return f(copysign)(y, x); \
  }

// The true values. The code below is compiled for double, which judges floats, and for long double.
#define MT_REFERENCE(name, R, f) \
  static R name(MTUnary function, R x) { \
    const R root = (R)0.70710678118654752440084436210484904L, scale = (R)0.79788456080286535587989211986876373L; \
    switch (function) { \
      case MTUnary_exp: return f(exp)(x); \
      case MTUnary_log: return f(log)(x); \
      case MTUnary_squareRoot: return f(sqrt)(x); \
      case MTUnary_tanh: return f(tanh)(x); \
      case MTUnary_sigmoid: return 1 / (1 + f(exp)(-x)); \
      case MTUnary_sin: return f(sin)(x); \
      case MTUnary_cos: return f(cos)(x); \
      case MTUnary_erf: return f(erf)(x); \
      case MTUnary_log1p: return f(log1p)(x); \
      case MTUnary_expm1: return f(expm1)(x); \
      case MTUnary_exp2: return f(exp2)(x); \
      case MTUnary_log2: return f(log2)(x); \
      case MTUnary_log10: return f(log10)(x); \
      case MTUnary_tan: return f(tan)(x); \
      case MTUnary_asin: return f(asin)(x); \
      case MTUnary_acos: return f(acos)(x); \
      case MTUnary_atan: return f(atan)(x); \
      case MTUnary_sinh: return f(sinh)(x); \
      case MTUnary_cosh: return f(cosh)(x); \
      case MTUnary_asinh: return f(asinh)(x); \
      case MTUnary_acosh: return f(acosh)(x); \
      case MTUnary_atanh: return f(atanh)(x); \
      case MTUnary_rsqrt: return 1 / f(sqrt)(x); \
      case MTUnary_logit: return x > 0.25L && x < 0.75L ? f(log1p)((2 * x - 1) / (1 - x)) : f(log)(x / (1 - x)); \
      case MTUnary_erfc: return f(erfc)(x); \
      case MTUnary_erfinv: return name##Erfinv(x); \
      case MTUnary_normalCDF: return f(erfc)(-x * root) / 2; \
      case MTUnary_logGamma: return f(lgamma)(x); \
      case MTUnary_sinc: return name##Sinc(x); \
      case MTUnary_gelu: return x * f(erfc)(-x * root) / 2; \
      case MTUnary_geluTanh: return x / (1 + f(exp)(-2 * scale * (x + 0.044715L * x * x * x))); \
      default: return NAN; \
    } \
  }
#define MT_DOUBLE(name) name
#define MT_LONG(name) name##l
MT_SINC(referenceOfFloatSinc, double, MT_DOUBLE)
MT_SINC(referenceOfDoubleSinc, long double, MT_LONG)
MT_ERFINV(referenceOfFloatErfinv, double, MT_DOUBLE)
MT_ERFINV(referenceOfDoubleErfinv, long double, MT_LONG)
MT_REFERENCE(referenceOfFloat, double, MT_DOUBLE)
MT_REFERENCE(referenceOfDouble, long double, MT_LONG)

// The error of y as a number with `digits` bits after the point and exponents from `least` to `most`.
static double errorOf(long double y, long double expected, long double scale, int digits, int least, int most) {
  if (y == expected || (y != y && expected != expected)) return 0;
  if (y != y || expected != expected || isinf(expected)) return INFINITY;
  const long double magnitude = fmaxl(fabsl(expected), scale);
  int exponent = magnitude == 0 ? least : ilogbl(magnitude);
  exponent = exponent < least ? least : exponent > most ? most : exponent;
  const long double unit = scalbnl(1, exponent - digits);
  // Infinity is right for values that are closer to it than to the largest number.
  if (isinf(y)) return fabsl(expected) >= scalbnl(1, most + 1) - unit / 2 && (y > 0) == (expected > 0) ? 0 : INFINITY;
  return (double)(fabsl(y - expected) / unit);
}

static long double scaleOf(MTUnary function, long double x) {
  if (function == MTUnary_logGamma) return x < 0 ? fmaxl(1, lgammal(1 - x)) : 0;
  return (function == MTUnary_gelu || function == MTUnary_geluTanh) && x < 0 ? -x : 0;
}

static void note(MTWorst *worst, double error, double x) {
  if (error > worst->error) *worst = (MTWorst){error, x};
}

static void tryFloats(MTUnary function, float *x, intptr_t count, MTWorst *worst) {
  float y[MT_CHUNK];
  martlet_kernels_f32->unary[function]((MTPlane){x, 0, 1}, (MTPlane){y, 0, 1}, 1, count, 0, 0);
  for (intptr_t i = 0; i < count; i++) {
    const double expected = referenceOfFloat(function, x[i]);
    if ((float)expected == y[i]) continue;
    note(worst, errorOf(y[i], expected, scaleOf(function, x[i]), 23, -126, 127), x[i]);
  }
}

static void tryDoubles(MTUnary function, double *x, intptr_t count, MTWorst *worst) {
  double y[MT_CHUNK];
  martlet_kernels_f64->unary[function]((MTPlane){x, 0, 1}, (MTPlane){y, 0, 1}, 1, count, 0, 0);
  for (intptr_t i = 0; i < count; i++) {
    const long double expected = referenceOfDouble(function, x[i]);
    note(worst, errorOf(y[i], expected, scaleOf(function, x[i]), 52, -1022, 1023), x[i]);
  }
}

MTWorst martlet_sweep_f32(MTUnary function, uint32_t step) {
  MTWorst worst = {0, 0};
  float x[MT_CHUNK];
  uint64_t bits = 0;
  while (bits <= UINT32_MAX) {
    intptr_t count = 0;
    for (; count < MT_CHUNK && bits <= UINT32_MAX; count++, bits += step) {
      const uint32_t low = (uint32_t)bits;
      memcpy(x + count, &low, sizeof low);
    }
    tryFloats(function, x, count, &worst);
  }
  return worst;
}

// SplitMix64 (Steele, Lea & Flood 2014, DOI 10.1145/2714064.2660195).
static uint64_t next(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static double within(double bound, uint64_t *state) { return (double)(int64_t)next(state) * 0x1p-63 * bound; }

static double sample(int kind, uint64_t *state) {
  static const double bounds[] = {1, 4, 40, 750, 2e6};
  if (kind < 5) return within(bounds[kind], state);
  if (kind == 5) return (double)(1.57079632679489661923132169163975144L * rint(within(1e6, state)));
  uint64_t bits = next(state);
  // A number a few steps away from a power of two.
  if (kind == 6) bits = (bits & 0xfff0000000000000) + (bits & 31) - 16;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

MTWorst martlet_sweep_f64(MTUnary function, intptr_t count) {
  MTWorst worst = {0, 0};
  uint64_t state = 2718281828;
  double x[MT_CHUNK];
  for (int kind = 0; kind < 8; kind++) {
    for (intptr_t done = 0; done < count; done += MT_CHUNK) {
      const intptr_t some = count - done < MT_CHUNK ? count - done : MT_CHUNK;
      for (intptr_t i = 0; i < some; i++) x[i] = sample(kind, &state);
      tryDoubles(function, x, some, &worst);
    }
  }
  return worst;
}

int martlet_sweep_judges_f64(void) { return LDBL_MANT_DIG > DBL_MANT_DIG; }
