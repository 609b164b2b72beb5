// Functions, arithmetic, comparisons and sums of complex elements. Products and quotients follow the textbook's
// formulas, without C's rules for infinities (C11, annex G), as in NumPy and PyTorch.

#ifndef MT_BODY
#define MT_FAMILY "Fourier/Complex.c"
#include "../Clones.h"
#elif MT_COMPLEX

static inline T MT_NAME(of)(P real, P imaginary) {
  T z;
  __real__ z = real;
  __imag__ z = imaginary;
  return z;
}

static inline T MT_NAME(times)(T a, T b) {
  return MT_NAME(of)(__real__ a * __real__ b - __imag__ a * __imag__ b,
                     __real__ a * __imag__ b + __imag__ a * __real__ b);
}

// Smith's quotient (Algorithm 116, DOI 10.1145/368637.368661), which does not overflow with |b|². A divisor of 0
// divides both parts by 0.
static inline T MT_NAME(over)(T a, T b) {
  const P c = __real__ b, d = __imag__ b;
  const int isFlat = __builtin_elementwise_abs(c) >= __builtin_elementwise_abs(d);
  const P large = isFlat ? c : d, small = isFlat ? d : c, ratio = large == 0 ? 0 : small / large;
  const P divisor = large + small * ratio;
  const P x = isFlat ? __real__ a : __imag__ a, y = isFlat ? __imag__ a : __real__ a;
  const P real = (x + y * ratio) / divisor, imaginary = (y - x * ratio) / divisor;
  return MT_NAME(of)(real, isFlat ? imaginary : -imaginary);
}

// |z| without overflow. The squares of floats fit a double.
static inline P MT_NAME(magnitude)(T z) {
  if (sizeof(P) == 8) return hypot(__real__ z, __imag__ z);
  const double x = __real__ z, y = __imag__ z;
  const int isInfinite = __builtin_elementwise_abs(x) == INFINITY || __builtin_elementwise_abs(y) == INFINITY;
  return isInfinite ? (P)INFINITY : (P)__builtin_elementwise_sqrt(x * x + y * y);
}

// R is the type of the result.
#define MT_MAP(name, R, expression) \
  static void MT_NAME(name)(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner, double p, double q) { \
    (void)p, (void)q; \
    MT_EACH(o, outer) { \
      const T *xs = (const T *)x_.base + o * x_.outer; \
      R *ys = (R *)y_.base + o * y_.outer; \
      if (x_.inner == 1 && y_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T x = xs[i]; \
          ys[i] = (R)(expression); \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const T x = xs[i * x_.inner]; \
          ys[i * y_.inner] = (R)(expression); \
        } \
      } \
    } \
  }
MT_MAP(negate, T, -x)
MT_MAP(conjugate, T, MT_NAME(of)(__real__ x, -__imag__ x))
MT_MAP(absolute, P, MT_NAME(magnitude)(x))
MT_MAP(angle, P, atan2((double)__imag__ x, (double)__real__ x))
// The C library's functions in double, so that a float is rounded once.
MT_MAP(exp, T, __builtin_cexp(x))
MT_MAP(log, T, __builtin_clog(x))
MT_MAP(squareRoot, T, __builtin_csqrt(x))
MT_MAP(sin, T, __builtin_csin(x))
MT_MAP(cos, T, __builtin_ccos(x))
MT_MAP(tan, T, __builtin_ctan(x))
MT_MAP(sinh, T, __builtin_csinh(x))
MT_MAP(cosh, T, __builtin_ccosh(x))
MT_MAP(tanh, T, __builtin_ctanh(x))

// aᵇ. The C library's formula exp(b log a) rounds squares and has no value at 0.
static inline T MT_NAME(powerOf)(T a, T b) {
  if (b == 0) return 1;
  if (b == 1) return a;
  if (b == 2) return MT_NAME(times)(a, a);
  if (b == (P)0.5) return (T)__builtin_csqrt(a);
  if (a == 0 && __real__ b > 0) return 0;
  return (T)__builtin_cpow(a, b);
}

#define MT_COMBINE(name, R, expression) \
  static void MT_NAME(name)(MTPlane a_, MTPlane b_, MTPlane y_, intptr_t outer, intptr_t inner, double p) { \
    (void)p; \
    MT_EACH(o, outer) { \
      const T *as = (const T *)a_.base + o * a_.outer, *bs = (const T *)b_.base + o * b_.outer; \
      R *ys = (R *)y_.base + o * y_.outer; \
      if (a_.inner == 1 && b_.inner == 1 && y_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T a = as[i], b = bs[i]; \
          ys[i] = expression; \
        } \
      } else if (a_.inner == 1 && b_.inner == 0 && y_.inner == 1) { \
        const T b = *bs; \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T a = as[i]; \
          ys[i] = expression; \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const T a = as[i * a_.inner], b = bs[i * b_.inner]; \
          ys[i * y_.inner] = expression; \
        } \
      } \
    } \
  }
MT_COMBINE(add, T, a + b)
MT_COMBINE(subtract, T, a - b)
MT_COMBINE(multiply, T, MT_NAME(times)(a, b))
MT_COMBINE(divide, T, MT_NAME(over)(a, b))
MT_COMBINE(power, T, MT_NAME(powerOf)(a, b))
MT_COMBINE(equal, uint8_t, a == b)
MT_COMBINE(notEqual, uint8_t, a != b)

// A sum of complex elements is two sums of columns, of the real and of the imaginary parts.
extern const MTReduceLoop MT_OF_PARTS(martlet_reduceColumns)[];

static void MT_NAME(sumRows)(MTPlane x, void *y, intptr_t outer, intptr_t inner) {
  MT_EACH(o, outer) {
    const MTPlane parts = {(T *)x.base + o * x.outer, 2 * x.inner, 1};
    MT_OF_PARTS(martlet_reduceColumns)[MTReduce_sum](parts, (T *)y + o, inner, 2);
  }
}

static void MT_NAME(sumColumns)(MTPlane x, void *y, intptr_t outer, intptr_t inner) {
  const intptr_t adjacent = x.inner == 1 ? inner : 1;
  for (intptr_t i = 0; i < inner; i += adjacent) {
    const MTPlane parts = {(T *)x.base + i * x.inner, 2 * x.outer, 1};
    MT_OF_PARTS(martlet_reduceColumns)[MTReduce_sum](parts, (T *)y + i, outer, 2 * adjacent);
  }
}

#define MT_ENTRY(kind, name) [kind##_##name] = MT_NAME(name)
const MTUnaryLoop MT_NAME(martlet_unary)[] = {
    MT_ENTRY(MTUnary, negate), MT_ENTRY(MTUnary, conjugate), MT_ENTRY(MTUnary, absolute), MT_ENTRY(MTUnary, angle),
    MT_ENTRY(MTUnary, exp),    MT_ENTRY(MTUnary, log),       MT_ENTRY(MTUnary, squareRoot), MT_ENTRY(MTUnary, sin),
    MT_ENTRY(MTUnary, cos),    MT_ENTRY(MTUnary, tan),       MT_ENTRY(MTUnary, sinh),       MT_ENTRY(MTUnary, cosh),
    MT_ENTRY(MTUnary, tanh)};
const MTBinaryLoop MT_NAME(martlet_binary)[] = {
    MT_ENTRY(MTBinary, add), MT_ENTRY(MTBinary, subtract), MT_ENTRY(MTBinary, multiply), MT_ENTRY(MTBinary, divide),
    MT_ENTRY(MTBinary, power)};
const MTBinaryLoop MT_NAME(martlet_compare)[] = {MT_ENTRY(MTCompare, equal), MT_ENTRY(MTCompare, notEqual)};
const MTReduceLoop MT_NAME(martlet_reduceRows)[] = {[MTReduce_sum] = MT_NAME(sumRows)};
const MTReduceLoop MT_NAME(martlet_reduceColumns)[] = {[MTReduce_sum] = MT_NAME(sumColumns)};

#undef MT_MAP
#undef MT_COMBINE
#undef MT_ENTRY
#endif
