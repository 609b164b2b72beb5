// Remainders of floating-point divisions, and their quotients. Included by Binary.c for each floating type and instruction
// set, where MT_COMBINE is defined.

// fmod(a, b) by one division, or NaN where that is not exact. The truncated quotient is right or 1 too large. The rest is
// exact below the limit: floats are multiplied in double, doubles by a fused instruction, or else by 0 or 1 only.
static inline T MT_NAME(restByDivision)(T a, T b) {
  const double x = a, y = b, quotient = __builtin_elementwise_trunc(x / y);
#if MT_WIDE
  const double limit = MT_FUSES ? 0x1p53 : 2;
  double rest = MT_FUSED(-quotient, y, x);
#else
  const double limit = 0x1p29;
  double rest = x - quotient * y;
#endif
  rest = rest != 0 && (rest < 0) != (x < 0) ? rest + __builtin_elementwise_copysign(y, x) : rest;
  return __builtin_elementwise_abs(quotient) < limit ? (T)__builtin_elementwise_copysign(rest, x) : (T)NAN;
}

// The remainder with the divisor's sign, from that with the dividend's sign.
static inline T MT_NAME(remainderOf)(T rest, T b) { return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest; }

// The floor of a / b, without the rounding of that quotient. a − rest is a multiple of b, so the quotient is an integer
// before it is rounded.
static inline T MT_NAME(floorQuotient)(T rest, T a, T b) {
  const T whole = __builtin_elementwise_roundeven((a - rest) / b);
  const T quotient = rest != 0 && (rest < 0) != (b < 0) ? whole - 1 : whole;
  return b == 0 ? a / b : quotient == 0 ? __builtin_elementwise_copysign((T)0, a / b) : quotient;
}

// A block stays in the first cache between its two passes.
#define MT_REST_BLOCK 512

// Defines a loop of two parts: `expression` of the rest by division for all elements, and of the C library's rest for the
// few that are NaN then. One call in a loop would keep the compiler from using vectors.
#define MT_COMBINE_REST(name, expression) \
  static inline T MT_NAME(name##From)(T rest, T a, T b) { return (void)a, (void)b, (expression); } \
  MT_COMBINE(name##ByDivision, T, MT_NAME(name##From)(MT_NAME(restByDivision)(a, b), a, b)) \
  static void MT_NAME(name)(MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner, double p) { \
    for (intptr_t o = 0; o < outer; o++) \
      for (intptr_t start = 0; start < inner; start += MT_REST_BLOCK) { \
        const intptr_t count = inner - start < MT_REST_BLOCK ? inner - start : MT_REST_BLOCK; \
        const T *as = (const T *)a.base + o * a.outer + start * a.inner; \
        const T *bs = (const T *)b.base + o * b.outer + start * b.inner; \
        T *ys = (T *)y.base + o * y.outer + start * y.inner; \
        const MTPlane as_ = {(void *)as, 0, a.inner}, bs_ = {(void *)bs, 0, b.inner}, ys_ = {ys, 0, y.inner}; \
        MT_NAME(name##ByDivision)(as_, bs_, ys_, 1, count, p); \
        int isMissing = 0; \
        for (intptr_t i = 0; i < count; i++) isMissing |= ys[i * y.inner] != ys[i * y.inner]; \
        for (intptr_t i = 0; i < count && isMissing; i++) { \
          const T u = as[i * a.inner], v = bs[i * b.inner]; \
          if (ys[i * y.inner] != ys[i * y.inner]) ys[i * y.inner] = MT_NAME(name##From)((T)fmod(u, v), u, v); \
        } \
      } \
  }

MT_COMBINE_REST(remainder, MT_NAME(remainderOf)(rest, b))
MT_COMBINE_REST(fmod, rest)
MT_COMBINE_REST(floorDivide, MT_NAME(floorQuotient)(rest, a, b))
