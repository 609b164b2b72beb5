// Searches in sorted rows, runs of equal rows, the order of rows, and counts in bins.

#ifndef MT_BODY
#define MT_FAMILY "Sorting/Searching.c"
#include "../Clones.h"
#elif !MT_COMPLEX

#include "Keys.h"

// NaN comes after every number, and equals NaN.
static inline int MT_NAME(isBefore)(T a, T b) { return a < b || (b != b && a == a); }

// The number of elements of a sorted row that come before a value, or not after it if `isRight`. The search has no
// branches, because a CPU cannot predict them.
static inline intptr_t MT_NAME(position)(const T *row, intptr_t length, T value, int isRight) {
#define MT_BEFORE(element) (isRight ? !MT_NAME(isBefore)(value, element) : MT_NAME(isBefore)(element, value))
  const T *from = row;
  while (length > 1) {
    const intptr_t half = length / 2;
    from += MT_BEFORE(from[half - 1]) ? half : 0;
    length -= half;
  }
  return from - row + (length == 1 && MT_BEFORE(*from));
#undef MT_BEFORE
}

static void MT_NAME(search)(const void *sorted, intptr_t length, const void *x, int64_t *y, intptr_t count,
                            int isRight) {
  if (isRight) MT_EACH(i, count) y[i] = MT_NAME(position)(sorted, length, ((const T *)x)[i], 1);
  else MT_EACH(i, count) y[i] = MT_NAME(position)(sorted, length, ((const T *)x)[i], 0);
}

static void MT_NAME(contains)(const void *sorted, intptr_t length, const void *x, uint8_t *y, intptr_t count) {
  const T *row = sorted;
  MT_EACH(i, count) {
    const T value = ((const T *)x)[i];
    const intptr_t place = MT_NAME(position)(row, length, value, 0);
    y[i] = row[place < length ? place : length - 1] == value;
  }
}

// The rows of equal elements; NaN equals nothing.
static inline int MT_NAME(areEqual)(const T *a, const T *b, intptr_t width) {
  MT_EACH(i, width) if (a[i] != b[i]) return 0;
  return 1;
}

static intptr_t MT_NAME(countRuns)(const void *rows, intptr_t count, intptr_t width) {
  const T *x = rows;
  intptr_t runs = count > 0;
  if (width == 1) for (intptr_t i = 1; i < count; i++) runs += x[i] != x[i - 1];
  else for (intptr_t i = 1; i < count; i++) runs += !MT_NAME(areEqual)(x + i * width, x + (i - 1) * width, width);
  return runs;
}

static void MT_NAME(listRuns)(const void *rows, const int64_t *indices, intptr_t count, intptr_t width, void *firsts,
                              int64_t *inverse, int64_t *counts) {
  const T *x = rows;
  intptr_t run = -1, start = 0;
  MT_EACH(i, count) {
    if (i == 0 || !MT_NAME(areEqual)(x + i * width, x + (i - 1) * width, width)) {
      if (run >= 0) counts[run] = i - start;
      start = i;
      run++;
      memcpy((T *)firsts + run * width, x + i * width, (size_t)width * sizeof(T));
    }
    inverse[indices ? indices[i] : i] = run;
  }
  if (run >= 0) counts[run] = count - start;
}

static int MT_NAME(isRowBefore)(const T *a, const T *b, intptr_t width) {
  MT_EACH(i, width) {
    const U one = MT_NAME(key)(a[i], 0), other = MT_NAME(key)(b[i], 0);
    if (one != other) return one < other;
  }
  return 0;
}

// A stable merge sort of the indices of rows, by their first elements, then by the second ones, and so on.
static void MT_NAME(orderRows)(const void *rows, intptr_t count, intptr_t width, int64_t *order, int64_t *scratch) {
  const T *x = rows;
  int64_t *from = order, *to = scratch;
  MT_EACH(i, count) order[i] = i;
  for (intptr_t span = 1; span < count; span *= 2) {
    for (intptr_t start = 0; start < count; start += 2 * span) {
      const intptr_t middle = start + span < count ? start + span : count;
      const intptr_t end = middle + span < count ? middle + span : count;
      intptr_t a = start, b = middle;
      for (intptr_t k = start; k < end; k++) {
        const int takesB =
            a == middle || (b < end && MT_NAME(isRowBefore)(x + from[b] * width, x + from[a] * width, width));
        to[k] = from[takesB ? b++ : a++];
      }
    }
    int64_t *other = from;
    from = to;
    to = other;
  }
  if (from != order) memcpy(order, from, (size_t)count * sizeof(int64_t));
}

const MTSearching MT_NAME(martlet_searching) = {
    MT_NAME(search), MT_NAME(contains), MT_NAME(countRuns), MT_NAME(listRuns), MT_NAME(orderRows),
};

#if MT_FLOATING

// Counts elements, or adds their weights, in bins between equally spaced edges. A bin has its lower edge, and the last
// one both. The division may round an element across an edge, so that edges decide.
static void MT_NAME(histogram)(const void *xv, const void *weights, const void *edges, void *y, intptr_t count,
                               intptr_t bins) {
  const T *x = xv, *edge = edges;
  const double least = edge[0], range = edge[bins] - least;
  MT_EACH(i, count) {
    const T value = x[i];
    if (!(value >= edge[0] && value <= edge[bins])) continue;
    intptr_t bin = (intptr_t)((value - least) / range * (double)bins);
    bin = bin < bins ? bin : bins - 1;
    bin -= value < edge[bin];
    bin += bin < bins - 1 && value >= edge[bin + 1];
    if (weights) ((double *)y)[bin] += ((const T *)weights)[i];
    else ((int64_t *)y)[bin]++;
  }
}

const MTHistogramLoop MT_NAME(martlet_histogram) = MT_NAME(histogram);

#endif
#undef MT_TOP_BIT
#undef MT_LANES
#endif
