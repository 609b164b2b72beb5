// Reductions along rows (over the inner extent) and along columns (over the outer extent).

#ifndef MT_BODY
#define MT_FAMILY "Reductions/Reductions.c"
#include "../Clones.h"
#elif !MT_COMPLEX

#include "Extremes.h"

// Sums are partial results that are added in a fixed tree. They have the same bits in every instruction set and for any
// number of threads, and an error that grows with log n (Higham 1993, DOI 10.1137/0914050, "pairwise summation"). A
// lane of a block is a sum of 16, as in NumPy.
#define MT_LANES (256 / (intptr_t)sizeof(S))
#define MT_BLOCK (16 * MT_LANES)

typedef S MT_NAME(Lanes) __attribute__((vector_size(256)));
typedef T MT_NAME(Elements) __attribute__((vector_size(MT_LANES * sizeof(T)), aligned(sizeof(T))));

// Sums the elements in lanes; `count` is a multiple of MT_LANES.
static void MT_NAME(sumLanes)(const T *x, intptr_t stride, intptr_t count, MT_NAME(Lanes) * result) {
  typedef MT_NAME(Elements) Elements;
  typedef MT_NAME(Lanes) Lanes;
  Lanes sums = {0};
  if (count > MT_BLOCK) {
    intptr_t first = MT_BLOCK;
    while (2 * first < count) first *= 2;
    MT_NAME(sumLanes)(x, stride, first, result);
    MT_NAME(sumLanes)(x + first * stride, stride, count - first, &sums);
    *result += sums;
    return;
  }
  T packed[MT_BLOCK];
  if (stride != 1) {
    MT_EACH(i, count) packed[i] = x[i * stride];
    x = packed;
  }
  for (intptr_t i = 0; i < count; i += MT_LANES) {
    for (intptr_t line = 0; line < MT_LANES * (intptr_t)sizeof(T); line += MT_LINE)
      __builtin_prefetch((const char *)(x + i) + MT_AHEAD + line);
    sums += __builtin_convertvector(*(const Elements *)(x + i), Lanes);
  }
  *result = sums;
}

// Fewer elements than this are added in order, as in NumPy, so that both give the same bits.
#define MT_SEQUENTIAL 8
// The lanes for a remainder of MT_LANES, and for short rows.
#define MT_FEW 16

// The sum of a short row. The remainder is summed alone and then added to a lane.
static S MT_NAME(shortSum)(const T *x, intptr_t stride, intptr_t count) {
  S sums[MT_FEW] = {0};
  intptr_t i = 0;
  if (count < MT_SEQUENTIAL) {
    MT_EACH(j, count) sums[0] += x[j * stride];
    return sums[0];
  }
  if (stride == 1) {
    for (; i + MT_FEW <= count; i += MT_FEW)
      for (int j = 0; j < MT_FEW; j++) sums[j] += x[i + j];
  } else {
    for (; i + MT_FEW <= count; i += MT_FEW)
      for (int j = 0; j < MT_FEW; j++) sums[j] += x[(i + j) * stride];
  }
  if (i + MT_SEQUENTIAL <= count) {
    for (int j = 0; j < MT_SEQUENTIAL; j++) sums[j] += x[(i + j) * stride];
    i += MT_SEQUENTIAL;
  }
  S rest = 0;
  for (; i < count; i++) rest += x[i * stride];
  sums[0] += rest;
  for (int half = MT_FEW / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++) sums[j] += sums[j + half];
  return sums[0];
}

static S MT_NAME(rowSum)(const T *x, intptr_t stride, intptr_t count) {
  if (count < 4 * MT_LANES) return MT_NAME(shortSum)(x, stride, count);
  const intptr_t whole = count / MT_LANES * MT_LANES;
  MT_NAME(Lanes) lanes;
  S sums[MT_LANES];
  MT_NAME(sumLanes)(x, stride, whole, &lanes);
  memcpy(sums, &lanes, sizeof lanes);
  sums[0] += MT_NAME(shortSum)(x + whole * stride, stride, count - whole);
  for (int half = MT_LANES / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++) sums[j] += sums[j + half];
  return sums[0];
}

// The product of a row. The lanes are multiplied in a fixed tree.
static S MT_NAME(rowProduct)(const T *x, intptr_t stride, intptr_t count) {
  typedef MT_NAME(Elements) Elements;
  typedef MT_NAME(Lanes) Lanes;
  S lanes[MT_LANES], total = 1;
  intptr_t i = 0;
  if (count < 2 * MT_FEW) {
    MT_EACH(j, count) total *= (S)x[j * stride];
    return total;
  }
  for (int j = 0; j < MT_FEW; j++) lanes[j] = 1;
  if (stride == 1 && count >= 2 * MT_LANES) {
    Lanes products = __builtin_convertvector(*(const Elements *)x, Lanes);
    for (i = MT_LANES; i + MT_LANES <= count; i += MT_LANES) {
      for (intptr_t line = 0; line < MT_LANES * (intptr_t)sizeof(T); line += MT_LINE)
        __builtin_prefetch((const char *)(x + i) + MT_AHEAD + line);
      products *= __builtin_convertvector(*(const Elements *)(x + i), Lanes);
    }
    memcpy(lanes, &products, sizeof lanes);
    for (int half = MT_LANES / 2; half >= MT_FEW; half /= 2)
      for (int j = 0; j < half; j++) lanes[j] *= lanes[j + half];
  }
  if (stride == 1) {
    for (; i + MT_FEW <= count; i += MT_FEW)
      for (int j = 0; j < MT_FEW; j++) lanes[j] *= (S)x[i + j];
  } else {
    for (; i + MT_FEW <= count; i += MT_FEW)
      for (int j = 0; j < MT_FEW; j++) lanes[j] *= (S)x[(i + j) * stride];
  }
  for (int half = MT_FEW / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++) lanes[j] *= lanes[j + half];
  for (; i < count; i++) total *= (S)x[i * stride];
  return lanes[0] * total;
}

#define MT_ROWS_LOOP(name, R, row) \
  static void MT_NAME(name)(MTPlane x, void *y, intptr_t outer, intptr_t inner) { \
    MT_EACH(o, outer) ((R *)y)[o] = MT_NAME(row)((const T *)x.base + o * x.outer, x.inner, inner); \
  }
MT_ROWS_LOOP(sumRows, S, rowSum)
MT_ROWS_LOOP(maximumRows, T, rowMaximum)
MT_ROWS_LOOP(minimumRows, T, rowMinimum)
MT_ROWS_LOOP(productRows, S, rowProduct)

// Columns are summed in strips whose partial results stay in the first-level cache.
#define MT_STRIP 2048
// The strips of maxima and minima stay in the second-level cache.
#define MT_WIDE_STRIP 16384
// Narrow rows without gaps are joined into rows of at most this many elements.
#define MT_TOGETHER 128

// The sum of 1 to 16 rows, added as a tree.
#define MT_ROWS_1(i) ((S)xs[i])
#define MT_ROWS_2(i) (MT_ROWS_1(i) + MT_ROWS_1((i) + s))
#define MT_ROWS_4(i) (MT_ROWS_2(i) + MT_ROWS_2((i) + 2 * s))
#define MT_ROWS_8(i) (MT_ROWS_4(i) + MT_ROWS_4((i) + 4 * s))
#define MT_ROWS_16(i) (MT_ROWS_8(i) + MT_ROWS_8((i) + 8 * s))
#define MT_SUM_OF_ROWS(count) \
  if (rows == count) { \
    if (x.inner == 1) { \
      MT_EACH_INDEPENDENT(i, columns) y[i] = MT_ROWS_##count(i); \
    } else { \
      MT_EACH(i, columns) y[i] = MT_ROWS_##count(i * x.inner); \
    } \
    return; \
  }

static void MT_NAME(sumStrip)(MTPlane x, S *y, intptr_t rows, intptr_t columns) {
  const T *xs = x.base;
  const intptr_t s = x.outer;
  if (rows < MT_SEQUENTIAL) {
    MT_EACH(i, columns) y[i] = xs[i * x.inner];
    for (intptr_t o = 1; o < rows; o++) MT_EACH(i, columns) y[i] += (S)xs[o * s + i * x.inner];
    return;
  }
  MT_SUM_OF_ROWS(8)
  MT_SUM_OF_ROWS(16)
  const intptr_t first = rows > 16 ? (rows / 2 + 15) / 16 * 16 : 8;
  S others[MT_STRIP];
  MT_NAME(sumStrip)(x, y, first, columns);
  x.base = (void *)(xs + first * s);
  MT_NAME(sumStrip)(x, others, rows - first, columns);
  MT_EACH(i, columns) y[i] += others[i];
}

// Four rows are multiplied at a time, so that the result is read and written less often.
static void MT_NAME(productStrip)(MTPlane x, S *y, intptr_t rows, intptr_t columns) {
  const T *xs = x.base;
  const intptr_t s = x.outer;
  MT_EACH(i, columns) y[i] = (S)xs[i * x.inner];
  intptr_t o = 1;
  for (xs += s; x.inner == 1 && o + 4 <= rows; o += 4, xs += 4 * s) {
    MT_EACH_INDEPENDENT(i, columns) {
      y[i] *= ((S)xs[i] * (S)xs[i + s]) * ((S)xs[i + 2 * s] * (S)xs[i + 3 * s]);
    }
  }
  for (; o < rows; o++, xs += s) MT_EACH(i, columns) y[i] *= (S)xs[i * x.inner];
}

#define MT_EXTREME_STRIP(name, pick) \
  static void MT_NAME(name)(MTPlane x, T *y, intptr_t rows, intptr_t columns) { \
    const T *xs = x.base; \
    MT_EACH(i, columns) y[i] = xs[i * x.inner]; \
    intptr_t o = 1; \
    for (xs += x.outer; x.inner == 1 && o + 4 <= rows; o += 4, xs += 4 * x.outer) { \
      const T *x0 = xs, *x1 = x0 + x.outer, *x2 = x1 + x.outer, *x3 = x2 + x.outer; \
      MT_EACH_INDEPENDENT(i, columns) { \
        const T a = MT_NAME(pick)(x0[i], x1[i]), b = MT_NAME(pick)(x2[i], x3[i]); \
        y[i] = MT_NAME(pick)(y[i], MT_NAME(pick)(a, b)); \
      } \
    } \
    for (; o < rows; o++, xs += x.outer) { \
      MT_EACH(i, columns) y[i] = MT_NAME(pick)(y[i], xs[i * x.inner]); \
    } \
  }
MT_EXTREME_STRIP(maximumStrip, larger)
MT_EXTREME_STRIP(minimumStrip, smaller)

static S MT_NAME(sumOfTwo)(S a, S b) { return a + b; }
static S MT_NAME(productOfTwo)(S a, S b) { return a * b; }

// Joins narrow rows without gaps, so that several count as one.
#define MT_COLUMNS_LOOP(name, R, strip, width, pick) \
  static void MT_NAME(name)(MTPlane x, void *y, intptr_t outer, intptr_t inner) { \
    R *ys = y; \
    intptr_t together = 1; \
    if (x.inner == 1 && x.outer == inner) \
      while (2 * together * inner <= MT_TOGETHER && 2 * together <= outer) together *= 2; \
    if (together > 1) { \
      R parts[MT_TOGETHER]; \
      const intptr_t whole = outer / together, rest = outer % together; \
      const MTPlane wide = {x.base, together * inner, 1}; \
      MT_NAME(strip)(wide, parts, whole, together * inner); \
      const T *last = (const T *)x.base + whole * together * inner; \
      MT_EACH(i, rest * inner) parts[i] = MT_NAME(pick)(parts[i], (R)last[i]); \
      for (intptr_t half = together / 2; half > 0; half /= 2) \
        MT_EACH(i, half * inner) parts[i] = MT_NAME(pick)(parts[i], parts[i + half * inner]); \
      memcpy(ys, parts, (size_t)inner * sizeof(R)); \
      return; \
    } \
    for (intptr_t i = 0; i < inner; i += width) { \
      const MTPlane part = {(T *)x.base + i * x.inner, x.outer, x.inner}; \
      MT_NAME(strip)(part, ys + i, outer, inner - i < width ? inner - i : width); \
    } \
  }
MT_COLUMNS_LOOP(sumColumns, S, sumStrip, MT_STRIP, sumOfTwo)
MT_COLUMNS_LOOP(maximumColumns, T, maximumStrip, MT_WIDE_STRIP, larger)
MT_COLUMNS_LOOP(minimumColumns, T, minimumStrip, MT_WIDE_STRIP, smaller)
MT_COLUMNS_LOOP(productColumns, S, productStrip, MT_STRIP, productOfTwo)

// The first index of the best element. A NaN is the best.
#define MT_LOCATE_LOOP(name, row) \
  static void MT_NAME(name)(MTPlane x_, int64_t *y, intptr_t outer, intptr_t inner) { \
    MT_EACH(o, outer) { \
      const T *xs = (const T *)x_.base + o * x_.outer; \
      const T best = MT_NAME(row)(xs, x_.inner, inner); \
      y[o] = MT_NAME(find)(xs, x_.inner, inner, best); \
    } \
  }

// The index of the first element that equals `wanted`. There must be one.
static intptr_t MT_NAME(find)(const T *x, intptr_t stride, intptr_t count, T wanted) {
  intptr_t i = 0;
  if (stride == 1 && wanted == wanted) {
    for (; i + MT_LANES <= count; i += MT_LANES) {
      U found = 0;
      for (int j = 0; j < MT_LANES; j++) found |= x[i + j] == wanted;
      if (found) break;
    }
  }
  while (x[i * stride] != wanted && (wanted == wanted || x[i * stride] == x[i * stride])) i++;
  return i;
}

MT_LOCATE_LOOP(locateMaximum, rowMaximum)
MT_LOCATE_LOOP(locateMinimum, rowMinimum)

#define MT_REDUCE_ROWS_ENTRY(name) [MTReduce_##name] = MT_NAME(name##Rows),
#define MT_REDUCE_COLUMNS_ENTRY(name) [MTReduce_##name] = MT_NAME(name##Columns),
const MTReduceLoop MT_NAME(martlet_reduceRows)[] = {MT_REDUCE(MT_REDUCE_ROWS_ENTRY)};
const MTReduceLoop MT_NAME(martlet_reduceColumns)[] = {MT_REDUCE(MT_REDUCE_COLUMNS_ENTRY)};
const MTLocateLoop MT_NAME(martlet_locate)[] = {
    [MTLocate_maximum] = MT_NAME(locateMaximum), [MTLocate_minimum] = MT_NAME(locateMinimum)};

#undef MT_LANES
#undef MT_BLOCK
#undef MT_FEW
#undef MT_SEQUENTIAL
#undef MT_EXTREME_STRIP
#undef MT_STRIP
#undef MT_WIDE_STRIP
#undef MT_ROWS_1
#undef MT_ROWS_2
#undef MT_ROWS_4
#undef MT_ROWS_8
#undef MT_ROWS_16
#undef MT_SUM_OF_ROWS
#undef MT_TOGETHER
#undef MT_ROWS_LOOP
#undef MT_COLUMNS_LOOP
#undef MT_LOCATE_LOOP
#undef MT_REDUCE_ROWS_ENTRY
#undef MT_REDUCE_COLUMNS_ENTRY
#endif
