// Resamples one axis of [outer, n, inner] to m positions, each from two neighbours or more. Also the transposed maps.

#ifndef MT_BODY
#define MT_FAMILY "Convolution/Resampling.c"
#include "../Clones.h"
#elif MT_FLOATING

// y[o, j] = (1 − w) x[o, k] + w x[o, k + 1], with k = lower[j] and w = weights[j]. If w is 0, it is x[o, k].
static void MT_NAME(resample)(const void *xv, const int64_t *lower, const void *weights, void *yv, intptr_t outer,
                              intptr_t n, intptr_t m, intptr_t inner) {
  const T *weight = weights;
  MT_EACH(o, outer) {
    MT_EACH(j, m) {
      const T *x = (const T *)xv + (o * n + lower[j]) * inner;
      T *y = (T *)yv + (o * m + j) * inner;
      const T w = weight[j], v = 1 - w;
      if (w == 0) {
        MT_EACH_INDEPENDENT(i, inner) y[i] = x[i];
      } else {
        MT_EACH_INDEPENDENT(i, inner) y[i] = x[i] * v + x[i + inner] * w;
      }
    }
  }
}

// Computes x[o, k] += (1 − w) y[o, j] and x[o, k + 1] += w y[o, j], where x starts at 0.
static void MT_NAME(resampleTransposed)(const void *yv, const int64_t *lower, const void *weights, void *xv,
                                        intptr_t outer, intptr_t n, intptr_t m, intptr_t inner) {
  const T *weight = weights;
  memset(xv, 0, outer * n * inner * sizeof(T));
  MT_EACH(o, outer) {
    MT_EACH(j, m) {
      T *x = (T *)xv + (o * n + lower[j]) * inner;
      const T *y = (const T *)yv + (o * m + j) * inner;
      const T w = weight[j], v = 1 - w;
      MT_EACH_INDEPENDENT(i, inner) x[i] += y[i] * v;
      if (w != 0) MT_EACH_INDEPENDENT(i, inner) x[i + inner] += y[i] * w;
    }
  }
}

// y[o, j] = Σ weights[j, t] x[o, lower[j] + t]. A tap of weight 0 is not read.
static void MT_NAME(filter)(const void *xv, const int64_t *lower, const void *weights, intptr_t taps, void *yv,
                            intptr_t outer, intptr_t n, intptr_t m, intptr_t inner) {
  memset(yv, 0, outer * m * inner * sizeof(T));
  MT_EACH(o, outer) {
    MT_EACH(j, m) {
      T *y = (T *)yv + (o * m + j) * inner;
      MT_EACH(t, taps) {
        const T *x = (const T *)xv + (o * n + lower[j] + t) * inner;
        const T w = ((const T *)weights)[j * taps + t];
        if (w != 0) MT_EACH_INDEPENDENT(i, inner) y[i] += x[i] * w;
      }
    }
  }
}

// Computes x[o, lower[j] + t] += weights[j, t] y[o, j], where x starts at 0.
static void MT_NAME(filterTransposed)(const void *yv, const int64_t *lower, const void *weights, intptr_t taps,
                                      void *xv, intptr_t outer, intptr_t n, intptr_t m, intptr_t inner) {
  memset(xv, 0, outer * n * inner * sizeof(T));
  MT_EACH(o, outer) {
    MT_EACH(j, m) {
      const T *y = (const T *)yv + (o * m + j) * inner;
      MT_EACH(t, taps) {
        T *x = (T *)xv + (o * n + lower[j] + t) * inner;
        const T w = ((const T *)weights)[j * taps + t];
        if (w != 0) MT_EACH_INDEPENDENT(i, inner) x[i] += y[i] * w;
      }
    }
  }
}

const MTFilterLoop MT_NAME(martlet_filter) = MT_NAME(filter);
const MTFilterLoop MT_NAME(martlet_filterTransposed) = MT_NAME(filterTransposed);
const MTResampleLoop MT_NAME(martlet_resample) = MT_NAME(resample);
const MTResampleLoop MT_NAME(martlet_resampleTransposed) = MT_NAME(resampleTransposed);

#endif
