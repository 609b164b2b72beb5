// The largest and the smallest of two elements and of a row. If there is a NaN, it is the result. Included by Reductions.c,
// Softmax.c and Attention.c for each element type and instruction set.

static inline T MT_NAME(larger)(T a, T b) { return a > b || a != a ? a : b; }
static inline T MT_NAME(smaller)(T a, T b) { return a < b || a != a ? a : b; }

static inline T MT_NAME(firstStrange)(const T *x) {
  while (*x == *x) x++;
  return *x;
}

// The extreme of at least `width` contiguous elements. A comparison of lanes drops a NaN, so NaNs are recorded
// separately. The last block overlaps the one before it, which avoids a scalar remainder.
#define MT_EXTREME_LANES(name, better, width) \
  static inline T MT_NAME(name##width)(const T *x, intptr_t count) { \
    T lanes[width]; \
    U strange[width] = {0}, found = 0; \
    memcpy(lanes, x, sizeof lanes); \
    for (intptr_t i = 0; i < count; i += width) { \
      const T *xs = x + (i + width <= count ? i : count - width); \
      if (width * sizeof(T) >= MT_LINE) __builtin_prefetch((const char *)xs + MT_AHEAD); \
      for (int j = 0; j < width; j++) { \
        const T value = xs[j]; \
        strange[j] |= value != value; \
        lanes[j] = value better lanes[j] ? value : lanes[j]; \
      } \
    } \
    for (int j = 0; j < width; j++) found |= strange[j]; \
    if (found) return MT_NAME(firstStrange)(x); \
    for (int half = width / 2; half > 0; half /= 2) \
      for (int j = 0; j < half; j++) lanes[j] = lanes[j + half] better lanes[j] ? lanes[j + half] : lanes[j]; \
    return lanes[0]; \
  }
#define MT_EXTREME_ROW(name, better, pick) \
  MT_EXTREME_LANES(name, better, 64) \
  MT_EXTREME_LANES(name, better, 16) \
  static inline T MT_NAME(name)(const T *x, intptr_t stride, intptr_t count) { \
    if (stride == 1 && count >= 64) return MT_NAME(name##64)(x, count); \
    if (stride == 1 && count >= 16) return MT_NAME(name##16)(x, count); \
    T best = x[0]; \
    MT_EACH(i, count) best = MT_NAME(pick)(best, x[i * stride]); \
    return best; \
  }

MT_EXTREME_ROW(rowMaximum, >, larger)
MT_EXTREME_ROW(rowMinimum, <, smaller)

#undef MT_EXTREME_LANES
#undef MT_EXTREME_ROW
