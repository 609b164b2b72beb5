// Discrete Fourier transforms of lines, of large single lines in two steps, of lengths with large primes, and of real
// lines. An inverse transform conjugates its input and its output.

#ifndef MT_BODY
#define MT_FAMILY "Fourier/Fourier.c"
#include "../Clones.h"
#elif MT_FLOATING

#include "Passes.h"

// Transforms `count` lines of n elements. Elements are `step` apart and lines `across`.
static void MT_NAME(lines)(const MTFourier *plan, const T *x, intptr_t xStep, intptr_t xAcross, T *y, intptr_t yStep,
                           intptr_t yAcross, intptr_t count, MTFourierScale scale, T *scratch) {
  const intptr_t n = plan->n;
  const T sign = scale.inverse ? -1 : 1, factor = (T)scale.factor;
  const Parts a = MT_NAME(partsAt)(scratch, n * count), b = {a.re + 2 * n * count, a.im + 2 * n * count};
  MT_EACH(j, n) MT_NAME(split)(x + 2 * j * xStep, xAcross, (Parts){a.re + j * count, a.im + j * count}, count, sign);
  const Parts z = MT_NAME(run)(plan, 0, plan->passes, a, b, a, count);
  MT_EACH(k, n)
  MT_NAME(join)((Parts){z.re + k * count, z.im + k * count}, y + 2 * k * yStep, yAcross, count, factor, factor * sign);
}

// True if the first and the last pass of a single transform can read and write whole vectors of `lanes`.
static int MT_NAME(isDirect)(const MTFourier *plan, intptr_t lanes) {
  if (plan->passes < 2) return 0;
  const intptr_t r = plan->radices[0], last = plan->radices[plan->passes - 1];
  return (r == 4 || r == 8) && plan->n / r >= lanes && !MT_IS_ANY_RADIX(last) && plan->n / last >= lanes;
}

// Transforms one line without gaps. `y` may be `x`.
static void MT_NAME(single)(const MTFourier *plan, const T *x, T *y, MTFourierScale scale, T *scratch) {
  if (!MT_NAME(isDirect)(plan, MT_HALF)) return MT_NAME(lines)(plan, x, 1, 1, y, 1, 1, 1, scale, scratch);
  const int isFull = MT_NAME(isDirect)(plan, MT_LANES);
  const intptr_t n = plan->n, r = plan->radices[0], last = plan->radices[plan->passes - 1];
  const T sign = scale.inverse ? -1 : 1, factor = (T)scale.factor;
  const Parts a = MT_NAME(partsAt)(scratch, n), b = {a.re + 2 * n, a.im + 2 * n};
  (isFull ? MT_NAME(firstFull) : MT_NAME(firstHalf))(r, x, a, n / r, sign, plan->factors);
  const Parts z = MT_NAME(run)(plan, 1, plan->passes - 1, a, b, a, 1);
  (isFull ? MT_NAME(lastFull) : MT_NAME(lastHalf))(last, z, y, n / last, factor, factor * sign);
}

// The number of lines that are transformed together if a single one is not direct.
static intptr_t MT_NAME(together)(const MTFourier *plan) {
  const intptr_t fitting = MT_FOURIER_NEAR / plan->n;
  return fitting < 1 ? 1 : fitting < MT_FOURIER_LINES ? fitting : MT_FOURIER_LINES;
}

static intptr_t MT_NAME(scratch)(const MTFourier *plan) {
  if (plan->inner) return 2 * plan->inner->n + MT_NAME(scratch)(plan->inner);
  if (plan->columns) {
    const intptr_t longer = plan->columns->n > plan->rows->n ? plan->columns->n : plan->rows->n;
    return 4 * longer * MT_FOURIER_LINES;
  }
  return 4 * plan->n * MT_NAME(together)(plan);
}

static T MT_NAME(realOfProduct)(const T *a, const T *b) { return a[0] * b[0] - a[1] * b[1]; }
static T MT_NAME(imaginaryOfProduct)(const T *a, const T *b) { return a[0] * b[1] + a[1] * b[0]; }

// Bluestein's transform (DOI 10.1109/TAU.1970.1162132): with the chirp c_k = e^(−πi k²/n), it is the convolution
// y_k = c_k Σ x_j c_j conj(c_{k−j}). `filter` is the transform of conj(c), divided by its length m.
static void MT_NAME(chirped)(const MTFourier *plan, const T *x, T *y, MTFourierScale scale, T *scratch) {
  const intptr_t n = plan->n, m = plan->inner->n;
  const T *chirp = plan->factors, *filter = (const T *)plan->factors + 2 * n;
  const T sign = scale.inverse ? -1 : 1, factor = (T)scale.factor;
  T *a = scratch, *rest = scratch + 2 * m;
  MT_EACH(j, n) {
    const T z[2] = {x[2 * j], x[2 * j + 1] * sign};
    a[2 * j] = MT_NAME(realOfProduct)(z, chirp + 2 * j), a[2 * j + 1] = MT_NAME(imaginaryOfProduct)(z, chirp + 2 * j);
  }
  memset(a + 2 * n, 0, 2 * (m - n) * sizeof(T));
  MT_NAME(single)(plan->inner, a, a, (MTFourierScale){1, 0}, rest);
  MT_EACH(k, m) {
    const T z[2] = {a[2 * k], a[2 * k + 1]};
    a[2 * k] = MT_NAME(realOfProduct)(z, filter + 2 * k), a[2 * k + 1] = MT_NAME(imaginaryOfProduct)(z, filter + 2 * k);
  }
  MT_NAME(single)(plan->inner, a, a, (MTFourierScale){1, 1}, rest);
  MT_EACH(k, n) {
    y[2 * k] = factor * MT_NAME(realOfProduct)(a + 2 * k, chirp + 2 * k);
    y[2 * k + 1] = factor * sign * MT_NAME(imaginaryOfProduct)(a + 2 * k, chirp + 2 * k);
  }
}

// Transforms rows without gaps between their elements; `xRow` and `yRow` elements lie between the rows.
static void MT_NAME(rows)(const MTFourier *plan, const void *x, intptr_t xRow, void *y, intptr_t yRow, intptr_t rows,
                          MTFourierScale scale, void *scratch) {
  const intptr_t together = plan->inner || MT_NAME(isDirect)(plan, MT_HALF) ? 1 : MT_NAME(together)(plan);
  for (intptr_t row = 0, count; row < rows; row += count) {
    const T *from = (const T *)x + 2 * row * xRow;
    T *to = (T *)y + 2 * row * yRow;
    count = rows - row < together ? rows - row : together;
    if (plan->inner) MT_NAME(chirped)(plan, from, to, scale, scratch);
    else if (count == 1) MT_NAME(single)(plan, from, to, scale, scratch);
    else MT_NAME(lines)(plan, from, 1, xRow, to, 1, yRow, count, scale, scratch);
  }
}

// Transforms the columns from ..< to of [n][inner] elements.
static void MT_NAME(columns)(const MTFourier *plan, const void *x, void *y, intptr_t inner, intptr_t from, intptr_t to,
                             MTFourierScale scale, void *scratch) {
  const intptr_t together = MT_NAME(together)(plan);
  for (intptr_t i = from, count; i < to; i += count) {
    count = to - i < together ? to - i : together;
    MT_NAME(lines)(plan, (const T *)x + 2 * i, inner, 1, (T *)y + 2 * i, inner, 1, count, scale, scratch);
  }
}

// The lines of a block that begins `rest` lines before the end.
static intptr_t MT_NAME(inBlock)(intptr_t rest) { return rest < MT_FOURIER_LINES ? rest : MT_FOURIER_LINES; }

// Multiplies `count` elements by e^(−2πi k (j + i)/n). `fine` holds the factors of [k][i], and plan->coarse those of all
// n elements as products of two.
static void MT_NAME(turn)(const MTFourier *plan, const T *fine, intptr_t k, intptr_t j, T *re, T *im, intptr_t count) {
  const intptr_t at = k * j, side = plan->side;
  const double *high = plan->coarse + 2 * (side + at / side), *low = plan->coarse + 2 * (at % side);
  const T c = (T)(high[0] * low[0] - high[1] * low[1]), d = (T)(high[0] * low[1] + high[1] * low[0]);
  const T *cosines = fine + 2 * k * MT_FOURIER_LINES, *sines = cosines + MT_FOURIER_LINES;
  MT_EACH_INDEPENDENT(i, count) {
    const T cosine = c * cosines[i] - d * sines[i], sine = c * sines[i] + d * cosines[i], real = re[i];
    re[i] = real * cosine - im[i] * sine, im[i] = real * sine + im[i] * cosine;
  }
}

// Writes the transpose of [rows][columns] elements without gaps.
static void MT_NAME(transposed)(const T *x, intptr_t columns, intptr_t rows, T *y) {
  if (rows % 8 == 0 && columns % 8 == 0) {
    typedef T Eight __attribute__((ext_vector_type(8), aligned(sizeof(T))));
    for (intptr_t i = 0; i < rows; i += 8)
      for (intptr_t j = 0; j < columns; j += 8) {
        Eight v[8];
        for (int k = 0; k < 8; k++) v[k] = *(const Eight *)(x + (i + k) * columns + j);
        MT_INTERLEAVE_8(Eight, v, MT_OF_8)
        for (int k = 0; k < 8; k++) *(Eight *)(y + (j + k) * rows + i) = v[k];
      }
    return;
  }
  MT_EACH(i, rows) MT_EACH(j, columns) y[j * rows + i] = x[i * columns + j];
}

// A large transform of n = n₁ n₂ elements, with j = j₁ n₂ + j₂ and k = k₁ + n₁ k₂ (Bailey, DOI 10.1007/BF00162341).
// The first step transforms the columns j₂ and multiplies by e^(−2πi j₂ k₁/n). It leaves [k₁][j₂] in blocks of
// MT_FOURIER_LINES k₁, each [j₂][k₁], with the real parts of a block before its imaginary parts.
static void MT_NAME(firstStep)(const MTFourier *plan, const void *x, void *between, intptr_t from, intptr_t to,
                               MTFourierScale scale, void *scratch) {
  const intptr_t n1 = plan->columns->n, n2 = plan->rows->n;
  const T sign = scale.inverse ? -1 : 1, *fine = plan->factors;
  for (intptr_t block = from; block < to; block++) {
    const intptr_t j = block * MT_FOURIER_LINES, count = MT_NAME(inBlock)(n2 - j);
    const Parts a = MT_NAME(partsAt)(scratch, n1 * count), b = {a.re + 2 * n1 * count, a.im + 2 * n1 * count};
    MT_EACH(k, n1)
    MT_NAME(split)((const T *)x + 2 * (k * n2 + j), 1, (Parts){a.re + k * count, a.im + k * count}, count, sign);
    const Parts z = MT_NAME(run)(plan->columns, 0, plan->columns->passes, a, b, a, count);
    for (intptr_t k = 0, width; k < n1; k += width) {
      width = MT_NAME(inBlock)(n1 - k);
      T *to = (T *)between + 2 * k * n2 + j * width, *re = z.re + k * count, *im = z.im + k * count;
      MT_EACH(row, width) MT_NAME(turn)(plan, fine, k + row, j, re + row * count, im + row * count, count);
      MT_NAME(transposed)(re, count, width, to);
      MT_NAME(transposed)(im, count, width, to + n2 * width);
    }
  }
}

// The second step transforms blocks of rows k₁.
static void MT_NAME(secondStep)(const MTFourier *plan, const void *between, void *y, intptr_t from, intptr_t to,
                                MTFourierScale scale, void *scratch) {
  const intptr_t n1 = plan->columns->n, n2 = plan->rows->n;
  const T factor = (T)scale.factor, factorOfI = scale.inverse ? -factor : factor;
  for (intptr_t block = from; block < to; block++) {
    const intptr_t k = block * MT_FOURIER_LINES, count = MT_NAME(inBlock)(n1 - k);
    const Parts x = MT_NAME(partsAt)((T *)between + 2 * k * n2, n2 * count);
    const Parts a = MT_NAME(partsAt)(scratch, n2 * count), b = {a.re + 2 * n2 * count, a.im + 2 * n2 * count};
    const Parts z = MT_NAME(run)(plan->rows, 0, plan->rows->passes, x, a, b, count);
    MT_EACH(i, n2)
    MT_NAME(join)((Parts){z.re + i * count, z.im + i * count}, (T *)y + 2 * (k + n1 * i), 1, count, factor, factorOfI);
  }
}

// Makes the transform of a real line of n = 2 half elements, in place, from that of the complex elements of which each
// holds two neighbours: the entries k and half − k, for k in from ..< to. `to` is at most half / 2 + 1.
static void MT_NAME(unpack)(const MTFourier *plan, void *row, intptr_t from, intptr_t to) {
  const intptr_t half = plan->n / 2;
  const T *turns = plan->factors;
  T *y = row;
  for (intptr_t k = from; k < to; k++) {
    if (k == 0) {
      const T even = y[0], odd = y[1];
      y[0] = even + odd, y[1] = 0;
      y[2 * half] = even - odd, y[2 * half + 1] = 0;
      continue;
    }
    T *a = y + 2 * k, *b = y + 2 * (half - k);
    const T evenR = (T)0.5 * (a[0] + b[0]), evenI = (T)0.5 * (a[1] - b[1]);
    const T odd[2] = {(T)0.5 * (a[1] + b[1]), (T)0.5 * (b[0] - a[0])};
    const T oddR = MT_NAME(realOfProduct)(odd, turns + 2 * k), oddI = MT_NAME(imaginaryOfProduct)(odd, turns + 2 * k);
    a[0] = evenR + oddR, a[1] = evenI + oddI;
    b[0] = evenR - oddR, b[1] = oddI - evenI;
  }
}

// The inverse: from the half + 1 entries x of a transform to the complex elements y of half the length.
static void MT_NAME(pack)(const MTFourier *plan, const void *xv, void *yv, intptr_t from, intptr_t to) {
  const intptr_t half = plan->n / 2;
  const T *turns = plan->factors, *x = xv;
  T *y = yv;
  for (intptr_t k = from; k < to; k++) {
    if (k == 0) {
      const T first = x[0], last = x[2 * half];
      y[0] = first + last, y[1] = first - last;
      continue;
    }
    const T *a = x + 2 * k, *b = x + 2 * (half - k);
    const T evenR = a[0] + b[0], evenI = a[1] - b[1];
    const T real = a[0] - b[0], imaginary = a[1] + b[1], cosine = turns[2 * k], sine = turns[2 * k + 1];
    // i (a − conj b) times the conjugate of the turn.
    const T oddR = real * sine - imaginary * cosine, oddI = real * cosine + imaginary * sine;
    y[2 * k] = evenR + oddR, y[2 * k + 1] = evenI + oddI;
    y[2 * (half - k)] = evenR - oddR, y[2 * (half - k) + 1] = oddI - evenI;
  }
}

const MTFourierLoops MT_NAME(martlet_fourier) = {
    .scratch = MT_NAME(scratch),     .rows = MT_NAME(rows),             .columns = MT_NAME(columns),
    .firstStep = MT_NAME(firstStep), .secondStep = MT_NAME(secondStep), .unpack = MT_NAME(unpack),
    .pack = MT_NAME(pack)};

#undef Parts
#undef V
#undef H
#undef MT_LANES
#undef MT_HALF
#undef MT_STEP
#undef MT_STEPS
#undef MT_PASS
#undef MT_ANY_STEP
#undef MT_OVERLAP
#undef MT_FIRST
#undef MT_LAST
#undef MT_SINGLE
#undef MT_OF_V
#undef MT_OF_H
#endif
