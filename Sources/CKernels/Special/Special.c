// Computes y = f(x) and y = f(a, b), element by element, for special functions. Four have a body for each floating type.
// The others compute floats in double too, so that a float is rounded once: both types' loops are made from the body of
// double.

#ifndef MT_BODY
#define MT_FAMILY "Special/Special.c"
#include "../Clones.h"
#elif MT_FLOATING

#include "../Elementwise/Math.h"

#include "../Elementwise/ErrorFunction.h"
#include "../Elementwise/Logarithms.h"
#include "../Elementwise/Trigonometry.h"

// A polynomial, from the highest power of x on. The even and the odd powers are two chains of operations that overlap.
// The constant comes last, so that it is rounded once.
#define MT_SERIES(x, ...) \
  MT_NAME(series)(x, (const T[]){__VA_ARGS__}, sizeof((const T[]){__VA_ARGS__}) / sizeof(T))

static inline __attribute__((always_inline)) T MT_NAME(series)(T x, const T *c, int count) {
  const T z = x * x;
  T chains[2] = {c[0], c[1]};
#pragma clang loop unroll(full)
  for (int k = 2; k < count - 1; k++) chains[k & 1] = MT_FMA(chains[k & 1], z, c[k]);
  return MT_FMA(MT_FMA(chains[~count & 1], x, chains[count & 1]), x, c[count - 1]);
}

#include "GammaFunctions.h"
#include "NormalDistribution.h"
#include "OrthogonalPolynomials.h"

#define MT_UNARY_LOOP(name, E, type, expression) \
  void MT_JOIN3(martlet_##name, type, MT_ISA)(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner, double p, \
                                              double q) { \
    (void)p, (void)q; \
    MT_EACH(o, outer) { \
      const E *xs = (const E *)x_.base + o * x_.outer; \
      E *ys = (E *)y_.base + o * y_.outer; \
      if (x_.inner == 1 && y_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T x = xs[i]; \
          ys[i] = (E)(expression); \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const T x = xs[i * x_.inner]; \
          ys[i * y_.inner] = (E)(expression); \
        } \
      } \
    } \
  }

MT_UNARY_LOOP(erfc, T, MT_TYPE, MT_NAME(erfcOf)(x))
MT_UNARY_LOOP(erfinv, T, MT_TYPE, MT_NAME(erfinvOf)(x))
MT_UNARY_LOOP(normalCDF, T, MT_TYPE, MT_NAME(normalCDFOf)(x))
MT_UNARY_LOOP(logGamma, T, MT_TYPE, MT_NAME(logGammaOf)(x))

#if MT_WIDE
#include "BesselFunctions.h"

// Blocks for which a condition holds use an expression that vectorises, and others the one for any element.
#define MT_BLOCK 256
#define MT_BLOCKS_LOOP(name, E, type, condition, usual, any) \
  void MT_JOIN3(martlet_##name, type, MT_ISA)(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner, double p, \
                                              double q) { \
    (void)p, (void)q; \
    double block[MT_BLOCK]; \
    MT_EACH(o, outer) \
    for (intptr_t i = 0; i < inner; i += MT_BLOCK) { \
      const intptr_t count = inner - i < MT_BLOCK ? inner - i : MT_BLOCK; \
      const E *xs = (const E *)x_.base + o * x_.outer + i * x_.inner; \
      E *ys = (E *)y_.base + o * y_.outer + i * y_.inner; \
      MT_EACH(k, count) block[k] = xs[k * x_.inner]; \
      if (condition) { \
        MT_EACH(k, count) { \
          const double x = block[k]; \
          block[k] = usual; \
        } \
      } else { \
        MT_EACH(k, count) { \
          const double x = block[k]; \
          block[k] = any; \
        } \
      } \
      MT_EACH(k, count) ys[k * y_.inner] = (E)block[k]; \
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
#define MT_SPECIAL_BLOCKS(name, ...) \
  MT_BLOCKS_LOOP(name, double, f64, __VA_ARGS__) MT_BLOCKS_LOOP(name, float, f32, __VA_ARGS__)
#define MT_SPECIAL_PAIR(name, expression) \
  MT_BINARY_LOOP(name, double, f64, expression) MT_BINARY_LOOP(name, float, f32, expression)

MT_SPECIAL(erfcx, MT_NAME(erfcxOf)(x))
MT_SPECIAL(logNormalCDF, MT_NAME(logNormalCDFOf)(x))
MT_SPECIAL(normalQuantile, MT_NAME(normalQuantileOf)(x))
MT_SPECIAL(digamma, MT_NAME(digammaOf)(x))
MT_SPECIAL_BLOCKS(polygamma, p == 1, MT_NAME(trigammaOf)(x), MT_NAME(polygammaOf)(p, q, x))
MT_SPECIAL(besselI0, MT_NAME(besselI0Of)(x, 0))
MT_SPECIAL(besselI1, MT_NAME(besselI1Of)(x, 0))
MT_SPECIAL(scaledBesselI0, MT_NAME(besselI0Of)(x, 1))
MT_SPECIAL(scaledBesselI1, MT_NAME(besselI1Of)(x, 1))
#define MT_SPECIAL_ANGLE(name, function, order) \
  MT_SPECIAL_BLOCKS(name, MT_NAME(isWithin)(block, count, MT_LARGEST_ANGLE), MT_NAME(function)(x, order, 1), \
                    MT_NAME(function)(x, order, 0))
MT_SPECIAL_ANGLE(besselJ0, besselJOf, 0)
MT_SPECIAL_ANGLE(besselJ1, besselJOf, 1)
MT_SPECIAL_ANGLE(besselY0, besselYOf, 0)
MT_SPECIAL_ANGLE(besselY1, besselYOf, 1)
MT_SPECIAL(besselK0, MT_NAME(besselK0Of)(x, 0))
MT_SPECIAL(besselK1, MT_NAME(besselK1Of)(x, 0))
MT_SPECIAL(scaledBesselK0, MT_NAME(besselK0Of)(x, 1))
MT_SPECIAL(scaledBesselK1, MT_NAME(besselK1Of)(x, 1))
MT_SPECIAL(orthogonalPolynomial, MT_NAME(orthogonalPolynomialOf)(p, q, x))
MT_SPECIAL_PAIR(zeta, MT_NAME(zetaOf)(a, b))
MT_SPECIAL_PAIR(gammaP, MT_NAME(incompleteGamma)(a, b, 0))
MT_SPECIAL_PAIR(gammaQ, MT_NAME(incompleteGamma)(a, b, 1))

#undef MT_BLOCK
#undef MT_BLOCKS_LOOP
#undef MT_BINARY_LOOP
#undef MT_SPECIAL
#undef MT_SPECIAL_PAIR
#undef MT_SPECIAL_BLOCKS
#undef MT_SPECIAL_ANGLE
#endif
#undef MT_SERIES
#undef MT_ROOT_HALF
#undef MT_UNARY_LOOP
#endif
