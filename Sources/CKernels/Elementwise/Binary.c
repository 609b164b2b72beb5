// Computes y = f(a, b), or y = a compared with b, element by element. A stride of 0 broadcasts an operand.

#ifndef MT_BODY
#define MT_FAMILY "Elementwise/Binary.c"
#include "../Clones.h"
#elif !MT_COMPLEX

// R is the type of the result.
#define MT_COMBINE(name, R, expression) \
  static void MT_NAME(name)(MTPlane a_, MTPlane b_, MTPlane y_, intptr_t outer, intptr_t inner, double p_) { \
    const T p = (T)p_; \
    (void)p; \
    MT_EACH(o, outer) { \
      const T *as = (const T *)a_.base + o * a_.outer; \
      const T *bs = (const T *)b_.base + o * b_.outer; \
      R *ys = (R *)y_.base + o * y_.outer; \
      if (a_.inner == 1 && b_.inner == 1 && y_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T a = as[i], b = bs[i]; \
          ys[i] = (R)(expression); \
        } \
      } else if (a_.inner == 1 && b_.inner == 0 && y_.inner == 1) { \
        const T b = *bs; \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T a = as[i]; \
          ys[i] = (R)(expression); \
        } \
      } else if (a_.inner == 0 && b_.inner == 1 && y_.inner == 1) { \
        const T a = *as; \
        MT_EACH_INDEPENDENT(i, inner) { \
          const T b = bs[i]; \
          ys[i] = (R)(expression); \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const T a = as[i * a_.inner], b = bs[i * b_.inner]; \
          ys[i * y_.inner] = (R)(expression); \
        } \
      } \
    } \
  }

// A function that calls or divides does not vectorise, so one loop serves every layout.
#define MT_COMBINE_SINGLY(name, expression) \
  static void MT_NAME(name)(MTPlane a_, MTPlane b_, MTPlane y_, intptr_t outer, intptr_t inner, double p_) { \
    (void)p_; \
    MT_EACH(o, outer) { \
      const T *as = (const T *)a_.base + o * a_.outer; \
      const T *bs = (const T *)b_.base + o * b_.outer; \
      T *ys = (T *)y_.base + o * y_.outer; \
      MT_EACH(i, inner) { \
        const T a = as[i * a_.inner], b = bs[i * b_.inner]; \
        ys[i * y_.inner] = (T)(expression); \
      } \
    } \
  }

#define MT_BINARY_ENTRY(name) [MTBinary_##name] = MT_NAME(name),
#define MT_COMPARE_ENTRY(name) [MTCompare_##name] = MT_NAME(name),

#if MT_FLOATING

#include "Math.h"

#include "ErrorFunction.h"
#include "Remainders.h"
#include "Logarithms.h"
#include "Trigonometry.h"

MT_COMBINE(add, T, a + b)
MT_COMBINE(subtract, T, a - b)
MT_COMBINE(multiply, T, a *b)
MT_COMBINE(divide, T, a / b)
MT_COMBINE(maximum, T, a > b || a != a ? a : b)
MT_COMBINE(minimum, T, a < b || a != a ? a : b)
MT_COMBINE(addScaled, T, a + p * b)
MT_COMBINE(reluGradient, T, b <= 0 ? (T)0 : a)
MT_COMBINE(tanhGradient, T, a *(1 - b * b))
MT_COMBINE(sigmoidGradient, T, a *(b * (1 - b)))
MT_COMBINE(geluGradient, T, a *(MT_NAME(normalOf)(b) + MT_NAME(densityTimes)(b)))
MT_COMBINE(geluTanhGradient, T, a *MT_NAME(geluTanhSlope)(b))
MT_COMBINE(leakyReluGradient, T, b > 0 ? a : a * p)
MT_COMBINE(eluGradient, T, b <= 0 ? a *(p * MT_NAME(expOf)(b)) : a)
MT_COMBINE(siluGradient, T, a *MT_NAME(siluSlope)(b))
MT_COMBINE(mishGradient, T, a *MT_NAME(mishSlope)(b))
MT_COMBINE(logisticLoss, T, MT_NAME(logisticLossOf)(a, b))
MT_COMBINE(logisticSlope, T, MT_NAME(logisticSlopeOf)(a, b))
MT_COMBINE(anyPower, T, MT_WIDE ? (T)pow(a, b) : (T)powf((float)a, (float)b))
MT_COMBINE(noPower, T, ((void)a, (void)b, (T)1))
MT_COMBINE(firstPower, T, ((void)b, a))
// Like pow, returns 0 for −0 and ∞ for −∞.
MT_COMBINE(halfPower, T, ((void)b, a == -(T)INFINITY ? (T)INFINITY : __builtin_elementwise_sqrt(a + 0)))
MT_COMBINE(secondPower, T, ((void)b, a * a))
MT_COMBINE(thirdPower, T, ((void)b, a * a * a))
MT_COMBINE(inversePower, T, ((void)b, 1 / a))

// √(a² + b²). The squares of floats neither overflow nor round in double.
static inline T MT_NAME(hypotOf)(T a, T b) {
#if MT_WIDE
  return hypot(a, b);
#else
  const double x = a, y = b;
  const int isInfinite = __builtin_elementwise_abs(a) == (T)INFINITY || __builtin_elementwise_abs(b) == (T)INFINITY;
  return isInfinite ? (T)INFINITY : (T)__builtin_elementwise_sqrt(x * x + y * y);
#endif
}

MT_COMBINE(heaviside, T, a == 0 ? b : a != a ? a : (T)(a > 0))
MT_COMBINE(hypot, T, MT_NAME(hypotOf)(a, b))
MT_COMBINE(atan2, T, MT_NAME(atan2Of)(a, b))
MT_COMBINE(logAddExp, T, MT_NAME(logAddExpOf)(a, b))
MT_COMBINE(xlogy, T, a == 0 && b == b ? (T)0 : a * MT_NAME(logOf)(b))
MT_COMBINE(xlog1py, T, a == 0 && b == b ? (T)0 : a * MT_NAME(log1pOf)(b))
// The second form is exact at p = 1.
MT_COMBINE(lerp, T, p < (T)0.5 ? a + p * (b - a) : b - (b - a) * (1 - p))
MT_COMBINE(signBit, uint8_t, ((void)b, MT_NAME(bits)(a) < 0))
// A NaN loses against a number.
MT_COMBINE(fmax, T, a >= b || b != b ? a : b)
MT_COMBINE(fmin, T, a <= b || b != b ? a : b)
MT_COMBINE(copySign, T, __builtin_elementwise_copysign(a, b))

// The neighbour of a in the direction of b. From 0 it is the least subnormal number, whose bits are 1.
static inline T MT_NAME(neighbour)(T a, T b) {
  const T least = __builtin_elementwise_copysign(MT_NAME(fromBits)(1), b);
  const U step = (a < b) == (a > 0) ? 1 : (U)-1;
  const T next = MT_NAME(fromBits)((I)((U)MT_NAME(bits)(a) + step));
  return a != a || b != b ? a + b : a == b ? b : a == 0 ? least : next;
}
MT_COMBINE(nextAfter, T, MT_NAME(neighbour)(a, b))
// Beyond these powers of two the result is 0 or infinite. In double a float is rounded once.
MT_COMBINE_SINGLY(scaleByPower, ldexp(a, (int)(b < -3000 ? -3000 : b > 3000 ? 3000 : b)))

// Common exponents avoid the C library's pow, which is slow.
static void MT_NAME(power)(MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner, double p) {
  const int scalar = b.inner == 0 && b.outer == 0 && outer > 0 && inner > 0;
  const T exponent = scalar ? *(const T *)b.base : 0;
  if (scalar && exponent == 0) return MT_NAME(noPower)(a, b, y, outer, inner, p);
  if (scalar && exponent == (T)0.5) return MT_NAME(halfPower)(a, b, y, outer, inner, p);
  if (scalar && exponent == 1) return MT_NAME(firstPower)(a, b, y, outer, inner, p);
  if (scalar && exponent == 2) return MT_NAME(secondPower)(a, b, y, outer, inner, p);
  if (scalar && exponent == 3) return MT_NAME(thirdPower)(a, b, y, outer, inner, p);
  if (scalar && exponent == -1) return MT_NAME(inversePower)(a, b, y, outer, inner, p);
  MT_NAME(anyPower)(a, b, y, outer, inner, p);
}

#define MT_DECLARE(name) \
  void MT_NAME(martlet_##name)(MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner, double p);
#define MT_SPECIAL_ENTRY(name) [MTBinary_##name] = MT_NAME(martlet_##name),
MT_BINARY_SPECIAL(MT_DECLARE)

const MTBinaryLoop MT_NAME(martlet_binary)[] = {MT_BINARY(MT_BINARY_ENTRY) MT_BINARY_FLOATING(MT_BINARY_ENTRY)
                                                    MT_BINARY_SPECIAL(MT_SPECIAL_ENTRY)};
#undef MT_DECLARE
#undef MT_SPECIAL_ENTRY

#else

// Overflow wraps, as in NumPy. Before a division, the caller has checked that b has no zeros.
MT_COMBINE(add, T, (U)a + (U)b)
MT_COMBINE(subtract, T, (U)a - (U)b)
MT_COMBINE(multiply, T, (U)a *(U)b)
MT_COMBINE(maximum, T, a > b ? a : b)
MT_COMBINE(minimum, T, a < b ? a : b)
MT_COMBINE(bitAnd, T, a &b)
MT_COMBINE(bitOr, T, a | b)
MT_COMBINE(bitXor, T, a ^ b)

// An amount of at least the width shifts every bit out. A right shift of a signed element then leaves its sign.
#define MT_BITS (8 * (int)sizeof(T))
#define MT_IS_SIGNED ((T)-1 < 0)
static inline T MT_NAME(shiftedLeft)(T a, U amount) { return amount < MT_BITS ? (T)((U)a << amount) : (T)0; }

static inline T MT_NAME(shiftedRight)(T a, U amount) {
  if (MT_IS_SIGNED) return (T)(a >> (amount < MT_BITS ? amount : MT_BITS - 1));
  return amount < MT_BITS ? (T)(a >> amount) : (T)0;
}

MT_COMBINE(shiftLeft, T, b < 0 ? MT_NAME(shiftedRight)(a, 0 - (U)b) : MT_NAME(shiftedLeft)(a, (U)b))
MT_COMBINE(shiftRight, T, b < 0 ? MT_NAME(shiftedLeft)(a, 0 - (U)b) : MT_NAME(shiftedRight)(a, (U)b))

// A quotient by −1 is a negative: the instruction fails for the least integer.
static inline T MT_NAME(quotient)(T a, T b) {
  return MT_IS_SIGNED && b == (T)-1 ? (T)(0 - (U)a) : (T)(a / b);
}
static inline T MT_NAME(rest)(T a, T b) { return (T)((U)a - (U)MT_NAME(quotient)(a, b) * (U)b); }
static inline int MT_NAME(roundsUp)(T rest, T b) { return rest != 0 && (rest < 0) != (b < 0); }

static inline T MT_NAME(remainderOf)(T a, T b) {
  const T rest = MT_NAME(rest)(a, b);
  return MT_NAME(roundsUp)(rest, b) ? (T)(rest + b) : rest;
}

static inline T MT_NAME(floorQuotient)(T a, T b) {
  return (T)((U)MT_NAME(quotient)(a, b) - (U)MT_NAME(roundsUp)(MT_NAME(rest)(a, b), b));
}

static inline U MT_NAME(magnitude)(T x) { return x < 0 ? 0 - (U)x : (U)x; }

// The binary algorithm of Stein: it shifts and subtracts instead of dividing.
static U MT_NAME(divisorOf)(T x, T y) {
  U a = MT_NAME(magnitude)(x), b = MT_NAME(magnitude)(y);
  if (a == 0 || b == 0) return a | b;
  const int twos = __builtin_ctzll(a | b);
  a >>= __builtin_ctzll(a);
  while (b != 0) {
    b >>= __builtin_ctzll(b);
    const U least = a < b ? a : b;
    b = (a < b ? b : a) - least;
    a = least;
  }
  return a << twos;
}

static inline T MT_NAME(multipleOf)(T a, T b) {
  return a == 0 || b == 0 ? (T)0 : (T)(MT_NAME(magnitude)(a) / MT_NAME(divisorOf)(a, b) * MT_NAME(magnitude)(b));
}

MT_COMBINE_SINGLY(divide, MT_NAME(quotient)(a, b))
MT_COMBINE_SINGLY(remainder, MT_NAME(remainderOf)(a, b))
MT_COMBINE_SINGLY(fmod, MT_NAME(rest)(a, b))
MT_COMBINE_SINGLY(floorDivide, MT_NAME(floorQuotient)(a, b))
MT_COMBINE_SINGLY(gcd, MT_NAME(divisorOf)(a, b))
MT_COMBINE_SINGLY(lcm, MT_NAME(multipleOf)(a, b))
MT_COMBINE(heaviside, T, a == 0 ? b : (T)(a > 0))
MT_COMBINE(signBit, uint8_t, ((void)b, a < 0))

const MTBinaryLoop MT_NAME(martlet_binary)[] = {MT_BINARY(MT_BINARY_ENTRY) MT_BINARY_INTEGER(MT_BINARY_ENTRY)};

#undef MT_BITS
#undef MT_IS_SIGNED
#endif

MT_COMBINE(equal, uint8_t, a == b)
MT_COMBINE(notEqual, uint8_t, a != b)
MT_COMBINE(less, uint8_t, a < b)
MT_COMBINE(lessEqual, uint8_t, a <= b)

const MTBinaryLoop MT_NAME(martlet_compare)[] = {MT_COMPARE(MT_COMPARE_ENTRY)};

#undef MT_COMBINE
#undef MT_COMBINE_SINGLY
#undef MT_BINARY_ENTRY
#undef MT_COMPARE_ENTRY
#endif
