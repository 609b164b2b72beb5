// Softmax and its kin over contiguous rows, each in two passes over a row that stays in the cache.

#ifndef MT_BODY
#define MT_FAMILY "Softmax.c"
#include "Clones.h"
#elif MT_FLOATING

#include "Extremes.h"
#include "Lanes.h"
#include "Math.h"

// z = exp(x − shift); returns the sum.
static S MT_NAME(exponentials)(const T *x, T *z, intptr_t count, T shift) {
  MT_EACH_INDEPENDENT(i, count) z[i] = MT_NAME(expOf)(x[i] - shift);
  MT_ROW_SUM(total, i, count, z[i])
  return total;
}

static void MT_NAME(softmax)(const void *xv, const void *yv, void *zv, intptr_t rows, intptr_t count) {
  (void)yv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * count;
    T *z = (T *)zv + r * count;
    // Its sum is 1 at least: the largest gives 1.
    const T share = 1 / MT_NAME(exponentials)(x, z, count, MT_NAME(rowMaximum)(x, 1, count));
    MT_EACH_INDEPENDENT(i, count) z[i] *= share;
  }
}

static void MT_NAME(logSoftmax)(const void *xv, const void *yv, void *zv, intptr_t rows, intptr_t count) {
  (void)yv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * count;
    T *z = (T *)zv + r * count;
    const T largest = MT_NAME(rowMaximum)(x, 1, count);
    const T logTotal = MT_NAME(logOf)(MT_NAME(exponentials)(x, z, count, largest));
    MT_EACH_INDEPENDENT(i, count) z[i] = (x[i] - largest) - logTotal;
  }
}

// dx = y (g − Σ g y), y the softmax.
static void MT_NAME(softmaxGradient)(const void *gv, const void *yv, void *zv, intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *g = (const T *)gv + r * count, *y = (const T *)yv + r * count;
    T *z = (T *)zv + r * count;
    MT_ROW_SUM(total, i, count, g[i] * y[i])
    MT_EACH_INDEPENDENT(i, count) z[i] = y[i] * (g[i] - total);
  }
}

// dx = g − exp(y) Σ g, y the log-softmax.
static void MT_NAME(logSoftmaxGradient)(const void *gv, const void *yv, void *zv, intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *g = (const T *)gv + r * count, *y = (const T *)yv + r * count;
    T *z = (T *)zv + r * count;
    MT_ROW_SUM(total, i, count, g[i])
    MT_EACH_INDEPENDENT(i, count) z[i] = g[i] - MT_NAME(expOf)(y[i]) * total;
  }
}

static void MT_NAME(crossEntropy)(const void *xv, const int64_t *labels, void *losses, void *probabilities,
                                  intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * count;
    T *p = (T *)probabilities + r * count;
    const T largest = MT_NAME(rowMaximum)(x, 1, count);
    const T total = MT_NAME(exponentials)(x, p, count, largest);
    const T share = 1 / total;
    ((T *)losses)[r] = MT_NAME(logOf)(total) - (x[labels[r]] - largest);
    MT_EACH_INDEPENDENT(i, count) p[i] *= share;
  }
}

#define MT_ROWS_ENTRY(name) [MTRows_##name] = MT_NAME(name),
const MTRowsLoop MT_NAME(martlet_rows)[] = {MT_ROWS(MT_ROWS_ENTRY)};
const MTCrossEntropyLoop MT_NAME(martlet_crossEntropy) = MT_NAME(crossEntropy);

#undef MT_LANES
#undef MT_ROW_SUM
#undef MT_SUM_BLOCK
#undef MT_ROWS_ENTRY
#endif
