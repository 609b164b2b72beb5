// Pooling: the largest or the mean of windows over images of three axes, and the gradients. The largest element is
// found together with its place in the image. The gradient is scattered by that place, and its own gradient is gathered
// by it.

#ifndef MT_BODY
#define MT_FAMILY "Convolution/Pooling.c"
#include "../Clones.h"
#elif MT_FLOATING

// Runs a statement for each output of a window table, in order; d, h and w are its indices along the axes.
#define MT_EACH_WINDOW(d, h, w) \
  MT_EACH(d, p->out[0]) MT_EACH(h, p->out[1]) MT_EACH(w, p->out[2])
// Runs a statement for each pixel that an output sees.
#define MT_EACH_PIXEL(z, y, x) \
  for (intptr_t z = p->lower[0][d]; z < p->upper[0][d]; z += p->step[0]) \
    for (intptr_t y = p->lower[1][h]; y < p->upper[1][h]; y += p->step[1]) \
      for (intptr_t x = p->lower[2][w]; x < p->upper[2][w]; x += p->step[2])
#define MT_AT(z, y, x) (((z) * p->size[1] + (y)) * p->size[2] + (x))

// The largest elements of `count` adjacent windows of 2 by 2 in one row of outputs, from the two rows of pixels.
static inline __attribute__((always_inline)) void MT_NAME(largestOfFour)(const T *above, const T *below, T *to,
                                                                         int32_t *places, intptr_t start,
                                                                         intptr_t width, intptr_t count) {
  MT_EACH_INDEPENDENT(w, count) {
    T best = above[2 * w];
    I place = 0;
    const T b = above[2 * w + 1], c = below[2 * w], e = below[2 * w + 1];
    place = b > best || b != b ? 1 : place;
    best = b > best || b != b ? b : best;
    place = c > best || c != c ? 2 : place;
    best = c > best || c != c ? c : best;
    place = e > best || e != e ? 3 : place;
    best = e > best || e != e ? e : best;
    to[w] = best;
    places[w] = (int32_t)(start + 2 * w + (place & 1) + (place >> 1) * width);
  }
}

// The largest elements of an image with such windows. Rows are short: the last block of a row ends with the row, and
// overlaps the block before it.
static void MT_NAME(largestOfPairs)(const T *image, T *to, int32_t *places, const MTPool *p) {
  const intptr_t width = p->size[2], columns = p->out[2];
  MT_EACH(d, p->out[0]) MT_EACH(h, p->out[1]) {
    const intptr_t start = MT_AT(d, 2 * h, 0), row = (d * p->out[1] + h) * columns;
    const T *above = image + start;
#define MT_BLOCKS(size) \
  for (intptr_t w = 0; w < columns; w += size) { \
    const intptr_t at = w + size > columns ? columns - size : w; \
    MT_NAME(largestOfFour)(above + 2 * at, above + width + 2 * at, to + row + at, places + row + at, start + 2 * at, \
                           width, size); \
  }
    if (columns >= 16) MT_BLOCKS(16)
    else if (columns >= 8) MT_BLOCKS(8)
    else if (columns >= 4) MT_BLOCKS(4)
    else MT_BLOCKS(1)
#undef MT_BLOCKS
  }
}

// The outputs of a row whose windows are whole and lie `stride` apart. One tap of all of them is processed at a time.
typedef struct {
  intptr_t from, to, stride, extent;
} MT_NAME(Steady);

static MT_NAME(Steady) MT_NAME(steady)(const MTPool *p) {
  const int64_t *lower = p->lower[2], *upper = p->upper[2];
  const intptr_t count = p->out[2];
  MT_NAME(Steady) s = {0, 0, 0, 0};
  MT_EACH(w, count) if (upper[w] - lower[w] > s.extent) {
    s.from = w;
    s.extent = upper[w] - lower[w];
  }
  s.to = s.from + 1;
  if (s.to >= count) return s;
  s.stride = lower[s.to] - lower[s.from];
  while (s.to < count && lower[s.to] - lower[s.to - 1] == s.stride && upper[s.to] - lower[s.to] == s.extent) s.to++;
  return s;
}

static inline __attribute__((always_inline)) void MT_NAME(largestOfTap)(const T *x, T *best, int32_t *places,
                                                                        intptr_t place, intptr_t stride,
                                                                        intptr_t count) {
  MT_EACH_INDEPENDENT(w, count) {
    const T value = x[w * stride], held = best[w];
    const int takes = value > held || (value != value && held == held);
    best[w] = takes ? value : held;
    places[w] = takes ? (int32_t)(place + w * stride) : places[w];
  }
}

// The largest elements of such outputs, in row h of plane d.
static void MT_NAME(largestOfSteady)(const T *image, T *best, int32_t *places, const MTPool *p, MT_NAME(Steady) s,
                                     intptr_t d, intptr_t h) {
  const intptr_t count = s.to - s.from, begin = p->lower[2][s.from];
  const intptr_t first = MT_AT(p->lower[0][d], p->lower[1][h], begin);
  MT_EACH(w, count) {
    best[w] = image[first + w * s.stride];
    places[w] = (int32_t)(first + w * s.stride);
  }
  for (intptr_t z = p->lower[0][d]; z < p->upper[0][d]; z += p->step[0])
    for (intptr_t y = p->lower[1][h]; y < p->upper[1][h]; y += p->step[1])
      for (intptr_t x = begin; x < begin + s.extent; x += p->step[2]) {
        const intptr_t place = MT_AT(z, y, x);
        if (s.stride == 1)
          MT_NAME(largestOfTap)(image + place, best, places, place, 1, count);
        else if (s.stride == 2)
          MT_NAME(largestOfTap)(image + place, best, places, place, 2, count);
        else
          MT_NAME(largestOfTap)(image + place, best, places, place, s.stride, count);
      }
}

// Computes y and the place of the largest element of each window, the first of equals. A NaN wins. For a window without
// pixels y is −∞ and the place −1. `images` follow one another.
static void MT_NAME(largest)(const void *xv, void *yv, int32_t *places, const MTPool *p, intptr_t images) {
  const intptr_t pixels = p->size[0] * p->size[1] * p->size[2], windows = p->out[0] * p->out[1] * p->out[2];
  const MT_NAME(Steady) steady = MT_NAME(steady)(p);
  const int isSteady = steady.extent > 0 && steady.to - steady.from >= 4;
  for (intptr_t i = 0; i < images; i++) {
    const T *image = (const T *)xv + i * pixels;
    T *to = (T *)yv + i * windows;
    int32_t *at = places + i * windows;
    if (p->isPaired) {
      MT_NAME(largestOfPairs)(image, to, at, p);
      continue;
    }
    MT_EACH(d, p->out[0]) MT_EACH(h, p->out[1]) {
      const int hasRows = p->lower[0][d] < p->upper[0][d] && p->lower[1][h] < p->upper[1][h];
      const int takesSteady = isSteady && hasRows;
      if (takesSteady) MT_NAME(largestOfSteady)(image, to + steady.from, at + steady.from, p, steady, d, h);
      MT_EACH(w, p->out[2]) {
        if (takesSteady && w == steady.from) w = steady.to;
        if (w == p->out[2]) break;
        intptr_t place = -1;
        T best = -(T)__builtin_inf();
        if (hasRows && p->lower[2][w] < p->upper[2][w]) {
          place = MT_AT(p->lower[0][d], p->lower[1][h], p->lower[2][w]);
          best = image[place];
        }
        MT_EACH_PIXEL(z, y, x) {
          const intptr_t here = MT_AT(z, y, x);
          const T value = image[here];
          if (value > best || (value != value && best == best)) {
            best = value;
            place = here;
          }
        }
        to[w] = best;
        at[w] = (int32_t)place;
      }
      to += p->out[2];
      at += p->out[2];
    }
  }
}

// Computes dx[place] += g, and in the next function y = x[place], or 0 if the place is −1. An image has `windows`
// places.
static void MT_NAME(scatter)(const void *gv, const int32_t *places, void *dxv, intptr_t pixels, intptr_t windows,
                             intptr_t images) {
  MT_EACH(i, images) {
    const T *g = (const T *)gv + i * windows;
    T *dx = (T *)dxv + i * pixels;
    const int32_t *at = places + i * windows;
    MT_EACH(k, windows) if (at[k] >= 0) dx[at[k]] += g[k];
  }
}

static void MT_NAME(pick)(const void *xv, const int32_t *places, void *yv, intptr_t pixels, intptr_t windows,
                          intptr_t images) {
  MT_EACH(i, images) {
    const T *x = (const T *)xv + i * pixels;
    T *y = (T *)yv + i * windows;
    const int32_t *at = places + i * windows;
    MT_EACH(k, windows) y[k] = at[k] >= 0 ? x[at[k]] : 0;
  }
}

// Computes y = Σ x · share, where the share of an output is a product of one factor per axis. The next function is the
// gradient: dx += g · share.
static void MT_NAME(mean)(const void *xv, void *yv, const MTPool *p, intptr_t images) {
  const intptr_t pixels = p->size[0] * p->size[1] * p->size[2], windows = p->out[0] * p->out[1] * p->out[2];
  MT_EACH(i, images) {
    const T *image = (const T *)xv + i * pixels;
    T *to = (T *)yv + i * windows;
    MT_EACH_WINDOW(d, h, w) {
      S sum = 0;
      MT_EACH_PIXEL(z, y, x) sum += image[MT_AT(z, y, x)];
      *to++ = sum * (T)(p->share[0][d] * p->share[1][h] * p->share[2][w]);
    }
  }
}

static void MT_NAME(spread)(const void *gv, void *dxv, const MTPool *p, intptr_t images) {
  const intptr_t pixels = p->size[0] * p->size[1] * p->size[2], windows = p->out[0] * p->out[1] * p->out[2];
  MT_EACH(i, images) {
    const T *g = (const T *)gv + i * windows;
    T *image = (T *)dxv + i * pixels;
    MT_EACH_WINDOW(d, h, w) {
      const T part = *g++ * (T)(p->share[0][d] * p->share[1][h] * p->share[2][w]);
      MT_EACH_PIXEL(z, y, x) image[MT_AT(z, y, x)] += part;
    }
  }
}

const MTPoolLoops MT_NAME(martlet_pool) = {MT_NAME(largest), MT_NAME(scatter), MT_NAME(pick), MT_NAME(mean),
                                           MT_NAME(spread)};

#undef MT_EACH_WINDOW
#undef MT_EACH_PIXEL
#undef MT_AT
#endif
