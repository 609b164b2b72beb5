// Reductions: along rows (the inner extent vanishes) and along columns (the outer one does).

#ifndef MT_BODY
#define MT_FAMILY "Reduce.c"
#include "Clones.h"
#else

// Sums in partial results that are added in a fixed tree: the same bits in every instruction set and for any number of
// threads, and an error that grows with log n (Higham 1993, DOI 10.1137/0914050, "pairwise summation"). A lane of a
// block is a sum of 16, as in NumPy.
#define MT_LANES (256 / (intptr_t)sizeof(S))
#define MT_BLOCK (16 * MT_LANES)
// So far ahead memory is asked for, in bytes: the processor's own prefetching stops at pages.
#define MT_AHEAD 4096
#define MT_LINE 64

typedef S MT_NAME(Lanes) __attribute__((vector_size(256)));
typedef T MT_NAME(Elements) __attribute__((vector_size(MT_LANES * sizeof(T)), aligned(sizeof(T))));

// The largest block · 2ᵏ below count: where a sum of more than a block is divided.
static intptr_t MT_NAME(divided)(intptr_t count, intptr_t block) {
  while (2 * block < count) block *= 2;
  return block;
}

// The sums of lanes over a multiple of MT_LANES elements.
static void MT_NAME(sumLanes)(const T *x, intptr_t stride, intptr_t count, MT_NAME(Lanes) * result) {
  typedef MT_NAME(Elements) Elements;
  typedef MT_NAME(Lanes) Lanes;
  Lanes sums = {0};
  if (count > MT_BLOCK) {
    const intptr_t first = MT_NAME(divided)(count, MT_BLOCK);
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

// Fewer are added one after the other, as NumPy does: programs that were made with it give the same bits.
#define MT_SEQUENTIAL 8
// Lanes for what is no multiple of MT_LANES, and for short rows.
#define MT_FEW 16

// What is left over is added to a lane: the sum of all is rounded to coarser places.
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

static T MT_NAME(larger)(T a, T b) { return a > b || a != a ? a : b; }
static T MT_NAME(smaller)(T a, T b) { return a < b || a != a ? a : b; }

// The extreme of at least `width` elements that follow one another. Lanes forget a NaN, which is looked for beside
// them: it wins. The last elements are taken twice rather than one by one.
#define MT_EXTREME_LANES(name, better, width) \
  static T MT_NAME(name##width)(const T *x, intptr_t count) { \
    T lanes[width]; \
    U strange[width] = {0}, found = 0; \
    memcpy(lanes, x, sizeof lanes); \
    for (intptr_t i = 0; i < count; i += width) { \
      const T *xs = x + (i + width <= count ? i : count - width); \
      if (width * sizeof(T) >= MT_LINE) __builtin_prefetch((const char *)xs + MT_AHEAD); \
      for (int j = 0; j < width; j++) { \
        const T value = xs[j]; \
        strange[j] |= value != value; \
        lanes[j] = value better lanes[j] ? value : lanes[j]; \
      } \
    } \
    for (int j = 0; j < width; j++) found |= strange[j]; \
    if (found) return MT_NAME(firstStrange)(x); \
    for (int half = width / 2; half > 0; half /= 2) \
      for (int j = 0; j < half; j++) lanes[j] = lanes[j + half] better lanes[j] ? lanes[j + half] : lanes[j]; \
    return lanes[0]; \
  }
#define MT_EXTREME_ROW(name, better, pick) \
  MT_EXTREME_LANES(name, better, 64) \
  MT_EXTREME_LANES(name, better, 16) \
  static T MT_NAME(name)(const T *x, intptr_t stride, intptr_t count) { \
    if (stride == 1 && count >= 64) return MT_NAME(name##64)(x, count); \
    if (stride == 1 && count >= 16) return MT_NAME(name##16)(x, count); \
    T best = x[0]; \
    MT_EACH(i, count) best = MT_NAME(pick)(best, x[i * stride]); \
    return best; \
  }

static T MT_NAME(firstStrange)(const T *x) {
  while (*x == *x) x++;
  return *x;
}

MT_EXTREME_ROW(rowMaximum, >, larger)
MT_EXTREME_ROW(rowMinimum, <, smaller)

#define MT_ROWS_LOOP(name, R, row) \
  static void MT_NAME(name)(MTPlane x, void *y, intptr_t outer, intptr_t inner) { \
    MT_EACH(o, outer) ((R *)y)[o] = MT_NAME(row)((const T *)x.base + o * x.outer, x.inner, inner); \
  }
MT_ROWS_LOOP(sumRows, S, rowSum)
MT_ROWS_LOOP(maximumRows, T, rowMaximum)
MT_ROWS_LOOP(minimumRows, T, rowMinimum)

// Columns are summed in strips whose partial results stay in the first cache.
#define MT_STRIP 2048
// Those of extremes stay in the second.
#define MT_WIDE_STRIP 16384
// So many elements of narrow rows without gaps count as one row.
#define MT_TOGETHER 128

// As many rows added as a tree, from one on.
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

// Of narrow rows without gaps, several count as one.
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

// The first index of the best element; a NaN is best of all.
#define MT_LOCATE_LOOP(name, row) \
  static void MT_NAME(name)(MTPlane x_, int64_t *y, intptr_t outer, intptr_t inner) { \
    MT_EACH(o, outer) { \
      const T *xs = (const T *)x_.base + o * x_.outer; \
      const T best = MT_NAME(row)(xs, x_.inner, inner); \
      y[o] = MT_NAME(find)(xs, x_.inner, inner, best); \
    } \
  }

// The index of the first element that equals one which is there.
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
#undef MT_AHEAD
#undef MT_LINE
#undef MT_EXTREME_LANES
#undef MT_EXTREME_ROW
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
