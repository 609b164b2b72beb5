// Layer norm over contiguous rows, both ways: on the way back all three gradients while a row is in the cache.

#ifndef MT_BODY
#define MT_FAMILY "Normalize.c"
#include "Clones.h"
#elif MT_FLOATING

#include "Lanes.h"

// What the way back needs of a row: its mean m, and s = 1 / √(Σ (x − m)² / n + ε).
typedef struct {
  T mean, scale;
} MT_NAME(Statistics);

// y = u w + b, u = (x − m) s.
static void MT_NAME(layerNorm)(const void *xv, const void *wv, const void *bv, void *yv, void *statistics,
                               intptr_t rows, intptr_t n, double epsilon) {
  const T *w = wv, *b = bv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n;
    T *y = (T *)yv + r * n;
    MT_ROW_SUM(sum, i, n, x[i])
    const T m = sum / n;
    MT_ROW_SUM(squares, i, n, (x[i] - m) * (x[i] - m))
    const T s = 1 / __builtin_elementwise_sqrt(squares / n + (T)epsilon);
    MT_EACH_INDEPENDENT(i, n) y[i] = (x[i] - m) * s * w[i] + b[i];
    ((MT_NAME(Statistics) *)statistics)[r] = (MT_NAME(Statistics)){m, s};
  }
}

// dx = s (h − mean(h) − u mean(u h)), h = g w; and of all rows together dw = Σ g u and db = Σ g, one after the other.
static void MT_NAME(layerNormGradient)(const void *xv, const void *wv, const void *gv, const void *statistics,
                                       void *dxv, void *sums, intptr_t rows, intptr_t n) {
  const T *w = wv;
  if (sums) memset(sums, 0, 2 * n * sizeof(T));
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n, *g = (const T *)gv + r * n;
    const T m = ((const MT_NAME(Statistics) *)statistics)[r].mean;
    const T s = ((const MT_NAME(Statistics) *)statistics)[r].scale;
    if (dxv) {
      T *dx = (T *)dxv + r * n;
      MT_ROW_SUM(sum, i, n, g[i] * w[i])
      MT_ROW_SUM(along, i, n, g[i] * w[i] * ((x[i] - m) * s))
      const T mean = sum / n, share = along / n;
      MT_EACH_INDEPENDENT(i, n) dx[i] = s * (g[i] * w[i] - mean - (x[i] - m) * s * share);
    }
    if (sums) {
      T *dw = sums, *db = dw + n;
      MT_EACH_INDEPENDENT(i, n) {
        dw[i] += g[i] * ((x[i] - m) * s);
        db[i] += g[i];
      }
    }
  }
}

const MTLayerNormLoop MT_NAME(martlet_layerNorm) = MT_NAME(layerNorm);
const MTLayerNormGradientLoop MT_NAME(martlet_layerNormGradient) = MT_NAME(layerNormGradient);

#undef MT_LANES
#undef MT_FEW
#undef MT_SUM_BLOCK
#undef MT_ADD_LANES
#undef MT_ROW_SUM
#endif
