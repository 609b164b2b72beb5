// Running sums, products, extremes and recurrences along the lines of an axis. Lines beside one another are computed
// together, so that they vectorise and an addition does not wait for the previous one.

#ifndef MT_BODY
#define MT_FAMILY "Reductions/Scans.c"
#include "../Clones.h"
#else

// The type in which a line is accumulated. Float is accumulated in double and each result is rounded, as in PyTorch on
// the CPU. Integers wrap.
#if MT_COMPLEX
#define A double _Complex
static inline A MT_NAME(productOf)(A a, A b) {
  A product;
  __real__ product = __real__ a * __real__ b - __imag__ a * __imag__ b;
  __imag__ product = __real__ a * __imag__ b + __imag__ a * __real__ b;
  return product;
}
#define MT_PRODUCT(a, b) MT_NAME(productOf)(a, b)
#elif MT_FLOATING
#include "../Elementwise/Math.h"
#define A double
#define MT_PRODUCT(a, b) ((a) * (b))
#else
#define A S
#define MT_PRODUCT(a, b) ((a) * (b))
#endif

// The largest number of adjacent lines that are computed together, and the number of rows.
#define MT_SIDE 256
#define MT_ROWS_TOGETHER 4

// The strip of `count` lines: element k of line j is at j * distance + k * step. `factors` and `indices` are null unless
// the scan uses them.
#define MT_STRIP_OF(name, R) \
  static inline __attribute__((always_inline)) void MT_NAME(name##Strip)( \
      const T *x, const T *factors, R *y, int64_t *indices, intptr_t distance, intptr_t step, intptr_t length, \
      intptr_t count)

#define MT_ACCUMULATE(name, first, expression) \
  MT_STRIP_OF(name, S) { \
    (void)factors, (void)indices; \
    A totals[MT_SIDE]; \
    MT_EACH(j, count) totals[j] = first; \
    MT_EACH(k, length) { \
      MT_EACH_INDEPENDENT(j, count) { \
        const intptr_t at = k * step + j * distance; \
        const A total = totals[j], value = (A)x[at]; \
        totals[j] = expression; \
        y[at] = (S)totals[j]; \
      } \
    } \
  }
MT_ACCUMULATE(sum, 0, total + value)
MT_ACCUMULATE(product, 1, MT_PRODUCT(total, value))

#if !MT_COMPLEX
// The largest or smallest element so far and its index: the last among equal ones. A NaN remains, with the index of the
// last NaN.
#define MT_FOLLOW(name, better) \
  MT_STRIP_OF(name, T) { \
    (void)factors; \
    T best[MT_SIDE]; \
    int64_t places[MT_SIDE]; \
    MT_EACH(j, count) { \
      best[j] = x[j * distance]; \
      places[j] = 0; \
    } \
    MT_EACH(k, length) { \
      MT_EACH_INDEPENDENT(j, count) { \
        const intptr_t at = k * step + j * distance; \
        const T value = x[at]; \
        const int isNext = (value better best[j]) | (value != value); \
        best[j] = isNext ? value : best[j]; \
        places[j] = isNext ? k : places[j]; \
        y[at] = best[j]; \
        indices[at] = places[j]; \
      } \
    } \
  }
MT_FOLLOW(maximum, >=)
MT_FOLLOW(minimum, <=)
#endif

// Scans the lines from ..< to.
#define MT_SCAN_LOOP(name, R) \
  static void MT_NAME(name)(const void *xv, const void *fv, void *yv, int64_t *iv, MTLines lines, intptr_t from, \
                            intptr_t to) { \
    const intptr_t length = lines.length, inner = lines.inner, step = lines.isReversed ? -inner : inner; \
    for (intptr_t line = from, count; line < to; line += count) { \
      const intptr_t i = line % inner, rest = inner - i; \
      count = inner == 1 ? MT_ROWS_TOGETHER : rest < MT_SIDE ? rest : MT_SIDE; \
      if (count > to - line) count = to - line; \
      const intptr_t start = line / inner * length * inner + i + (lines.isReversed ? (length - 1) * inner : 0); \
      const T *x = (const T *)xv + start, *factors = fv ? (const T *)fv + start : NULL; \
      R *y = (R *)yv + start; \
      int64_t *indices = iv ? iv + start : NULL; \
      if (inner > 1) MT_NAME(name##Strip)(x, factors, y, indices, 1, step, length, count); \
      else if (count == MT_ROWS_TOGETHER) \
        MT_NAME(name##Strip)(x, factors, y, indices, length, step, length, MT_ROWS_TOGETHER); \
      else MT_NAME(name##Strip)(x, factors, y, indices, length, step, length, count); \
    } \
  }
MT_SCAN_LOOP(sum, S)
MT_SCAN_LOOP(product, S)

#define MT_SCAN_ENTRY(name) [MTScan_##name] = MT_NAME(name),

#if MT_COMPLEX || MT_FLOATING

// y = x + f · y, from the element before. In reversed order f is the factor of that element, which makes the scan the
// transposed map of the other order.
MT_STRIP_OF(recurrence, T) {
  (void)indices;
  A totals[MT_SIDE];
  const intptr_t back = step < 0 ? step : 0;
  MT_EACH(j, count) y[j * distance] = (T)(totals[j] = x[j * distance]);
  for (intptr_t k = 1; k < length; k++) {
    MT_EACH_INDEPENDENT(j, count) {
      const intptr_t at = k * step + j * distance;
      totals[j] = (A)x[at] + MT_PRODUCT((A)factors[at - back], totals[j]);
      y[at] = (T)totals[j];
    }
  }
}
MT_SCAN_LOOP(recurrence, T)

#endif
#if MT_COMPLEX

const MTScanLoop MT_NAME(martlet_scan)[] = {MT_SCAN_ENTRY(sum) MT_SCAN_ENTRY(product) MT_SCAN_ENTRY(recurrence)};

#else

MT_SCAN_LOOP(maximum, T)
MT_SCAN_LOOP(minimum, T)

#if MT_FLOATING

// r + log Σ exp(x − r). The reference r is an element. It changes when an element exceeds it by more than 1, so that
// neither the exponentials overflow nor the rounding of a change of r adds up.
MT_STRIP_OF(logSumExp, T) {
  (void)factors, (void)indices;
  A totals[MT_SIDE];
  T references[MT_SIDE];
  MT_EACH(j, count) {
    totals[j] = 0;
    references[j] = -(T)INFINITY;
  }
  MT_EACH(k, length) {
    MT_EACH_INDEPENDENT(j, count) {
      const intptr_t at = k * step + j * distance;
      const T value = x[at], reference = references[j];
      const int grows = value > reference + 1;
      const T difference = value == reference ? 0 : grows ? reference - value : value - reference;
      const A power = MT_NAME(expOf)(difference);
      totals[j] = grows ? totals[j] * power + 1 : totals[j] + power;
      references[j] = grows ? value : reference;
      y[at] = (T)((A)references[j] + (A)MT_NAME(logOf)((T)totals[j]));
    }
  }
}

// The gradient of the products of `count` lines: of each element it is g times the product of the elements before it,
// times the product of the elements after it. Adding to 0 turns −0 into 0, as the recorded operations do.
static inline __attribute__((always_inline)) void MT_NAME(slopesOfLines)(const T *x, const T *g, T *dx, intptr_t length,
                                                                        intptr_t count) {
  A before[MT_ROWS_TOGETHER], after[MT_ROWS_TOGETHER];
  MT_EACH(j, count) {
    before[j] = 1;
    after[j] = g[j];
  }
  MT_EACH(k, length) MT_EACH(j, count) {
    dx[j * length + k] = (T)before[j];
    before[j] *= (A)x[j * length + k];
  }
  for (intptr_t k = length - 1; k >= 0; k--)
    MT_EACH(j, count) {
      dx[j * length + k] *= (T)after[j];
      after[j] = 0 + (A)x[j * length + k] * after[j];
    }
}

#if !MT_WIDE
// The same as a quotient, if the product in double is a normal number. Returns 0 otherwise.
static int MT_NAME(slopesOfQuotients)(const T *x, T g, T *dx, intptr_t length) {
  A lanes[16], total = 1;
  intptr_t k = 0;
  for (int j = 0; j < 16; j++) lanes[j] = 1;
  for (; k + 16 <= length; k += 16)
    for (int j = 0; j < 16; j++) lanes[j] *= (A)x[k + j];
  for (int j = 0; j < 16; j++) total *= lanes[j];
  for (; k < length; k++) total *= (A)x[k];
  if (!__builtin_isnormal(total)) return 0;
  total *= (A)g;
  MT_EACH_INDEPENDENT(i, length) dx[i] = (T)(total / (A)x[i]);
  return 1;
}
#endif

static void MT_NAME(productSlopes)(const void *x_, const void *g_, void *dx_, intptr_t lines, intptr_t length) {
  const T *x = x_, *g = g_;
  T *dx = dx_;
  for (intptr_t line = 0, count; line < lines; line += count, x += count * length, dx += count * length) {
    count = 1;
#if !MT_WIDE
    if (MT_NAME(slopesOfQuotients)(x, g[line], dx, length)) continue;
#endif
    if (MT_WIDE && lines - line >= MT_ROWS_TOGETHER) count = MT_ROWS_TOGETHER;
    if (count == 1) MT_NAME(slopesOfLines)(x, g + line, dx, length, 1);
    else MT_NAME(slopesOfLines)(x, g + line, dx, length, MT_ROWS_TOGETHER);
  }
}

MT_SCAN_LOOP(logSumExp, T)
const MTProductSlopesLoop MT_NAME(martlet_productSlopes) = MT_NAME(productSlopes);
const MTScanLoop MT_NAME(martlet_scan)[] = {MT_SCAN(MT_SCAN_ENTRY) MT_SCAN_FLOATING(MT_SCAN_ENTRY)};

#else

const MTScanLoop MT_NAME(martlet_scan)[] = {MT_SCAN(MT_SCAN_ENTRY)};

#endif
#endif
#undef A
#undef MT_PRODUCT
#undef MT_SIDE
#undef MT_ROWS_TOGETHER
#undef MT_STRIP_OF
#undef MT_ACCUMULATE
#undef MT_FOLLOW
#undef MT_SCAN_LOOP
#undef MT_SCAN_ENTRY
#endif
