// Max pooling over windows of one size at pseudorandom starts (Graham 2014, arXiv:1412.6071), different for each image.

#ifndef MT_BODY
#define MT_FAMILY "Convolution/FractionalPooling.c"
#include "../Clones.h"
#elif MT_FLOATING

// The start of window o along an axis; the last window ends with the image.
static inline intptr_t MT_NAME(windowStart)(const MTFractionalPool *p, int axis, T sample, intptr_t o) {
  const intptr_t room = p->size[axis] - p->kernel[axis], count = p->out[axis];
  if (o == count - 1) return room;
  const T step = (T)room / (T)(count - 1);
  const intptr_t start = (intptr_t)(((T)o + sample) * step) - (intptr_t)(sample * step);
  return start < room ? start : room;
}

// Computes y and the place of the largest element of each window, the first of equals. A NaN wins.
static void MT_NAME(fractional)(const void *xv, const void *samples, void *yv, int32_t *places,
                                const MTFractionalPool *p, intptr_t images) {
  const intptr_t pixels = p->size[0] * p->size[1] * p->size[2], width = p->size[2];
  T *y = yv;
  MT_EACH(i, images) {
    const T *image = (const T *)xv + i * pixels, *own = (const T *)samples + i * p->samples;
    MT_EACH(d, p->out[0]) MT_EACH(h, p->out[1]) MT_EACH(w, p->out[2]) {
      const intptr_t z = MT_NAME(windowStart)(p, 0, own[p->sample[0]], d);
      const intptr_t first = (z * p->size[1] + MT_NAME(windowStart)(p, 1, own[p->sample[1]], h)) * width +
                             MT_NAME(windowStart)(p, 2, own[p->sample[2]], w);
      intptr_t place = first;
      T best = image[first];
      MT_EACH(a, p->kernel[0]) MT_EACH(b, p->kernel[1]) MT_EACH(c, p->kernel[2]) {
        const intptr_t here = first + (a * p->size[1] + b) * width + c;
        const T value = image[here];
        const int takes = value > best || (value != value && best == best);
        place = takes ? here : place;
        best = takes ? value : best;
      }
      *y++ = best;
      *places++ = (int32_t)place;
    }
  }
}

const MTFractionalPoolLoop MT_NAME(martlet_fractionalPool) = MT_NAME(fractional);

#endif
