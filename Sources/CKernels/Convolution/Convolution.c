// Convolutions: windows of images are unfolded into the columns of a matrix for BLAS, and folded back. A convolution of
// one channel is computed directly. An image is [channels, depth, height, width]; missing leading axes have extent 1.

#ifndef MT_BODY
#define MT_FAMILY "Convolution/Convolution.c"
#include "../Clones.h"
#elif MT_FLOATING

// The pixels that a tap of the window sees along an axis. Output i sees pixel i · stride + shift; only outputs from ..<
// to see a pixel of the image.
typedef struct {
  intptr_t from, to, shift;
} MT_NAME(Reach);

static inline MT_NAME(Reach) MT_NAME(reach)(const MTWindows *w, int axis, intptr_t tap) {
  const intptr_t stride = w->stride[axis], shift = tap * w->dilation[axis] - w->padding[axis];
  MT_NAME(Reach) reach = {0, 0, shift};
  if (shift < 0) reach.from = (-shift + stride - 1) / stride;
  const intptr_t last = w->size[axis] - 1 - shift;
  reach.to = last < 0 ? 0 : last / stride + 1;
  if (reach.to > w->out[axis]) reach.to = w->out[axis];
  if (reach.from > reach.to) reach.from = reach.to;
  return reach;
}

// Runs the body for each row of outputs within from ..< to. `at` is the row's first place in the columns, ow ..< end
// the requested part of the row, and `row` the image's row under the tap, or −1 in the padding.
#define MT_EACH_ROW(w, kd, kh, ...) \
  { \
    const intptr_t width = (w)->out[2], height = (w)->out[1]; \
    for (intptr_t p = from; p < to;) { \
      const intptr_t line = p / width, ow = p - line * width, od = line / height, oh = line - od * height; \
      const intptr_t end = to - p < width - ow ? ow + to - p : width, at = p - from; \
      const intptr_t d = od * (w)->stride[0] + (kd) * (w)->dilation[0] - (w)->padding[0]; \
      const intptr_t h = oh * (w)->stride[1] + (kh) * (w)->dilation[1] - (w)->padding[1]; \
      const intptr_t row = \
          d >= 0 && d < (w)->size[0] && h >= 0 && h < (w)->size[1] ? (d * (w)->size[1] + h) * (w)->size[2] : -1; \
      __VA_ARGS__ \
      p += end - ow; \
    } \
  }

// True if all strides are 1 and the output has the image's size. Then a tap's column is the image, shifted.
static inline int MT_NAME(isAligned)(const MTWindows *w) {
  return w->stride[0] == 1 && w->stride[1] == 1 && w->stride[2] == 1 && w->out[0] == w->size[0] &&
         w->out[1] == w->size[1] && w->out[2] == w->size[2];
}

// Sets the elements of an aligned tap's column to 0 that lie beside the image's rows. `reach` is the range within.
static inline void MT_NAME(clearBeside)(T *y, MT_NAME(Reach) reach, intptr_t width, intptr_t from, intptr_t to) {
  if (reach.from == 0 && reach.to == width) return;
  for (intptr_t start = from / width * width; start < to; start += width) {
    for (intptr_t ow = 0; ow < reach.from; ow++)
      if (start + ow >= from && start + ow < to) y[start + ow - from] = 0;
    for (intptr_t ow = reach.to; ow < width; ow++)
      if (start + ow >= from && start + ow < to) y[start + ow - from] = 0;
  }
}

// The outputs of one plane (height × width) whose rows lie within the image under the tap, clipped to from ..< to.
static inline void MT_NAME(rowsWithin)(const MTWindows *w, MT_NAME(Reach) high, intptr_t plane, intptr_t from,
                                       intptr_t to, intptr_t *first, intptr_t *last) {
  const intptr_t width = w->out[2], size = w->out[1] * width;
  *first = plane * size + high.from * width;
  *last = plane * size + high.to * width;
  if (*first < from) *first = from;
  if (*last > to) *last = to;
}

static void MT_NAME(unfoldAligned)(const T *x, T *y, const MTWindows *w, const intptr_t tap[3], intptr_t from,
                                   intptr_t to) {
  const MT_NAME(Reach) deep = MT_NAME(reach)(w, 0, tap[0]), high = MT_NAME(reach)(w, 1, tap[1]),
                       wide = MT_NAME(reach)(w, 2, tap[2]);
  const intptr_t width = w->size[2], plane = w->size[1] * width, all = w->size[0] * plane;
  const intptr_t shift = deep.shift * plane + high.shift * width + wide.shift;
  intptr_t done = from;
  for (intptr_t d = deep.from; d < deep.to; d++) {
    intptr_t first, last;
    MT_NAME(rowsWithin)(w, high, d, from, to, &first, &last);
    if (first >= last) continue;
    memset(y + done - from, 0, (size_t)(first - done) * sizeof(T));
    // The first and last pixels may lie outside the image's memory. They are beside its rows, so they are 0.
    intptr_t start = first, end = last;
    while (start < end && start + shift < 0) y[start++ - from] = 0;
    while (end > start && end - 1 + shift >= all) y[--end - from] = 0;
    memcpy(y + start - from, x + start + shift, (size_t)(end - start) * sizeof(T));
    done = last;
  }
  memset(y + done - from, 0, (size_t)(to - done) * sizeof(T));
  MT_NAME(clearBeside)(y, wide, width, from, to);
}

static void MT_NAME(foldAligned)(T *y, T *x, const MTWindows *w, const intptr_t tap[3], intptr_t from, intptr_t to) {
  const MT_NAME(Reach) deep = MT_NAME(reach)(w, 0, tap[0]), high = MT_NAME(reach)(w, 1, tap[1]),
                       wide = MT_NAME(reach)(w, 2, tap[2]);
  const intptr_t width = w->size[2], plane = w->size[1] * width, all = w->size[0] * plane;
  const intptr_t shift = deep.shift * plane + high.shift * width + wide.shift;
  MT_NAME(clearBeside)(y, wide, width, from, to);
  for (intptr_t d = deep.from; d < deep.to; d++) {
    intptr_t first, last;
    MT_NAME(rowsWithin)(w, high, d, from, to, &first, &last);
    if (first + shift < 0) first = -shift;
    if (last + shift > all) last = all - shift;
    T *xs = x + first + shift;
    const T *ys = y + first - from;
    MT_EACH_INDEPENDENT(i, last - first) xs[i] += ys[i];
  }
}

#define MT_EACH_TAP(w, channels, c, tap, ...) \
  for (intptr_t c = 0; c < (channels); c++) \
    for (intptr_t kd_ = 0; kd_ < (w)->kernel[0]; kd_++) \
      for (intptr_t kh_ = 0; kh_ < (w)->kernel[1]; kh_++) \
        for (intptr_t kw_ = 0; kw_ < (w)->kernel[2]; kw_++) { \
          const intptr_t tap[3] = {kd_, kh_, kw_}; \
          __VA_ARGS__ \
        }

// Writes the columns [channels · taps, to − from]: row (c, kd, kh, kw) holds the pixel that the tap sees at each
// output.
static void MT_NAME(unfold)(const void *xv, void *columns, const MTWindows *w, intptr_t channels, intptr_t from,
                            intptr_t to) {
  const intptr_t plane = w->size[0] * w->size[1] * w->size[2];
  const int aligned = MT_NAME(isAligned)(w);
  T *y = columns;
  MT_EACH_TAP(w, channels, c, tap, {
    const T *x = (const T *)xv + c * plane;
    if (aligned) {
      MT_NAME(unfoldAligned)(x, y, w, tap, from, to);
    } else {
      const MT_NAME(Reach) wide = MT_NAME(reach)(w, 2, tap[2]);
      const intptr_t stride = w->stride[2];
      MT_EACH_ROW(w, tap[0], tap[1], {
        T *ys = y + at - ow;
        intptr_t start = wide.from > ow ? wide.from : ow;
        intptr_t stop = wide.to < end ? wide.to : end;
        if (row < 0 || start >= stop) start = stop = end;
        const T *xs = x + row + wide.shift;
        for (intptr_t i = ow; i < start; i++) ys[i] = 0;
        if (stride == 1)
          for (intptr_t i = start; i < stop; i++) ys[i] = xs[i];
        else
          for (intptr_t i = start; i < stop; i++) ys[i] = xs[i * stride];
        for (intptr_t i = stop; i < end; i++) ys[i] = 0;
      })
    }
    y += to - from;
  })
}

// Adds the columns to the pixels that `unfold` read them from. The columns may be overwritten.
static void MT_NAME(fold)(void *columns, void *xv, const MTWindows *w, intptr_t channels, intptr_t from, intptr_t to) {
  const intptr_t plane = w->size[0] * w->size[1] * w->size[2];
  const int aligned = MT_NAME(isAligned)(w);
  T *y = columns;
  MT_EACH_TAP(w, channels, c, tap, {
    T *x = (T *)xv + c * plane;
    if (aligned) {
      MT_NAME(foldAligned)(y, x, w, tap, from, to);
    } else {
      const MT_NAME(Reach) wide = MT_NAME(reach)(w, 2, tap[2]);
      const intptr_t stride = w->stride[2];
      MT_EACH_ROW(w, tap[0], tap[1], {
        const T *ys = y + at - ow;
        const intptr_t start = wide.from > ow ? wide.from : ow, stop = wide.to < end ? wide.to : end;
        if (row >= 0) {
          T *xs = x + row + wide.shift;
          if (stride == 1)
            MT_EACH_INDEPENDENT(i, stop - start) xs[start + i] += ys[start + i];
          else
            for (intptr_t i = start; i < stop; i++) xs[i * stride] += ys[i];
        }
      })
    }
    y += to - from;
  })
}

// Runs the body for each tap and each row of outputs in which the tap sees pixels: `count` outputs from `first` on see
// the pixels from `seen` on, `stride` apart. `tap` is the index in the kernel.
#define MT_EACH_OVERLAP(w, tap, ...) \
  { \
    const intptr_t from = 0, to = (w)->out[0] * (w)->out[1] * (w)->out[2], stride = (w)->stride[2]; \
    intptr_t tap = 0; \
    MT_EACH_TAP(w, 1, c_, place, { \
      const MT_NAME(Reach) wide = MT_NAME(reach)(w, 2, place[2]); \
      const intptr_t count = wide.to - wide.from; \
      MT_EACH_ROW(w, place[0], place[1], { \
        const intptr_t first = at - ow + wide.from, seen = row + wide.shift + wide.from * stride; \
        (void)end; \
        if (row >= 0) __VA_ARGS__ \
      }) \
      tap++; \
    }) \
  }

// Adds the convolution of one channel x with its kernel to y.
static void MT_NAME(convolveChannel)(const void *xv, const void *kernel, void *yv, const MTWindows *w) {
  MT_EACH_OVERLAP(w, tap, {
    const T factor = ((const T *)kernel)[tap], *xs = (const T *)xv + seen;
    T *ys = (T *)yv + first;
    if (stride == 1)
      MT_EACH_INDEPENDENT(i, count) ys[i] = MT_FMA(factor, xs[i], ys[i]);
    else
      MT_EACH_INDEPENDENT(i, count) ys[i] = MT_FMA(factor, xs[i * stride], ys[i]);
  })
}

// Adds the gradient of `convolveChannel` to dx, and in the next function to the kernel's gradient.
static void MT_NAME(channelInputGradient)(const void *gv, const void *kernel, void *xv, const MTWindows *w) {
  MT_EACH_OVERLAP(w, tap, {
    const T factor = ((const T *)kernel)[tap], *gs = (const T *)gv + first;
    T *xs = (T *)xv + seen;
    if (stride == 1)
      MT_EACH_INDEPENDENT(i, count) xs[i] = MT_FMA(factor, gs[i], xs[i]);
    else
      MT_EACH_INDEPENDENT(i, count) xs[i * stride] = MT_FMA(factor, gs[i], xs[i * stride]);
  })
}

static void MT_NAME(channelKernelGradient)(const void *xv, const void *gv, void *kernel, const MTWindows *w) {
  const intptr_t from = 0, to = w->out[0] * w->out[1] * w->out[2];
  T *k = kernel;
  MT_EACH_TAP(w, 1, c, tap, {
    const MT_NAME(Reach) wide = MT_NAME(reach)(w, 2, tap[2]);
    const intptr_t stride = w->stride[2], count = wide.to - wide.from;
    T lanes[16] = {0};
    MT_EACH_ROW(w, tap[0], tap[1], {
      (void)end;
      if (row >= 0) {
        const T *gs = (const T *)gv + at - ow + wide.from;
        const T *xs = (const T *)xv + row + wide.shift + wide.from * stride;
        intptr_t i = 0;
        if (stride == 1)
          for (; i + 16 <= count; i += 16)
            for (int j = 0; j < 16; j++) lanes[j] = MT_FMA(gs[i + j], xs[i + j], lanes[j]);
        for (; i < count; i++) lanes[i & 15] = MT_FMA(gs[i], xs[i * stride], lanes[i & 15]);
      }
    })
    for (int half = 8; half > 0; half /= 2)
      for (int j = 0; j < half; j++) lanes[j] += lanes[j + half];
    *k++ += lanes[0];
  })
}

const MTConvolutionLoops MT_NAME(martlet_convolution) = {
    MT_NAME(unfold), MT_NAME(fold), MT_NAME(convolveChannel), MT_NAME(channelInputGradient),
    MT_NAME(channelKernelGradient)};

#undef MT_EACH_OVERLAP
#undef MT_EACH_ROW
#undef MT_EACH_TAP
#endif
