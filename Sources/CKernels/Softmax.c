// Softmax and its kin over contiguous rows, each in two passes over a row that stays in the cache.

#ifndef MT_BODY
#define MT_FAMILY "Softmax.c"
#include "Clones.h"
#elif MT_FLOATING

#include "Extremes.h"
#include "Lanes.h"
#include "Math.h"

#include "Exponentials.h"

// Σ exp(x − shift) alone. Those of a short row are vectors when they are stored first.
static S MT_NAME(exponentialSum)(const T *x, intptr_t count, T shift) {
  T few[MT_LANES];
  if (count <= MT_LANES) return MT_NAME(exponentials)(x, few, count, shift);
  MT_ROW_SUM(total, i, count, MT_NAME(expOf)(x[i] - shift))
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

// What the way back needs of a row: its largest element m, and 1 / Σ exp(x − m).
typedef struct {
  T largest, share;
} MT_NAME(Statistics);

// log Σ exp(x) − x[label]. A row whose label is below 0 is ignored: its loss is 0, and so is its gradient.
static void MT_NAME(crossEntropy)(const void *xv, const int64_t *labels, void *losses, void *statistics, intptr_t rows,
                                  intptr_t count) {
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * count;
    if (labels[r] < 0) {
      ((T *)losses)[r] = 0;
      ((MT_NAME(Statistics) *)statistics)[r] = (MT_NAME(Statistics)){0, 0};
      continue;
    }
    const T largest = MT_NAME(rowMaximum)(x, 1, count);
    const S total = MT_NAME(exponentialSum)(x, count, largest);
    ((T *)losses)[r] = MT_NAME(logOf)(total) - (x[labels[r]] - largest);
    ((MT_NAME(Statistics) *)statistics)[r] = (MT_NAME(Statistics)){largest, 1 / total};
  }
}

// dx = (exp(x − m) / Σ − onehot(label)) g.
static void MT_NAME(crossEntropyGradient)(const void *xv, const int64_t *labels, const void *statistics,
                                          const void *gv, void *zv, intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * count;
    T *z = (T *)zv + r * count;
    if (labels[r] < 0) {
      MT_EACH(i, count) z[i] = 0;
      continue;
    }
    const MT_NAME(Statistics) s = ((const MT_NAME(Statistics) *)statistics)[r];
    const T g = ((const T *)gv)[r];
    MT_EACH_INDEPENDENT(i, count) z[i] = MT_NAME(expOf)(x[i] - s.largest) * s.share * g;
    z[labels[r]] = (MT_NAME(expOf)(x[labels[r]] - s.largest) * s.share - 1) * g;
  }
}

#define MT_ROWS_ENTRY(name) [MTRows_##name] = MT_NAME(name),
const MTRowsLoop MT_NAME(martlet_rows)[] = {MT_ROWS(MT_ROWS_ENTRY)};
const MTCrossEntropyLoop MT_NAME(martlet_crossEntropy) = MT_NAME(crossEntropy);
const MTCrossEntropyGradientLoop MT_NAME(martlet_crossEntropyGradient) = MT_NAME(crossEntropyGradient);

#undef MT_LANES
#undef MT_FEW
#undef MT_SUM_BLOCK
#undef MT_ADD_LANES
#undef MT_ROW_SUM
#undef MT_ROWS_ENTRY
#endif
