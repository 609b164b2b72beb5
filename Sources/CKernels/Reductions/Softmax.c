// Softmax, log-softmax, cross-entropy and their gradients over contiguous rows, in two passes over a row in the cache.

#ifndef MT_BODY
#define MT_FAMILY "Reductions/Softmax.c"
#include "../Clones.h"
#elif MT_FLOATING

#include "Extremes.h"
#include "../Lanes.h"
#include "../Elementwise/Math.h"

#include "../Elementwise/Exponentials.h"

// Returns Σ exp(x − shift). The exponentials of a short row are stored first, because their loop then vectorises.
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
    // The sum is at least 1, because the largest element adds exp(0) = 1.
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

// Computes dx = y (g − Σ g y), where y is the softmax.
static void MT_NAME(softmaxGradient)(const void *gv, const void *yv, void *zv, intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *g = (const T *)gv + r * count, *y = (const T *)yv + r * count;
    T *z = (T *)zv + r * count;
    MT_ROW_SUM(total, i, count, g[i] * y[i])
    MT_EACH_INDEPENDENT(i, count) z[i] = y[i] * (g[i] - total);
  }
}

// Computes dx = g − exp(y) Σ g, where y is the log-softmax.
static void MT_NAME(logSoftmaxGradient)(const void *gv, const void *yv, void *zv, intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *g = (const T *)gv + r * count, *y = (const T *)yv + r * count;
    T *z = (T *)zv + r * count;
    MT_ROW_SUM(total, i, count, g[i])
    MT_EACH_INDEPENDENT(i, count) z[i] = g[i] - MT_NAME(expOf)(y[i]) * total;
  }
}

// log Σ exp(x) of each row. An infinite largest element is not subtracted: a row of −∞ has the sum 0, and the result −∞.
static void MT_NAME(logSumExp)(const void *xv, void *yv, intptr_t rows, intptr_t count) {
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * count;
    const T largest = MT_NAME(rowMaximum)(x, 1, count), shift = largest - largest == 0 ? largest : 0;
    ((T *)yv)[r] = MT_NAME(logOf)(MT_NAME(exponentialSum)(x, count, shift)) + shift;
  }
}

// The statistics of a row that the gradient needs: its largest element m, and 1 / Σ exp(x − m).
typedef struct {
  T largest, share;
} MT_NAME(Statistics);

// log Σ exp(x) − x[label]. A row with a label below 0 is ignored: its loss and its gradient are 0.
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

// Computes dx = (exp(x − m) / Σ − onehot(label)) g.
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
const MTLogSumExpLoop MT_NAME(martlet_logSumExp) = MT_NAME(logSumExp);
const MTCrossEntropyLoop MT_NAME(martlet_crossEntropy) = MT_NAME(crossEntropy);
const MTCrossEntropyGradientLoop MT_NAME(martlet_crossEntropyGradient) = MT_NAME(crossEntropyGradient);

#undef MT_LANES
#undef MT_FEW
#undef MT_SUM_BLOCK
#undef MT_ADD_LANES
#undef MT_ROW_SUM
#undef MT_ROWS_ENTRY
#endif
