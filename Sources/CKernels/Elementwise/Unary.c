// Computes y = f(x), element by element.

#ifndef MT_BODY
#define MT_FAMILY "Elementwise/Unary.c"
#include "../Clones.h"
#elif !MT_COMPLEX

#define MT_MAP(name, expression) \
  static void MT_NAME(name)(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner, double p_, double q_) { \
    const T p = (T)p_, q = (T)q_; \
    (void)p, (void)q; \
    MT_EACH(o, outer) { \
      const T *xs = (const T *)x_.base + o * x_.outer; \
      T *ys = (T *)y_.base + o * y_.outer; \
      if (x_.inner == 1 && y_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T x = xs[i]; \
          ys[i] = (expression); \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const T x = xs[i * x_.inner]; \
          ys[i * y_.inner] = (expression); \
        } \
      } \
    } \
  }

#define MT_ENTRY(name) [MTUnary_##name] = MT_NAME(name),

#if MT_FLOATING

#include "Math.h"

#include "ErrorFunction.h"
#include "Logarithms.h"
#include "Trigonometry.h"

// A block whose elements lie within ±most needs no selects and no calls. There both expressions agree to the last bit,
// so the result of an element does not depend on the other elements of its block.
#define MT_BLOCK 512
#define MT_MAP_WITHIN(name, most, usual, any) \
  MT_MAP(name##Usual, usual) \
  MT_MAP(name##Any, any) \
  static void MT_NAME(name)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner, double p, double q) { \
    MT_EACH(o, outer) \
    for (intptr_t i = 0; i < inner; i += MT_BLOCK) { \
      const intptr_t count = inner - i < MT_BLOCK ? inner - i : MT_BLOCK; \
      T *xs = (T *)x.base + o * x.outer + i * x.inner, *ys = (T *)y.base + o * y.outer + i * y.inner; \
      const MTPlane from = {xs, 0, x.inner}, to = {ys, 0, y.inner}; \
      if (x.inner == 1 && MT_NAME(isWithin)(xs, count, most)) MT_NAME(name##Usual)(from, to, 1, count, p, q); \
      else MT_NAME(name##Any)(from, to, 1, count, p, q); \
    } \
  }

MT_MAP(negate, -x)
MT_MAP(absolute, (T)__builtin_elementwise_abs(x))
MT_MAP(sign, x > 0 ? (T)1 : x < 0 ? (T)-1 : x)
MT_MAP(clamp, x < p ? p : x > q ? q : x)
MT_MAP_WITHIN(exp, MT_MODERATE, MT_NAME(moderateExp)(x), MT_NAME(expOf)(x))
MT_MAP(log, MT_NAME(logOf)(x))
MT_MAP(squareRoot, __builtin_elementwise_sqrt(x))
MT_MAP(tanh, MT_NAME(tanhOf)(x))
MT_MAP(tanhshrink, MT_NAME(tanhshrinkOf)(x))
MT_MAP_WITHIN(sigmoid, MT_MODERATE, MT_NAME(sigmoidFrom)(x, MT_NAME(moderateExp)(-__builtin_elementwise_abs(x))),
              MT_NAME(sigmoidFrom)(x, MT_NAME(expOf)(-__builtin_elementwise_abs(x))))
MT_MAP(relu, x < 0 ? 0 : x)
MT_MAP(leakyRelu, x > 0 ? x : x * p)
MT_MAP(elu, x > 0 ? x : p *MT_NAME(expm1Of)(x))
MT_MAP(softplus, MT_NAME(softplusOf)(x))
MT_MAP(silu, x *MT_NAME(logistic)(x))
MT_MAP(mish, x *MT_NAME(mishShare)(x))
MT_MAP(erf, MT_NAME(erfOf)(x))
MT_MAP_WITHIN(sin, MT_LARGEST_ANGLE, MT_NAME(sineOf)(x, 0),
              MT_NAME(isHuge)(x) ? (T)sin((double)x) : MT_NAME(sineOf)(x, 0))
MT_MAP_WITHIN(cos, MT_LARGEST_ANGLE, MT_NAME(sineOf)(x, 1),
              MT_NAME(isHuge)(x) ? (T)cos((double)x) : MT_NAME(sineOf)(x, 1))
MT_MAP(gelu, x *MT_NAME(normalOf)(x))
MT_MAP(geluTanh, (T)0.5 * x * (1 + MT_NAME(nearNormal)(x)))
MT_MAP(floor, __builtin_elementwise_floor(x))
MT_MAP(ceil, __builtin_elementwise_ceil(x))
MT_MAP(round, __builtin_elementwise_roundeven(x))
MT_MAP(trunc, __builtin_elementwise_trunc(x))
MT_MAP(frac, x - __builtin_elementwise_trunc(x))
MT_MAP(rsqrt, 1 / __builtin_elementwise_sqrt(x))
MT_MAP(replaceInfinities, x == (T)INFINITY ? p : x == -(T)INFINITY ? q : x)
MT_MAP(exponent, MT_NAME(exponentOf)(x))
MT_MAP(log1p, MT_NAME(log1pOf)(x))
MT_MAP(exp2, MT_NAME(exp2Of)(x))
MT_MAP(log2, MT_NAME(log2Of)(x))
MT_MAP(logit, MT_NAME(logitOf)(x))
MT_MAP(sinc, MT_NAME(sincOf)(x))
MT_MAP_WITHIN(tan, MT_LARGEST_ANGLE, MT_NAME(tangentOf)(x),
              MT_NAME(isHuge)(x) ? (T)tan((double)x) : MT_NAME(tangentOf)(x))
MT_MAP(expm1, MT_NAME(expm1Of)(x))
MT_MAP(log10, MT_NAME(log10Of)(x))
MT_MAP(asin, MT_NAME(asinOf)(x))
MT_MAP(acos, MT_NAME(acosOf)(x))
MT_MAP(atan, MT_NAME(atanOf)(x))
MT_MAP(sinh, MT_NAME(sinhOf)(x))
MT_MAP(cosh, MT_NAME(coshOf)(x))
MT_MAP(asinh, MT_NAME(asinhOf)(x))
MT_MAP(acosh, MT_NAME(acoshOf)(x))
MT_MAP(atanh, MT_NAME(atanhOf)(x))

#define MT_DECLARE(name) \
  void MT_NAME(martlet_##name)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner, double p, double q);
#define MT_SPECIAL_ENTRY(name) [MTUnary_##name] = MT_NAME(martlet_##name),
MT_UNARY_SPECIAL(MT_DECLARE)

const MTUnaryLoop MT_NAME(martlet_unary)[] = {MT_UNARY(MT_ENTRY) MT_UNARY_FLOATING(MT_ENTRY)
                                                  MT_UNARY_SPECIAL(MT_SPECIAL_ENTRY)};
#undef MT_DECLARE
#undef MT_SPECIAL_ENTRY

#else

MT_MAP(negate, (T)(0 - (U)x))
MT_MAP(absolute, x < 0 ? (T)(0 - (U)x) : x)
MT_MAP(sign, x > 0 ? (T)1 : x < 0 ? (T)-1 : (T)0)

const MTUnaryLoop MT_NAME(martlet_unary)[] = {MT_UNARY(MT_ENTRY)};

#endif
#undef MT_MAP
#undef MT_MAP_WITHIN
#undef MT_BLOCK
#undef MT_ENTRY
#endif
