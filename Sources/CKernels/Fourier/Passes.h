// The passes of Stockham's algorithm (DOI 10.1145/1464182.1464209): each reads a buffer and writes another in the order
// in which the next pass reads. Between the first and the last pass, real and imaginary parts are in separate arrays.
// Included by Fourier.c for each floating element type and instruction set.

#include "Butterflies.h"
#include "Zips.h"

#define MT_LANES (MT_REGISTER / (intptr_t)sizeof(T))
#define MT_HALF (MT_LANES > 2 ? MT_LANES / 2 : MT_LANES)
typedef T MT_NAME(Vector) __attribute__((ext_vector_type(MT_LANES), aligned(sizeof(T))));
typedef T MT_NAME(Half) __attribute__((ext_vector_type(MT_HALF), aligned(sizeof(T))));
#define V MT_NAME(Vector)
#define H MT_NAME(Half)

// Two arrays of parts.
typedef struct {
  T *re, *im;
} MT_NAME(Parts);
#define Parts MT_NAME(Parts)

// One step of a pass: the transform of `r` vectors of the type W, which are `m` · s apart, times the factors of p.
#define MT_STEP(W, r, q) \
  { \
    W re[r], im[r]; \
    for (int i = 0; i < r; i++) { \
      re[i] = *(const W *)(x.re + (q) + s * (p + m * i)); \
      im[i] = *(const W *)(x.im + (q) + s * (p + m * i)); \
    } \
    MT_BUTTERFLY_##r(W, re, im) \
    for (int k = 0; k < r; k++) { \
      T *yr = y.re + (q) + s * (r * p + k), *yi = y.im + (q) + s * (r * p + k); \
      if (k == 0 || m == 1) { \
        *(W *)yr = re[k], *(W *)yi = im[k]; \
      } else { \
        const W cosine = cosines[k], sine = sines[k]; \
        *(W *)yr = MT_FUSED(re[k], cosine, -(im[k] * sine)); \
        *(W *)yi = MT_FUSED(re[k], sine, im[k] * cosine); \
      } \
    } \
  }

// The vectors of a row of s elements. The last one may overlap the one before.
#define MT_STEPS(r) \
  if (s >= MT_LANES) { \
    intptr_t q = 0; \
    for (; q + MT_LANES <= s; q += MT_LANES) MT_STEP(V, r, q) \
    if (q < s) MT_STEP(V, r, s - MT_LANES) \
  } else if (s >= MT_HALF) { \
    MT_STEP(H, r, 0) \
    if (s > MT_HALF) MT_STEP(H, r, s - MT_HALF) \
  } else { \
    for (intptr_t q = 0; q < s; q++) MT_STEP(T, r, q) \
  }

// A pass of radix r over [r][m][s] elements.
#define MT_PASS(r) \
  static void MT_NAME(pass##r)(Parts x, Parts y, intptr_t m, intptr_t s, const T *factors) { \
    for (intptr_t p = 0; p < m; p++) { \
      T cosines[r], sines[r]; \
      for (int k = 1; k < r && m > 1; k++) { \
        cosines[k] = factors[(k - 1) * m + p]; \
        sines[k] = factors[(r + k - 2) * m + p]; \
      } \
      MT_STEPS(r) \
    } \
  }
MT_PASS(2)
MT_PASS(3)
MT_PASS(4)
MT_PASS(5)
MT_PASS(8)

// A pass of any odd radix. `factors` begin with the r cosines and sines of the multiples of an r-th of a turn.
#define MT_ANY_STEP(W, q) \
  { \
    W re[MT_LARGEST_RADIX], im[MT_LARGEST_RADIX], dr[MT_LARGEST_RADIX], di[MT_LARGEST_RADIX]; \
    for (int i = 0; i < r; i++) { \
      re[i] = *(const W *)(x.re + (q) + s * (p + m * i)); \
      im[i] = *(const W *)(x.im + (q) + s * (p + m * i)); \
    } \
    W sumR = re[0], sumI = im[0]; \
    for (int i = 1; i <= r / 2; i++) { \
      dr[i] = re[i] - re[r - i], di[i] = im[i] - im[r - i]; \
      re[i] += re[r - i], im[i] += im[r - i]; \
      sumR += re[i], sumI += im[i]; \
    } \
    *(W *)(y.re + (q) + s * r * p) = sumR, *(W *)(y.im + (q) + s * r * p) = sumI; \
    for (int k = 1; k <= r / 2; k++) { \
      W evenR = re[0], evenI = im[0], oddR = {0}, oddI = {0}; \
      for (int i = 1, at = k; i <= r / 2; i++, at = at + k >= r ? at + k - r : at + k) { \
        evenR += re[i] * factors[at], evenI += im[i] * factors[at]; \
        oddR += dr[i] * factors[r + at], oddI += di[i] * factors[r + at]; \
      } \
      const W ar = evenR - oddI, ai = evenI + oddR, br = evenR + oddI, bi = evenI - oddR; \
      const T *turns = factors + 2 * r; \
      const W c = turns[(k - 1) * m + p], d = turns[(r + k - 2) * m + p]; \
      const W e = turns[(r - k - 1) * m + p], f = turns[(2 * r - k - 2) * m + p]; \
      *(W *)(y.re + (q) + s * (r * p + k)) = ar * c - ai * d; \
      *(W *)(y.im + (q) + s * (r * p + k)) = ar * d + ai * c; \
      *(W *)(y.re + (q) + s * (r * p + r - k)) = br * e - bi * f; \
      *(W *)(y.im + (q) + s * (r * p + r - k)) = br * f + bi * e; \
    } \
  }
static void MT_NAME(passAny)(Parts x, Parts y, intptr_t r, intptr_t m, intptr_t s, const T *factors) {
  for (intptr_t p = 0; p < m; p++) {
    intptr_t q = 0;
    for (; q + MT_LANES <= s; q += MT_LANES) MT_ANY_STEP(V, q)
    for (; q < s; q++) MT_ANY_STEP(T, q)
  }
}

static void MT_NAME(pass)(Parts x, Parts y, intptr_t r, intptr_t m, intptr_t s, const T *factors) {
  switch (r) {
    case 2: return MT_NAME(pass2)(x, y, m, s, factors);
    case 3: return MT_NAME(pass3)(x, y, m, s, factors);
    case 4: return MT_NAME(pass4)(x, y, m, s, factors);
    case 5: return MT_NAME(pass5)(x, y, m, s, factors);
    case 8: return MT_NAME(pass8)(x, y, m, s, factors);
    default: return MT_NAME(passAny)(x, y, r, m, s, factors);
  }
}

// The number of factors of a pass.
static intptr_t MT_NAME(factorCount)(intptr_t r, intptr_t m) {
  return 2 * (r - 1) * m + (MT_IS_ANY_RADIX(r) ? 2 * r : 0);
}

// Moves a vector that would reach beyond `count` elements back over elements that have been computed.
#define MT_OVERLAP(W, at, count) \
  if (at > count - (intptr_t)(sizeof(W) / sizeof(T))) at = count - (intptr_t)(sizeof(W) / sizeof(T));

// The first pass of a single transform, of radix 4 or 8: p runs along the lanes, and the results of a lane become
// adjacent. `sign` is −1 for the conjugate of x.
#define MT_FIRST(name, W, of, r) \
  static void MT_NAME(name##r)(const T *x, Parts y, intptr_t m, T sign, const T *factors) { \
    for (intptr_t p = 0; p < m; p += sizeof(W) / sizeof(T)) { \
      MT_OVERLAP(W, p, m) \
      W re[r], im[r]; \
      for (int i = 0; i < r; i++) { \
        const W *xs = (const W *)(x + 2 * (p + m * i)); \
        re[i] = of(EVEN)(xs[0], xs[1]), im[i] = of(ODD)(xs[0], xs[1]) * sign; \
      } \
      MT_BUTTERFLY_##r(W, re, im) \
      for (int k = 1; k < r; k++) { \
        const W cosine = *(const W *)(factors + (k - 1) * m + p), sine = *(const W *)(factors + (r + k - 2) * m + p); \
        const W real = re[k]; \
        re[k] = MT_FUSED(real, cosine, -(im[k] * sine)); \
        im[k] = MT_FUSED(real, sine, im[k] * cosine); \
      } \
      MT_INTERLEAVE_##r(W, re, of) \
      MT_INTERLEAVE_##r(W, im, of) \
      for (int k = 0; k < r; k++) { \
        ((W *)(y.re + r * p))[k] = re[k]; \
        ((W *)(y.im + r * p))[k] = im[k]; \
      } \
    } \
  }

// The last pass of a single transform, of radix 2, 3, 4, 5 or 8, over s = n / r elements.
#define MT_LAST(name, W, of, r) \
  static void MT_NAME(name##r)(Parts x, T *y, intptr_t s, T scale, T scaleOfI) { \
    for (intptr_t q = 0; q < s; q += sizeof(W) / sizeof(T)) { \
      MT_OVERLAP(W, q, s) \
      W re[r], im[r]; \
      for (int i = 0; i < r; i++) re[i] = *(const W *)(x.re + q + s * i), im[i] = *(const W *)(x.im + q + s * i); \
      MT_BUTTERFLY_##r(W, re, im) \
      for (int k = 0; k < r; k++) { \
        const W a = re[k] * scale, b = im[k] * scaleOfI; \
        W *ys = (W *)(y + 2 * (q + s * k)); \
        ys[0] = of(LOW)(a, b), ys[1] = of(HIGH)(a, b); \
      } \
    } \
  }

#define MT_SINGLE(width, W, of) \
  MT_FIRST(first##width, W, of, 4) \
  MT_FIRST(first##width, W, of, 8) \
  MT_LAST(last##width, W, of, 2) \
  MT_LAST(last##width, W, of, 3) \
  MT_LAST(last##width, W, of, 4) \
  MT_LAST(last##width, W, of, 5) \
  MT_LAST(last##width, W, of, 8) \
  static void MT_NAME(first##width)(intptr_t r, const T *x, Parts y, intptr_t m, T sign, const T *factors) { \
    if (r == 4) MT_NAME(first##width##4)(x, y, m, sign, factors); \
    else MT_NAME(first##width##8)(x, y, m, sign, factors); \
  } \
  static void MT_NAME(last##width)(intptr_t r, Parts x, T *y, intptr_t s, T scale, T scaleOfI) { \
    switch (r) { \
      case 2: return MT_NAME(last##width##2)(x, y, s, scale, scaleOfI); \
      case 3: return MT_NAME(last##width##3)(x, y, s, scale, scaleOfI); \
      case 4: return MT_NAME(last##width##4)(x, y, s, scale, scaleOfI); \
      case 5: return MT_NAME(last##width##5)(x, y, s, scale, scaleOfI); \
      default: return MT_NAME(last##width##8)(x, y, s, scale, scaleOfI); \
    } \
  }
MT_SINGLE(Full, V, MT_OF_V)
MT_SINGLE(Half, H, MT_OF_H)

// Copies `count` elements that are `step` apart, conjugated if `sign` is −1, into separate arrays without gaps.
static void MT_NAME(split)(const T *x, intptr_t step, Parts y, intptr_t count, T sign) {
  intptr_t i = 0;
  for (; step == 1 && i + MT_LANES <= count; i += MT_LANES) {
    const V *xs = (const V *)(x + 2 * i);
    *(V *)(y.re + i) = MT_OF_V(EVEN)(xs[0], xs[1]), *(V *)(y.im + i) = MT_OF_V(ODD)(xs[0], xs[1]) * sign;
  }
  for (; i < count; i++) y.re[i] = x[2 * i * step], y.im[i] = x[2 * i * step + 1] * sign;
}

static void MT_NAME(join)(Parts x, T *y, intptr_t step, intptr_t count, T scale, T scaleOfI) {
  intptr_t i = 0;
  for (; step == 1 && i + MT_LANES <= count; i += MT_LANES) {
    const V a = *(const V *)(x.re + i) * scale, b = *(const V *)(x.im + i) * scaleOfI;
    V *ys = (V *)(y + 2 * i);
    ys[0] = MT_OF_V(LOW)(a, b), ys[1] = MT_OF_V(HIGH)(a, b);
  }
  for (; i < count; i++) y[2 * i * step] = x.re[i] * scale, y[2 * i * step + 1] = x.im[i] * scaleOfI;
}

// Runs the passes from `first` on over [n][s] elements and returns the buffer of the result: one of the two, in turns.
static Parts MT_NAME(run)(const MTFourier *plan, intptr_t first, intptr_t end, Parts x, Parts y, Parts z, intptr_t s) {
  const T *factors = plan->factors;
  intptr_t m = plan->n;
  for (intptr_t k = 0; k < end; k++) {
    const intptr_t r = plan->radices[k];
    m /= r;
    if (k >= first) {
      MT_NAME(pass)(x, y, r, m, s, factors);
      x = y, y = z, z = x;
    }
    factors += MT_NAME(factorCount)(r, m);
    s *= r;
  }
  return x;
}

static Parts MT_NAME(partsAt)(void *memory, intptr_t count) {
  return (Parts){(T *)memory, (T *)memory + count};
}
