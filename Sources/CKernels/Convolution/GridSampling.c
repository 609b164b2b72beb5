// Samples images of two or three axes at the positions of a grid, and the gradients of the images and of the grid. The
// pixels around a position, its taps, are found for a block of positions at a time and serve all channels.

#ifndef MT_BODY
#define MT_FAMILY "Convolution/GridSampling.c"
#include "../Clones.h"
#elif MT_FLOATING

#define MT_BLOCK 64
#define MT_MOST_TAPS 16
#define MT_INLINE static inline __attribute__((always_inline))

// The taps of a block of positions: the number of each pixel in its image, −1 outside of it; its weight; and the
// derivatives of the weight by the position along each axis of the image.
typedef struct {
  intptr_t count;
  int32_t pixel[MT_MOST_TAPS][MT_BLOCK];
  T weight[MT_MOST_TAPS][MT_BLOCK], slope[3][MT_MOST_TAPS][MT_BLOCK];
} MT_NAME(MTTaps);

// The positions along one axis, and their taps.
typedef struct {
  T position[MT_BLOCK];
  int32_t pixel[4][MT_BLOCK];
  T weight[4][MT_BLOCK], slope[4][MT_BLOCK];
} MT_NAME(MTAxisTaps);

// Moves a coordinate in pixels into the image unless what lies outside is 0. NaN becomes 0. `rate` is the derivative of
// the coordinate by the position.
MT_INLINE void MT_NAME(settle)(T *at, T *rate, T last, MTGridEdge edge, int isAligned) {
  if (edge == MTGridEdge_zeros) return;
  T u = *at;
  if (edge == MTGridEdge_reflection) {
    const T low = isAligned ? 0 : (T)-0.5, span = isAligned ? last : last + 1, far = u - low;
    const T distance = far < 0 ? -far : far;
    const T rest = distance - 2 * span * __builtin_elementwise_floor(distance / (2 * span));
    const int isBack = rest > span;
    u = (isBack ? 2 * span - rest : rest) + low;
    *rate = isBack == (far < 0) ? *rate : -*rate;
  }
  *rate = u > 0 && u < last ? *rate : 0;
  u = u > 0 ? u : 0;
  *at = u < last ? u : last;
}

// The number of a pixel along an axis, −1 outside of the image. The coordinate is a whole number. `last` may be rounded
// up, `end` is the exact number of the last pixel.
MT_INLINE int32_t MT_NAME(pixelAt)(T at, T last, int32_t end) {
  const int isInside = at >= 0 && at <= last;
  const int32_t pixel = (int32_t)(isInside && at < 0x1p31f ? at : 0);
  return isInside ? pixel < end ? pixel : end : -1;
}

// The pixels and weights of a cubic with the slope −0.75 at distance 1 (Keys 1981, DOI 10.1109/TASSP.1981.1163711).
MT_INLINE void MT_NAME(addCubic)(MT_NAME(MTAxisTaps) *own, intptr_t i, T at, T rate, T last, int32_t end,
                                 MTGridEdge edge, int isAligned) {
  const T base = __builtin_elementwise_floor(at);
  MT_EACH(k, 4) {
    T tap = base + (T)(k - 1), none = 0;
    MT_NAME(settle)(&tap, &none, last, edge, isAligned);
    own->pixel[k][i] = MT_NAME(pixelAt)(tap, last, end);
  }
  const T a = (T)-0.75, f = at - base, r = 1 - f, b = f + 1, c = r + 1;
  own->weight[0][i] = ((a * b - 5 * a) * b + 8 * a) * b - 4 * a;
  own->weight[1][i] = ((a + 2) * f - (a + 3)) * f * f + 1;
  own->weight[2][i] = ((a + 2) * r - (a + 3)) * r * r + 1;
  own->weight[3][i] = ((a * c - 5 * a) * c + 8 * a) * c - 4 * a;
  own->slope[0][i] = ((3 * a * b - 10 * a) * b + 8 * a) * rate;
  own->slope[1][i] = (3 * (a + 2) * f - 2 * (a + 3)) * f * rate;
  own->slope[2][i] = -(3 * (a + 2) * r - 2 * (a + 3)) * r * rate;
  own->slope[3][i] = -((3 * a * c - 10 * a) * c + 8 * a) * rate;
}

// Finds the taps along one axis of the image and returns their number.
MT_INLINE intptr_t MT_NAME(axisTaps)(MT_NAME(MTAxisTaps) *own, const MTGrid *way, intptr_t axis, intptr_t count,
                                     MTGridMode mode, MTGridEdge edge) {
  const T size = (T)way->size[axis], last = size - 1;
  const int32_t end = (int32_t)way->size[axis] - 1;
  const int isAligned = way->isAligned;
  MT_EACH_INDEPENDENT(i, count) {
    const T g = own->position[i];
    T at = isAligned ? (g + 1) / 2 * last : ((g + 1) * size - 1) / 2, rate = (isAligned ? last : size) / 2;
    if (mode == MTGridMode_cubic) {
      MT_NAME(addCubic)(own, i, at, rate, last, end, edge, isAligned);
      continue;
    }
    MT_NAME(settle)(&at, &rate, last, edge, isAligned);
    const int isNearest = mode == MTGridMode_nearest;
    const T base = isNearest ? __builtin_elementwise_roundeven(at) : __builtin_elementwise_floor(at);
    own->pixel[0][i] = MT_NAME(pixelAt)(base, last, end);
    own->weight[0][i] = isNearest ? 1 : 1 - (at - base);
    own->slope[0][i] = isNearest ? 0 : -rate;
    if (isNearest) continue;
    own->pixel[1][i] = MT_NAME(pixelAt)(base + 1, last, end);
    own->weight[1][i] = at - base;
    own->slope[1][i] = rate;
  }
  return mode == MTGridMode_nearest ? 1 : mode == MTGridMode_linear ? 2 : 4;
}

// Multiplies the taps of the axes so far by those of a further one. It begins with the last tap, because tap t becomes
// the taps from t · own on.
static void MT_NAME(addAxis)(MT_NAME(MTTaps) *taps, const MT_NAME(MTAxisTaps) *axisTaps, intptr_t own, intptr_t size,
                             intptr_t axis, intptr_t count, int hasSlopes) {
  for (intptr_t t = taps->count - 1; t >= 0; t--) {
    for (intptr_t k = own - 1; k >= 0; k--) {
      const intptr_t to = t * own + k;
      const T *weight = axisTaps->weight[k], *slope = axisTaps->slope[k];
      if (hasSlopes) {
        MT_EACH(b, axis) MT_EACH_INDEPENDENT(i, count) taps->slope[b][to][i] = taps->slope[b][t][i] * weight[i];
        MT_EACH_INDEPENDENT(i, count) taps->slope[axis][to][i] = taps->weight[t][i] * slope[i];
      }
      MT_EACH_INDEPENDENT(i, count) {
        const int32_t outer = taps->pixel[t][i], inner = axisTaps->pixel[k][i];
        taps->pixel[to][i] = (outer | inner) < 0 ? -1 : outer * (int32_t)size + inner;
        taps->weight[to][i] = taps->weight[t][i] * weight[i];
      }
    }
  }
  taps->count *= own;
}

// Runs MT_TAPS with constants, so that the loop of each mode and edge has no branch and is compiled to vectors.
#define MT_WITH_EDGE(mode, edge) \
  switch (edge) { \
    case MTGridEdge_zeros: MT_TAPS(mode, zeros); break; \
    case MTGridEdge_border: MT_TAPS(mode, border); break; \
    case MTGridEdge_reflection: MT_TAPS(mode, reflection); break; \
  }
#define MT_WITH_MODE(mode, edge) \
  switch (mode) { \
    case MTGridMode_nearest: MT_WITH_EDGE(nearest, edge) break; \
    case MTGridMode_linear: MT_WITH_EDGE(linear, edge) break; \
    case MTGridMode_cubic: MT_WITH_EDGE(cubic, edge) break; \
  }

// Finds the taps of positions of one image. The last number of a position belongs to the image's first axis.
static void MT_NAME(findTaps)(MT_NAME(MTTaps) *taps, const T *grid, const MTGrid *way, intptr_t count, int hasSlopes) {
  MT_NAME(MTAxisTaps) own;
  taps->count = 1;
  MT_EACH(i, count) taps->pixel[0][i] = 0;
  MT_EACH(i, count) taps->weight[0][i] = 1;
  MT_EACH(axis, way->axes) {
    intptr_t each = 0;
    MT_EACH(i, count) own.position[i] = grid[(i + 1) * way->axes - 1 - axis];
#define MT_TAPS(mode, edge) each = MT_NAME(axisTaps)(&own, way, axis, count, MTGridMode_##mode, MTGridEdge_##edge)
    MT_WITH_MODE(way->mode, way->edge)
    MT_NAME(addAxis)(taps, &own, each, way->size[axis], axis, count, hasSlopes);
  }
}

// Returns Σ weight[t, i] x[pixel[t, i]]. A pixel outside of the image is 0.
MT_INLINE T MT_NAME(mixed)(const int32_t (*pixel)[MT_BLOCK], const T (*weight)[MT_BLOCK], intptr_t taps, const T *x,
                           intptr_t i) {
  T sum = 0;
  MT_EACH(t, taps) {
    const int32_t p = pixel[t][i];
    const T value = x[p < 0 ? 0 : p];
    sum += (p < 0 ? 0 : value) * weight[t][i];
  }
  return sum;
}

// Computes x[pixel[t, i]] += weight[t, i] g[i].
MT_INLINE void MT_NAME(spread)(const int32_t (*pixel)[MT_BLOCK], const T (*weight)[MT_BLOCK], intptr_t taps, const T *g,
                               T *x, intptr_t count) {
  MT_EACH(i, count) MT_EACH(t, taps) {
    const int32_t p = pixel[t][i];
    if (p >= 0) x[p] += weight[t][i] * g[i];
  }
}

// Runs a statement with a constant number of taps, so that their loop is unrolled.
#define MT_WITH_TAPS(number, statement) \
  switch (number) { \
    case 1: { enum { taps = 1 }; statement; } break; \
    case 4: { enum { taps = 4 }; statement; } break; \
    case 8: { enum { taps = 8 }; statement; } break; \
    default: { enum { taps = 16 }; statement; } \
  }

// Runs a statement for each block of positions, which are counted over all images: `count` positions of an image from
// `first` on.
#define MT_EACH_BLOCK(image, first, count, from, to) \
  for (intptr_t at = (from), image, first, count; \
       at < (to) && (image = at / way->positions, first = at - image * way->positions, \
                     count = MT_SHORTER(MT_SHORTER((to) - at, way->positions - first), MT_BLOCK), 1); \
       at += count)
#define MT_SHORTER(a, b) ((a) < (b) ? (a) : (b))

static void MT_NAME(gridSample)(const void *xv, const void *grid, void *yv, const MTGrid *way, intptr_t from,
                                intptr_t to) {
  MT_NAME(MTTaps) found;
  MT_EACH_BLOCK(image, first, count, from, to) {
    MT_NAME(findTaps)(&found, (const T *)grid + at * way->axes, way, count, 0);
    MT_EACH(c, way->channels) {
      const intptr_t plane = image * way->channels + c;
      const T *x = (const T *)xv + plane * way->pixels;
      T *y = (T *)yv + plane * way->positions + first;
      MT_WITH_TAPS(found.count, MT_EACH_INDEPENDENT(i, count) y[i] =
                                    MT_NAME(mixed)(found.pixel, found.weight, taps, x, i))
    }
  }
}

// The gradient of the images, which starts from 0. `from` and `to` count planes: the channels of all images.
static void MT_NAME(gridScatter)(const void *gv, const void *grid, void *dxv, const MTGrid *way, intptr_t from,
                                 intptr_t to) {
  MT_NAME(MTTaps) found;
  for (intptr_t plane = from, end; plane < to; plane = end) {
    const intptr_t number = plane / way->channels, start = number * way->positions;
    end = MT_SHORTER(to, (number + 1) * way->channels);
    MT_EACH_BLOCK(image, first, count, start, start + way->positions) {
      MT_NAME(findTaps)(&found, (const T *)grid + at * way->axes, way, count, 0);
      for (intptr_t p = plane; p < end; p++) {
        const T *g = (const T *)gv + p * way->positions + first;
        T *dx = (T *)dxv + p * way->pixels;
        MT_WITH_TAPS(found.count, MT_NAME(spread)(found.pixel, found.weight, taps, g, dx, count))
      }
    }
  }
}

// The gradient of the grid.
static void MT_NAME(gridSlope)(const void *xv, const void *grid, const void *gv, void *dgrid, const MTGrid *way,
                               intptr_t from, intptr_t to) {
  MT_NAME(MTTaps) found;
  MT_EACH_BLOCK(image, first, count, from, to) {
    MT_NAME(findTaps)(&found, (const T *)grid + at * way->axes, way, count, 1);
    T sums[3][MT_BLOCK] = {{0}};
    MT_EACH(c, way->channels) {
      const intptr_t plane = image * way->channels + c;
      const T *x = (const T *)xv + plane * way->pixels, *g = (const T *)gv + plane * way->positions + first;
      MT_EACH(b, way->axes)
        MT_WITH_TAPS(found.count, MT_EACH_INDEPENDENT(i, count) sums[b][i] +=
                                      g[i] * MT_NAME(mixed)(found.pixel, found.slope[b], taps, x, i))
    }
    T *result = (T *)dgrid + at * way->axes;
    MT_EACH(b, way->axes) MT_EACH(i, count) result[i * way->axes + way->axes - 1 - b] = sums[b][i];
  }
}

const MTGridLoops MT_NAME(martlet_grid) = {
    .sample = MT_NAME(gridSample), .scatter = MT_NAME(gridScatter), .slope = MT_NAME(gridSlope)};

#undef MT_BLOCK
#undef MT_MOST_TAPS
#undef MT_INLINE
#undef MT_TAPS
#undef MT_WITH_EDGE
#undef MT_WITH_MODE
#undef MT_WITH_TAPS
#undef MT_EACH_BLOCK
#undef MT_SHORTER

#endif
