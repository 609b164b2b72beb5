// Computes y = f(x) and y = f(a, b), element by element, for special functions. Loops over floats compute in double
// too, so that a float is rounded once: both types' loops are made from the body of double.

#ifndef MT_BODY
#define MT_FAMILY "Special/Special.c"
#include "../Clones.h"
#elif MT_FLOATING && MT_WIDE

#include "../Elementwise/Math.h"

#include "../Elementwise/ErrorFunction.h"
#include "../Elementwise/Logarithms.h"
#include "../Elementwise/Trigonometry.h"

// A polynomial, from the highest power of x on. The even and the odd powers are two chains of operations that overlap.
// The constant comes last, so that it is rounded once.
#define MT_SERIES(x, ...) \
  MT_NAME(series)(x, (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static inline __attribute__((always_inline)) double MT_NAME(series)(double x, const double *c, int count) {
  const double z = x * x;
  double chains[2] = {c[0], c[1]};
#pragma clang loop unroll(full)
  for (int k = 2; k < count - 1; k++) chains[k & 1] = MT_FMA(chains[k & 1], z, c[k]);
  return MT_FMA(MT_FMA(chains[~count & 1], x, chains[count & 1]), x, c[count - 1]);
}

#include "BesselFunctions.h"
#include "GammaFunctions.h"
#include "NormalDistribution.h"

#define MT_UNARY_LOOP(name, E, type, expression) \
  void MT_JOIN3(martlet_##name, type, MT_ISA)(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner, double p, \
                                              double q) { \
    (void)p, (void)q; \
    MT_EACH(o, outer) { \
      const E *xs = (const E *)x_.base + o * x_.outer; \
      E *ys = (E *)y_.base + o * y_.outer; \
      if (x_.inner == 1 && y_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const double x = xs[i]; \
          ys[i] = (E)(expression); \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const double x = xs[i * x_.inner]; \
          ys[i * y_.inner] = (E)(expression); \
        } \
      } \
    } \
  }
#define MT_BINARY_LOOP(name, E, type, expression) \
  void MT_JOIN3(martlet_##name, type, MT_ISA)(MTPlane a_, MTPlane b_, MTPlane y_, intptr_t outer, intptr_t inner, \
                                              double p) { \
    (void)p; \
    MT_EACH(o, outer) \
    MT_EACH(i, inner) { \
      const double a = ((const E *)a_.base)[o * a_.outer + i * a_.inner]; \
      const double b = ((const E *)b_.base)[o * b_.outer + i * b_.inner]; \
      ((E *)y_.base)[o * y_.outer + i * y_.inner] = (E)(expression); \
    } \
  }
#define MT_SPECIAL(name, expression) \
  MT_UNARY_LOOP(name, double, f64, expression) MT_UNARY_LOOP(name, float, f32, expression)
#define MT_SPECIAL_PAIR(name, expression) \
  MT_BINARY_LOOP(name, double, f64, expression) MT_BINARY_LOOP(name, float, f32, expression)

MT_SPECIAL(erfc, MT_NAME(erfcOf)(x))
MT_SPECIAL(erfcx, MT_NAME(erfcxOf)(x))
MT_SPECIAL(erfinv, MT_NAME(erfinvOf)(x))
MT_SPECIAL(normalCDF, MT_NAME(normalCDFOf)(x))
MT_SPECIAL(logNormalCDF, MT_NAME(logNormalCDFOf)(x))
MT_SPECIAL(normalQuantile, MT_NAME(normalQuantileOf)(x))
MT_SPECIAL(logGamma, MT_NAME(logGammaOf)(x))
MT_SPECIAL(digamma, MT_NAME(digammaOf)(x))
MT_SPECIAL(polygamma, MT_NAME(polygammaOf)(p, q, x))
MT_SPECIAL(besselI0, MT_NAME(besselI0Of)(x, 0))
MT_SPECIAL(besselI1, MT_NAME(besselI1Of)(x, 0))
MT_SPECIAL(scaledBesselI0, MT_NAME(besselI0Of)(x, 1))
MT_SPECIAL(scaledBesselI1, MT_NAME(besselI1Of)(x, 1))
MT_SPECIAL(besselJ0, MT_NAME(besselJOf)(x, 0))
MT_SPECIAL(besselJ1, MT_NAME(besselJOf)(x, 1))
MT_SPECIAL(besselY0, MT_NAME(besselYOf)(x, 0))
MT_SPECIAL(besselY1, MT_NAME(besselYOf)(x, 1))
MT_SPECIAL(besselK0, MT_NAME(besselK0Of)(x))
MT_SPECIAL(besselK1, MT_NAME(besselK1Of)(x))
MT_SPECIAL_PAIR(zeta, MT_NAME(zetaOf)(a, b))
MT_SPECIAL_PAIR(gammaP, MT_NAME(incompleteGamma)(a, b, 0))
MT_SPECIAL_PAIR(gammaQ, MT_NAME(incompleteGamma)(a, b, 1))

#undef MT_SERIES
#undef MT_ROOT_HALF
#undef MT_UNARY_LOOP
#undef MT_BINARY_LOOP
#undef MT_SPECIAL
#undef MT_SPECIAL_PAIR
#endif
