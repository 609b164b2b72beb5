// Layer norm over contiguous rows, both ways. A row's mean and deviation are worked out again on the way back,
// where the row is in the cache: nothing has to be kept for it.

#ifndef MT_BODY
#define MT_FAMILY "Normalize.c"
#include "Clones.h"
#elif MT_FLOATING

#include "Lanes.h"

// Leaves the mean m; returns s = 1 / √(Σ (x − m)² / n + ε).
static inline __attribute__((always_inline)) T MT_NAME(measured)(const T *x, intptr_t n, T epsilon, T *m) {
  MT_ROW_SUM(sum, i, n, x[i])
  const T mean = sum / n;
  MT_ROW_SUM(squares, i, n, (x[i] - mean) * (x[i] - mean))
  *m = mean;
  return 1 / __builtin_elementwise_sqrt(squares / n + epsilon);
}

// y = (x − m) s w + b.
static void MT_NAME(layerNorm)(const void *xv, const void *wv, const void *bv, void *yv, intptr_t rows, intptr_t n,
                               double epsilon) {
  const T *w = wv, *b = bv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n;
    T *y = (T *)yv + r * n, m;
    const T s = MT_NAME(measured)(x, n, (T)epsilon, &m);
    MT_EACH_INDEPENDENT(i, n) y[i] = (x[i] - m) * s * w[i] + b[i];
  }
}

// dx = s (v − mean(v) − u mean(u v)), u = (x − m) s, v = g w.
static void MT_NAME(layerNormGradient)(const void *xv, const void *wv, const void *gv, void *zv, intptr_t rows,
                                       intptr_t n, double epsilon) {
  const T *w = wv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n, *g = (const T *)gv + r * n;
    T *z = (T *)zv + r * n, m;
    const T s = MT_NAME(measured)(x, n, (T)epsilon, &m);
    MT_ROW_SUM(sum, i, n, g[i] * w[i])
    MT_ROW_SUM(along, i, n, g[i] * w[i] * ((x[i] - m) * s))
    const T mean = sum / n, share = along / n;
    MT_EACH_INDEPENDENT(i, n) z[i] = s * (g[i] * w[i] - mean - (x[i] - m) * s * share);
  }
}

// dw = Σ g u over the rows; it does not depend on w.
static void MT_NAME(layerNormWeightGradient)(const void *xv, const void *wv, const void *gv, void *zv, intptr_t rows,
                                             intptr_t n, double epsilon) {
  (void)wv;
  T *z = zv;
  memset(z, 0, n * sizeof(T));
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n, *g = (const T *)gv + r * n;
    T m;
    const T s = MT_NAME(measured)(x, n, (T)epsilon, &m);
    MT_EACH_INDEPENDENT(i, n) z[i] += g[i] * ((x[i] - m) * s);
  }
}

#define MT_NORMALIZE_ENTRY(name) [MTNormalize_##name] = MT_NAME(name),
const MTNormalizeLoop MT_NAME(martlet_normalize)[] = {MT_NORMALIZE(MT_NORMALIZE_ENTRY)};

#undef MT_LANES
#undef MT_ROW_SUM
#undef MT_SUM_BLOCK
#undef MT_NORMALIZE_ENTRY
#endif
