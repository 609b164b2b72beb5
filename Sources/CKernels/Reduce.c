// Reductions: along rows (the inner extent vanishes) and along columns (the outer one does).

#ifndef MT_BODY
#define MT_FAMILY "Reduce.c"
#include "Clones.h"
#else

#include "Lanes.h"

#define MT_PAIRWISE_BLOCK 256

static S MT_NAME(rowSum)(const T *x, intptr_t stride, intptr_t count) {
  if (count > MT_PAIRWISE_BLOCK) {
    const intptr_t half = count / 2 / MT_LANES * MT_LANES;
    return MT_NAME(rowSum)(x, stride, half) + MT_NAME(rowSum)(x + half * stride, stride, count - half);
  }
  S total = 0;
  intptr_t i = 0;
  if (count >= MT_LANES) {
    S lanes[MT_LANES] = {0};
    if (stride == 1) {
      for (; i + MT_LANES <= count; i += MT_LANES)
        for (int j = 0; j < MT_LANES; j++) lanes[j] += x[i + j];
    } else {
      for (; i + MT_LANES <= count; i += MT_LANES)
        for (int j = 0; j < MT_LANES; j++) lanes[j] += x[(i + j) * stride];
    }
    total = MT_NAME(foldedSum)(lanes);
  }
  for (; i < count; i++) total += x[i * stride];
  return total;
}

MT_EXTREME_ROW(rowMaximum, larger)
MT_EXTREME_ROW(rowMinimum, smaller)

#define MT_ROWS_LOOP(name, R, row) \
  static void MT_NAME(name)(MTPlane x, void *y, intptr_t outer, intptr_t inner) { \
    MT_EACH(o, outer) ((R *)y)[o] = MT_NAME(row)((const T *)x.base + o * x.outer, x.inner, inner); \
  }
MT_ROWS_LOOP(sumRows, S, rowSum)
MT_ROWS_LOOP(maximumRows, T, rowMaximum)
MT_ROWS_LOOP(minimumRows, T, rowMinimum)

#define MT_COLUMNS_LOOP(name, R, expression) \
  static void MT_NAME(name)(MTPlane x_, void *y_, intptr_t outer, intptr_t inner, int continuing) { \
    R *ys = y_; \
    intptr_t o = 0; \
    if (!continuing && outer > 0) { \
      const T *xs = x_.base; \
      MT_EACH(i, inner) ys[i] = xs[i * x_.inner]; \
      o = 1; \
    } \
    for (; o < outer; o++) { \
      const T *xs = (const T *)x_.base + o * x_.outer; \
      if (x_.inner == 1) { \
        MT_EACH_INDEPENDENT(i, inner) { \
          const R y = ys[i]; \
          const T x = xs[i]; \
          ys[i] = (expression); \
        } \
      } else { \
        MT_EACH(i, inner) { \
          const R y = ys[i]; \
          const T x = xs[i * x_.inner]; \
          ys[i] = (expression); \
        } \
      } \
    } \
  }
MT_COLUMNS_LOOP(sumColumns, S, y + x)
MT_COLUMNS_LOOP(maximumColumns, T, MT_NAME(larger)(y, x))
MT_COLUMNS_LOOP(minimumColumns, T, MT_NAME(smaller)(y, x))

// The first index of the best element; a NaN is best of all.
#define MT_LOCATE_LOOP(name, better) \
  static void MT_NAME(name)(MTPlane x_, int64_t *y, intptr_t outer, intptr_t inner) { \
    MT_EACH(o, outer) { \
      const T *xs = (const T *)x_.base + o * x_.outer; \
      T best = xs[0]; \
      intptr_t found = 0; \
      for (intptr_t i = 1; i < inner && best == best; i++) { \
        const T x = xs[i * x_.inner]; \
        if (x better best || x != x) best = x, found = i; \
      } \
      y[o] = found; \
    } \
  }
MT_LOCATE_LOOP(locateMaximum, >)
MT_LOCATE_LOOP(locateMinimum, <)

#define MT_REDUCE_ROWS_ENTRY(name) [MTReduce_##name] = MT_NAME(name##Rows),
#define MT_REDUCE_COLUMNS_ENTRY(name) [MTReduce_##name] = MT_NAME(name##Columns),
const MTReduceRowsLoop MT_NAME(martlet_reduceRows)[] = {MT_REDUCE(MT_REDUCE_ROWS_ENTRY)};
const MTReduceColumnsLoop MT_NAME(martlet_reduceColumns)[] = {MT_REDUCE(MT_REDUCE_COLUMNS_ENTRY)};
const MTLocateLoop MT_NAME(martlet_locate)[] = {
    [MTLocate_maximum] = MT_NAME(locateMaximum), [MTLocate_minimum] = MT_NAME(locateMinimum)};

#undef MT_LANES
#undef MT_EXTREME_ROW
#undef MT_ROW_SUM
#undef MT_SUM_BLOCK
#undef MT_PAIRWISE_BLOCK
#undef MT_ROWS_LOOP
#undef MT_COLUMNS_LOOP
#undef MT_LOCATE_LOOP
#undef MT_REDUCE_ROWS_ENTRY
#undef MT_REDUCE_COLUMNS_ENTRY
#endif
