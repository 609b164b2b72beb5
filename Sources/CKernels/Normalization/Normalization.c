// Layer norm and RMS norm over contiguous rows. Their gradients are all computed while a row is in the cache. Batch
// norm and group norm over planes [outer, channels, inner]: one pass for the sums, one for the result.

#ifndef MT_BODY
#define MT_FAMILY "Normalization/Normalization.c"
#include "../Clones.h"
#elif MT_FLOATING

#include "../Lanes.h"

// The statistics of a row that the gradient needs: the mean m, and s = 1 / √(Σ (x − m)² / n + ε).
typedef struct {
  T mean, scale;
} MT_NAME(Statistics);

// s of a row, from Σ (x − m)². If that sum overflowed, it is computed again in units of the largest |x − m|; ε is then
// negligible.
static T MT_NAME(rowScale)(const T *x, intptr_t n, T m, T squares, T epsilon) {
  if (!__builtin_isinf(squares)) return 1 / __builtin_elementwise_sqrt(squares / n + epsilon);
  T largest = 0;
  MT_EACH(i, n) {
    const T distance = __builtin_elementwise_abs(x[i] - m);
    largest = distance > largest ? distance : largest;
  }
  if (__builtin_isinf(largest)) return 0;
  const T unit = 1 / largest;
  MT_ROW_SUM(shares, i, n, ((x[i] - m) * unit) * ((x[i] - m) * unit))
  return unit / __builtin_elementwise_sqrt(shares / n);
}

// Computes y = u w + b, u = (x − m) s.
static void MT_NAME(layerNorm)(const void *xv, const void *wv, const void *bv, void *yv, void *statistics,
                               intptr_t rows, intptr_t n, double epsilon) {
  const T *w = wv, *b = bv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n;
    T *y = (T *)yv + r * n;
    MT_ROW_SUM(sum, i, n, x[i])
    const T m = sum / n;
    MT_ROW_SUM(squares, i, n, (x[i] - m) * (x[i] - m))
    const T s = MT_NAME(rowScale)(x, n, m, squares, (T)epsilon);
    MT_EACH_INDEPENDENT(i, n) y[i] = (x[i] - m) * s * w[i] + b[i];
    ((MT_NAME(Statistics) *)statistics)[r] = (MT_NAME(Statistics)){m, s};
  }
}

// Computes dx = s (h − mean(h) − u mean(u h)), h = g w. `sums` receives dw = Σ g u over all rows, followed by db = Σ g.
static void MT_NAME(layerNormGradient)(const void *xv, const void *wv, const void *gv, const void *statistics,
                                       void *dxv, void *sums, intptr_t rows, intptr_t n) {
  const T *w = wv;
  if (sums) memset(sums, 0, 2 * n * sizeof(T));
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n, *g = (const T *)gv + r * n;
    const T m = ((const MT_NAME(Statistics) *)statistics)[r].mean;
    const T s = ((const MT_NAME(Statistics) *)statistics)[r].scale;
    if (dxv) {
      T *dx = (T *)dxv + r * n;
      MT_ROW_SUM(sum, i, n, g[i] * w[i])
      MT_ROW_SUM(along, i, n, g[i] * w[i] * ((x[i] - m) * s))
      const T mean = sum / n, share = along / n;
      MT_EACH_INDEPENDENT(i, n) dx[i] = s * (g[i] * w[i] - mean - (x[i] - m) * s * share);
    }
    if (sums) {
      T *dw = sums, *db = dw + n;
      MT_EACH_INDEPENDENT(i, n) {
        dw[i] += g[i] * ((x[i] - m) * s);
        db[i] += g[i];
      }
    }
  }
}

// Computes y = x s w, s = 1 / √(Σ x² / n + ε). s is kept for the gradient.
static void MT_NAME(rmsNorm)(const void *xv, const void *wv, void *yv, void *scales, intptr_t rows, intptr_t n,
                             double epsilon) {
  const T *w = wv;
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n;
    T *y = (T *)yv + r * n;
    MT_ROW_SUM(squares, i, n, x[i] * x[i])
    const T s = MT_NAME(rowScale)(x, n, 0, squares, (T)epsilon);
    MT_EACH_INDEPENDENT(i, n) y[i] = x[i] * s * w[i];
    ((T *)scales)[r] = s;
  }
}

// Computes dx = s (h − u mean(u h)), u = x s, h = g w, and dw = Σ g u over all rows.
static void MT_NAME(rmsNormGradient)(const void *xv, const void *wv, const void *gv, const void *scales, void *dxv,
                                     void *dwv, intptr_t rows, intptr_t n) {
  const T *w = wv;
  T *dw = dwv;
  if (dw) memset(dw, 0, n * sizeof(T));
  MT_EACH(r, rows) {
    const T *x = (const T *)xv + r * n, *g = (const T *)gv + r * n;
    const T s = ((const T *)scales)[r];
    if (dxv) {
      T *dx = (T *)dxv + r * n;
      MT_ROW_SUM(along, i, n, g[i] * w[i] * (x[i] * s))
      const T share = along / n;
      MT_EACH_INDEPENDENT(i, n) dx[i] = s * (g[i] * w[i] - x[i] * s * share);
    }
    if (dw) MT_EACH_INDEPENDENT(i, n) dw[i] += g[i] * (x[i] * s);
  }
}

// MT_BLOCK is the number of elements of a run that fit in the first-level cache. MT_COLUMNS is the number of channels
// that are summed together if each has one element per row. Sums over blocks are kept in double, in the order of
// memory.
#define MT_BLOCK 2048
#define MT_COLUMNS 64

// The mean and the variance of channels whose inner extent is 1.
static void MT_NAME(columnMoments)(const T *x, T *mean, T *variance, MTPlanes p, intptr_t from, intptr_t to) {
  for (intptr_t start = from; start < to; start += MT_COLUMNS) {
    const intptr_t width = to - start < MT_COLUMNS ? to - start : MT_COLUMNS;
    double sums[MT_COLUMNS] = {0}, squares[MT_COLUMNS] = {0};
    MT_EACH(o, p.outer) {
      const T *row = x + o * p.channels + start;
      MT_EACH_INDEPENDENT(j, width) sums[j] += row[j];
    }
    MT_EACH_INDEPENDENT(j, width) sums[j] /= p.outer;
    MT_EACH(o, p.outer) {
      const T *row = x + o * p.channels + start;
      MT_EACH_INDEPENDENT(j, width) squares[j] += (row[j] - sums[j]) * (row[j] - sums[j]);
    }
    MT_EACH_INDEPENDENT(j, width) {
      mean[start + j] = sums[j];
      variance[start + j] = squares[j] / p.outer;
    }
  }
}

// The mean and the variance of each channel from ..< to. The moments of blocks are merged by the method of Chan, Golub
// & LeVeque (1983, DOI 10.1080/00031305.1983.10483115). So x is read from memory once, and a large mean does not spoil
// the variance.
static void MT_NAME(moments)(const void *xv, void *mean, void *variance, MTPlanes p, intptr_t from, intptr_t to) {
  if (p.inner == 1) return MT_NAME(columnMoments)(xv, mean, variance, p, from, to);
  for (intptr_t c = from; c < to; c++) {
    double count = 0, centre = 0, squares = 0;
    MT_EACH(o, p.outer) {
      for (intptr_t start = 0; start < p.inner; start += MT_BLOCK) {
        const T *x = (const T *)xv + (o * p.channels + c) * p.inner + start;
        const intptr_t n = p.inner - start < MT_BLOCK ? p.inner - start : MT_BLOCK;
        MT_ROW_SUM(sum, i, n, x[i])
        const T m = sum / n;
        MT_ROW_SUM(apart, i, n, (x[i] - m) * (x[i] - m))
        const double step = m - centre, total = count + n;
        centre += step * (n / total);
        squares += apart + step * step * (count * n / total);
        count = total;
      }
    }
    ((T *)mean)[c] = centre;
    ((T *)variance)[c] = squares / count;
  }
}

// Computes y = (x − centre) factor + shift with each channel's values, for rows from ..< to of all outer · channels
// rows.
static void MT_NAME(scaleChannels)(const void *xv, const void *centres, const void *factors, const void *shifts,
                                   void *yv, MTPlanes p, intptr_t from, intptr_t to) {
  const T *m = centres, *a = factors, *b = shifts;
  if (p.inner == 1) {
    for (intptr_t r = from; r < to;) {
      const intptr_t c = r % p.channels, n = to - r < p.channels - c ? to - r : p.channels - c;
      const T *x = (const T *)xv + r;
      T *y = (T *)yv + r;
      MT_EACH_INDEPENDENT(i, n) y[i] = (x[i] - m[c + i]) * a[c + i] + b[c + i];
      r += n;
    }
    return;
  }
  for (intptr_t r = from; r < to; r++) {
    const T *x = (const T *)xv + r * p.inner;
    T *y = (T *)yv + r * p.inner;
    const T centre = m[r % p.channels], factor = a[r % p.channels], shift = b[r % p.channels];
    MT_EACH_INDEPENDENT(i, p.inner) y[i] = (x[i] - centre) * factor + shift;
  }
}

// Computes Σ g and Σ g u of each channel from ..< to, u = (x − centre) scale. `span` channels share a centre and a
// scale.
static void MT_NAME(gradientSums)(const void *xv, const void *gv, const void *centres, const void *scales, void *sumv,
                                  void *alongv, MTPlanes p, intptr_t span, intptr_t from, intptr_t to) {
  const T *m = centres, *s = scales;
  T *sum = sumv, *along = alongv;
  if (p.inner == 1 && span == 1) {
    for (intptr_t start = from; start < to; start += MT_COLUMNS) {
      const intptr_t width = to - start < MT_COLUMNS ? to - start : MT_COLUMNS;
      double sums[MT_COLUMNS] = {0}, products[MT_COLUMNS] = {0};
      MT_EACH(o, p.outer) {
        const T *x = (const T *)xv + o * p.channels + start, *g = (const T *)gv + o * p.channels + start;
        MT_EACH_INDEPENDENT(j, width) {
          sums[j] += g[j];
          products[j] += g[j] * ((x[j] - m[start + j]) * s[start + j]);
        }
      }
      MT_EACH_INDEPENDENT(j, width) {
        sum[start + j] = sums[j];
        along[start + j] = products[j];
      }
    }
    return;
  }
  for (intptr_t c = from; c < to; c++) {
    const T centre = m[c / span], scale = s[c / span];
    double sums = 0, products = 0;
    MT_EACH(o, p.outer) {
      for (intptr_t start = 0; start < p.inner; start += MT_BLOCK) {
        const intptr_t offset = (o * p.channels + c) * p.inner + start;
        const T *x = (const T *)xv + offset, *g = (const T *)gv + offset;
        const intptr_t n = p.inner - start < MT_BLOCK ? p.inner - start : MT_BLOCK;
        MT_ROW_SUM(some, i, n, g[i])
        MT_ROW_SUM(product, i, n, g[i] * ((x[i] - centre) * scale))
        sums += some;
        products += product;
      }
    }
    sum[c] = sums;
    along[c] = products;
  }
}

// Computes dx = g factor + (x − centre) slope + shift with each channel's values, for rows from ..< to of all outer ·
// channels rows.
static void MT_NAME(combineChannels)(const void *xv, const void *gv, const void *centres, const void *factors,
                                     const void *slopes, const void *shifts, void *dxv, MTPlanes p, intptr_t from,
                                     intptr_t to) {
  const T *m = centres, *a = factors, *k = slopes, *b = shifts;
  if (p.inner == 1) {
    for (intptr_t r = from; r < to;) {
      const intptr_t c = r % p.channels, n = to - r < p.channels - c ? to - r : p.channels - c;
      const T *x = (const T *)xv + r, *g = (const T *)gv + r;
      T *dx = (T *)dxv + r;
      MT_EACH_INDEPENDENT(i, n) dx[i] = g[i] * a[c + i] + (x[i] - m[c + i]) * k[c + i] + b[c + i];
      r += n;
    }
    return;
  }
  for (intptr_t r = from; r < to; r++) {
    const T *x = (const T *)xv + r * p.inner, *g = (const T *)gv + r * p.inner;
    T *dx = (T *)dxv + r * p.inner;
    const intptr_t c = r % p.channels;
    const T centre = m[c], factor = a[c], slope = k[c], shift = b[c];
    MT_EACH_INDEPENDENT(i, p.inner) dx[i] = g[i] * factor + (x[i] - centre) * slope + shift;
  }
}

const MTLayerNormLoop MT_NAME(martlet_layerNorm) = MT_NAME(layerNorm);
const MTLayerNormGradientLoop MT_NAME(martlet_layerNormGradient) = MT_NAME(layerNormGradient);
const MTNormalizing MT_NAME(martlet_normalizing) = {
  MT_NAME(rmsNorm), MT_NAME(rmsNormGradient), MT_NAME(moments), MT_NAME(scaleChannels), MT_NAME(gradientSums),
  MT_NAME(combineChannels),
};

#undef MT_LANES
#undef MT_FEW
#undef MT_SUM_BLOCK
#undef MT_ADD_LANES
#undef MT_ROW_SUM
#undef MT_BLOCK
#undef MT_COLUMNS
#endif
