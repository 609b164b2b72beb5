// y = f(x), element by element.

#ifndef MT_BODY
#define MT_FAMILY "Unary.c"
#include "Clones.h"
#else

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
#include "Trigonometry.h"

MT_MAP(negate, -x)
MT_MAP(absolute, (T)__builtin_elementwise_abs(x))
MT_MAP(sign, x > 0 ? (T)1 : x < 0 ? (T)-1 : x)
MT_MAP(clamp, x < p ? p : x > q ? q : x)
MT_MAP(exp, MT_NAME(expOf)(x))
MT_MAP(log, MT_NAME(logOf)(x))
MT_MAP(squareRoot, __builtin_elementwise_sqrt(x))
MT_MAP(tanh, MT_NAME(tanhOf)(x))
MT_MAP(sigmoid, MT_NAME(sigmoidOf)(x))
MT_MAP(relu, x < 0 ? 0 : x)
MT_MAP(erf, MT_NAME(erfOf)(x))
MT_MAP(gelu, x *MT_NAME(normalOf)(x))
MT_MAP(geluTanh, (T)0.5 * x * (1 + MT_NAME(nearNormal)(x)))

static int MT_NAME(hasHuge)(const T *x, intptr_t stride, intptr_t count) {
  int found = 0;
  MT_EACH(i, count) found |= MT_NAME(isHuge)(x[i * stride]);
  return found;
}

// A block without huge angles needs no calls. What one element gives does not depend on the others.
#define MT_BLOCK 256
#define MT_CIRCULAR(name, shift) \
  MT_MAP(name##Usual, MT_NAME(sineOf)(x, shift)) \
  MT_MAP(name##Any, MT_NAME(isHuge)(x) ? (T)name((double)x) : MT_NAME(sineOf)(x, shift)) \
  static void MT_NAME(name)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner, double p, double q) { \
    MT_EACH(o, outer) \
    for (intptr_t i = 0; i < inner; i += MT_BLOCK) { \
      const intptr_t count = inner - i < MT_BLOCK ? inner - i : MT_BLOCK; \
      T *xs = (T *)x.base + o * x.outer + i * x.inner, *ys = (T *)y.base + o * y.outer + i * y.inner; \
      const MTPlane from = {xs, 0, x.inner}, to = {ys, 0, y.inner}; \
      if (MT_NAME(hasHuge)(xs, x.inner, count)) MT_NAME(name##Any)(from, to, 1, count, p, q); \
      else MT_NAME(name##Usual)(from, to, 1, count, p, q); \
    } \
  }
MT_CIRCULAR(sin, 0)
MT_CIRCULAR(cos, 1)

const MTUnaryLoop MT_NAME(martlet_unary)[] = {MT_UNARY(MT_ENTRY) MT_UNARY_FLOATING(MT_ENTRY)};

#else

MT_MAP(negate, (T)(0 - (U)x))
MT_MAP(absolute, x < 0 ? (T)(0 - (U)x) : x)
MT_MAP(sign, x > 0 ? (T)1 : x < 0 ? (T)-1 : (T)0)
MT_MAP(clamp, x < p ? p : x > q ? q : x)

const MTUnaryLoop MT_NAME(martlet_unary)[] = {MT_UNARY(MT_ENTRY)};

#endif
#undef MT_MAP
#undef MT_CIRCULAR
#undef MT_BLOCK
#undef MT_ENTRY
#endif
