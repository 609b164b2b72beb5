// The softmax of attention, over tiles [rows, columns] of query-by-key scores. Matrix products before and after these
// loops compute the scores and use the weights. Each row keeps its largest score and its sum from tile to tile (Milakov
// & Gimelshein 2018, arXiv:1805.02867). Also the rotation of pairs by their position.

#ifndef MT_BODY
#define MT_FAMILY "Attention/Attention.c"
#include "../Clones.h"
#elif MT_FLOATING

#include "../Reductions/Extremes.h"
#include "../Lanes.h"
#include "../Elementwise/Math.h"

#include "../Elementwise/Exponentials.h"

// The number of columns that row r sees.
static intptr_t MT_NAME(seen)(const MTScores *scores, intptr_t r, intptr_t columns) {
  const intptr_t reach = scores->reach + r;
  return reach < 0 ? 0 : reach < columns ? reach : columns;
}

// Turns the products of a row into scores.
static void MT_NAME(score)(T *x, const MTScores *scores, intptr_t r, intptr_t count) {
  const T scale = scores->scale;
  const intptr_t step = scores->maskColumn;
  if (scores->allowed) {
    const uint8_t *allowed = scores->allowed + r * scores->maskRow;
    MT_EACH_INDEPENDENT(i, count) x[i] = allowed[i * step] ? x[i] * scale : -(T)INFINITY;
  } else if (scores->bias) {
    const T *bias = (const T *)scores->bias + r * scores->maskRow;
    MT_EACH_INDEPENDENT(i, count) x[i] = x[i] * scale + bias[i * step];
  } else {
    MT_EACH_INDEPENDENT(i, count) x[i] *= scale;
  }
}

// Turns products into weights exp(score − m), where m is the largest score of the row so far, and adds the sum of the
// weights to the row's total. The total and y of earlier tiles are rescaled to the new m.
static void MT_NAME(weigh)(void *tile, MTScores scores, void *largestv, void *totalsv, void *yv, intptr_t yRow,
                           intptr_t rows, intptr_t columns, intptr_t width, int isFirst) {
  T *largest = largestv, *totals = totalsv;
  MT_EACH(r, rows) {
    T *x = (T *)tile + r * columns, *y = (T *)yv + r * yRow;
    const intptr_t count = MT_NAME(seen)(&scores, r, columns);
    MT_NAME(score)(x, &scores, r, count);
    const T before = isFirst ? -(T)INFINITY : largest[r];
    const T most = count > 0 ? MT_NAME(larger)(MT_NAME(rowMaximum)(x, 1, count), before) : before;
    // A row that sees no column yet keeps m = −∞, and −∞ − (−∞) would be NaN.
    const T shift = most == -(T)INFINITY ? 0 : most;
    const S total = MT_NAME(exponentials)(x, x, count, shift);
    memset(x + count, 0, (columns - count) * sizeof(T));
    largest[r] = most;
    if (isFirst) {
      totals[r] = total;
      continue;
    }
    const T factor = MT_NAME(expOf)(before - shift);
    totals[r] = totals[r] * factor + total;
    if (factor != 1) MT_EACH_INDEPENDENT(i, width) y[i] *= factor;
  }
}

// Divides y by the totals, and replaces each total by log Σ exp(score). For a row that sees no column, y is 0 and the
// logarithm is set to +∞, so that `slopes` computes weights of 0.
static void MT_NAME(finish)(const void *largest, void *totalsv, void *yv, intptr_t yRow, intptr_t rows,
                            intptr_t width) {
  T *totals = totalsv;
  MT_EACH(r, rows) {
    T *y = (T *)yv + r * yRow;
    const T total = totals[r], share = total == 0 ? 0 : 1 / total;
    MT_EACH_INDEPENDENT(i, width) y[i] *= share;
    totals[r] = total == 0 ? (T)INFINITY : ((const T *)largest)[r] + MT_NAME(logOf)(total);
  }
}

// Computes Σ g y of each row.
static void MT_NAME(along)(const void *gv, intptr_t gRow, const void *yv, intptr_t yRow, void *sums, intptr_t rows,
                           intptr_t width) {
  MT_EACH(r, rows) {
    const T *g = (const T *)gv + r * gRow, *y = (const T *)yv + r * yRow;
    MT_ROW_SUM(sum, i, width, g[i] * y[i])
    ((T *)sums)[r] = sum;
  }
}

// Turns products into weights w = exp(score − log total), and the gradients of the weights into the gradients of the
// products, w (slope − along) scale. The gradients of the bias are the same values before the multiplication by scale.
static void MT_NAME(slopes)(void *tile, void *slopesv, MTScores scores, const void *logTotals, const void *alongv,
                            void *biasSlopes, intptr_t biasRow, intptr_t rows, intptr_t columns) {
  const T scale = scores.scale;
  MT_EACH(r, rows) {
    T *x = (T *)tile + r * columns, *g = (T *)slopesv + r * columns;
    const T logTotal = ((const T *)logTotals)[r], along = ((const T *)alongv)[r];
    const intptr_t count = MT_NAME(seen)(&scores, r, columns);
    MT_NAME(score)(x, &scores, r, count);
    MT_EACH_INDEPENDENT(i, count) {
      x[i] = MT_NAME(expOf)(x[i] - logTotal);
      g[i] = x[i] * (g[i] - along);
    }
    memset(x + count, 0, (columns - count) * sizeof(T));
    memset(g + count, 0, (columns - count) * sizeof(T));
    if (biasSlopes) memcpy((T *)biasSlopes + r * biasRow, g, columns * sizeof(T));
    MT_EACH_INDEPENDENT(i, count) g[i] *= scale;
  }
}

// Multiplies each element by 1 / (1 − p), or by 0 if its uniform number is below p.
static void MT_NAME(drop)(void *tile, const void *units, double probability, intptr_t count) {
  const T least = probability, share = probability < 1 ? 1 / (1 - probability) : 0;
  T *x = tile;
  MT_EACH_INDEPENDENT(i, count) x[i] *= ((const T *)units)[i] >= least ? share : 0;
}

// Rotates pairs (a, b) in rows of 2 · count elements to (a cos − b sin, b cos + a sin). A pair is two neighbours if
// interleaved, otherwise one element of each half. `span` consecutive rows share a position; the positions repeat after
// `positions`.
static void MT_NAME(rotate)(const void *xv, const void *cosines, const void *sines, void *yv, intptr_t rows,
                            intptr_t positions, intptr_t span, intptr_t count, int isInterleaved) {
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * 2 * count;
    T *y = (T *)yv + r * 2 * count;
    const intptr_t position = r / span % positions;
    const T *c = (const T *)cosines + position * count, *s = (const T *)sines + position * count;
    if (isInterleaved) {
      MT_EACH_INDEPENDENT(i, count) {
        const T a = x[2 * i], b = x[2 * i + 1];
        y[2 * i] = a * c[i] - b * s[i];
        y[2 * i + 1] = b * c[i] + a * s[i];
      }
    } else {
      MT_EACH_INDEPENDENT(i, count) {
        const T a = x[i], b = x[count + i];
        y[i] = a * c[i] - b * s[i];
        y[count + i] = b * c[i] + a * s[i];
      }
    }
  }
}

const MTAttentionLoops MT_NAME(martlet_attention) = {
    MT_NAME(weigh), MT_NAME(finish), MT_NAME(along), MT_NAME(slopes), MT_NAME(drop),
    MT_NAME(rotate)};

#undef MT_LANES
#undef MT_FEW
#undef MT_SUM_BLOCK
#undef MT_ADD_LANES
#undef MT_ROW_SUM
#endif
