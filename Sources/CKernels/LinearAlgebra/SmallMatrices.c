// Factorisations of small matrices of at most MT_SMALL rows, and solvers that use them. For these sizes LAPACK's calls
// take longer than their arithmetic. LU is stored column by column, as in LAPACK; the others row by row.

#ifndef MT_BODY
#define MT_FAMILY "LinearAlgebra/SmallMatrices.c"
#include "../Clones.h"
#elif MT_FLOATING

// The number of right-hand sides that are solved at a time. Vectors run along them.
#define MT_SIDES 16

// Copies the matrix into columns of P rows, so that vectors cover whole columns. The rows after n are 0.
#define MT_LOCAL_COLUMNS(P) \
  T c[P][P]; \
  MT_EACH(j, n) { \
    memcpy(c[j], a + j * n, n * sizeof(T)); \
    memset(c[j] + n, 0, (P - n) * sizeof(T)); \
  }

// A = P L U, where the pivot is the largest element of each column. Returns the number of the first pivot that is 0,
// counted from 1, or 0.
#define MT_SMALL_LU(P) \
  static int MT_NAME(lu##P)(T *a, int32_t *pivots, intptr_t n) { \
    int refused = 0; \
    MT_LOCAL_COLUMNS(P) \
    MT_EACH(k, n) { \
      intptr_t pivot = k; \
      T largest = __builtin_elementwise_abs(c[k][k]); \
      for (intptr_t r = k + 1; r < n; r++) { \
        const T size = __builtin_elementwise_abs(c[k][r]); \
        pivot = size > largest ? r : pivot; \
        largest = size > largest ? size : largest; \
      } \
      pivots[k] = (int32_t)pivot + 1; \
      if (pivot != k) MT_EACH(j, n) { \
        const T swapped = c[j][k]; \
        c[j][k] = c[j][pivot]; \
        c[j][pivot] = swapped; \
      } \
      if (c[k][k] == 0) { \
        if (!refused) refused = (int)k + 1; \
        continue; \
      } \
      T l[P]; \
      MT_EACH(r, P) l[r] = r > k ? c[k][r] / c[k][k] : 0; \
      MT_EACH(r, P) c[k][r] = r > k ? l[r] : c[k][r]; \
      for (intptr_t j = k + 1; j < n; j++) { \
        const T share = -c[j][k]; \
        MT_EACH(r, P) c[j][r] = MT_FMA(l[r], share, c[j][r]); \
      } \
    } \
    MT_EACH(j, n) memcpy(a + j * n, c[j], n * sizeof(T)); \
    return refused; \
  }

// U in A = Uᵀ U, from the upper triangle. Read row by row, it is L in A = L Lᵀ from the lower triangle. Returns the
// number of the first pivot that is not positive, counted from 1, or 0.
#define MT_SMALL_CHOLESKY(P) \
  static int MT_NAME(cholesky##P)(T *a, intptr_t n) { \
    T c[P][P]; \
    MT_EACH(j, n) MT_EACH(r, P) c[j][r] = r >= j && r < n ? a[r * n + j] : 0; \
    MT_EACH(k, n) { \
      if (!(c[k][k] > 0)) return (int)k + 1; \
      const T root = __builtin_elementwise_sqrt(c[k][k]); \
      MT_EACH(r, P) c[k][r] = c[k][r] / root; \
      for (intptr_t j = k + 1; j < n; j++) { \
        const T share = -c[k][j]; \
        MT_EACH(r, P) c[j][r] = MT_FMA(c[k][r], share, c[j][r]); \
      } \
    } \
    MT_EACH(j, n) for (intptr_t r = j; r < n; r++) a[r * n + j] = c[j][r]; \
    return 0; \
  }

// Q [m, k] and R [k, n] of A [m, n], all stored row by row, by Householder reflections with LAPACK's signs.
#define MT_SMALL_QR(P) \
  static void MT_NAME(qr##P)(const T *a, T *q, T *upper, intptr_t m, intptr_t n, intptr_t k) { \
    T c[P][P], v[P][P], o[P][P], scales[P]; \
    const intptr_t least = m < n ? m : n; \
    MT_EACH(j, n) MT_EACH(r, P) c[j][r] = r < m ? a[r * n + j] : 0; \
    MT_EACH(j, k) MT_EACH(r, P) o[j][r] = r == j; \
    MT_EACH(i, least) { \
      T largest = 0; \
      for (intptr_t r = i; r < m; r++) { \
        const T size = __builtin_elementwise_abs(c[i][r]); \
        largest = size > largest ? size : largest; \
      } \
      T head = c[i][i], squares = 0, below = 0; \
      for (intptr_t r = i; r < m; r++) { \
        const T part = largest > 0 ? c[i][r] / largest : 0; \
        squares += part * part; \
        below = r > i && part != 0 ? 1 : below; \
      } \
      scales[i] = 0; \
      MT_EACH(r, P) v[i][r] = r == i; \
      if (below == 0) continue; \
      const T length = largest * __builtin_elementwise_sqrt(squares), diagonal = head > 0 ? -length : length; \
      scales[i] = (diagonal - head) / diagonal; \
      MT_EACH(r, P) v[i][r] = r > i ? c[i][r] / (head - diagonal) : r == i; \
      for (intptr_t j = i; j < n; j++) MT_NAME(reflect##P)(v[i], scales[i], c[j]); \
    } \
    for (intptr_t i = least - 1; i >= 0; i--) \
      for (intptr_t j = i; j < k; j++) MT_NAME(reflect##P)(v[i], scales[i], o[j]); \
    MT_EACH(r, m) MT_EACH(j, k) q[r * k + j] = o[j][r]; \
    MT_EACH(r, k) MT_EACH(j, n) upper[r * n + j] = r <= j && r < least ? c[j][r] : 0; \
  }

// Computes x − s v (v · x).
#define MT_SMALL_REFLECT(P) \
  static inline __attribute__((always_inline)) void MT_NAME(reflect##P)(const T *v, T scale, T *x) { \
    T products[P]; \
    MT_EACH(r, P) products[r] = v[r] * x[r]; \
    for (int half = P / 2; half > 0; half /= 2) \
      for (int r = 0; r < half; r++) products[r] += products[r + half]; \
    const T share = -scale * products[0]; \
    MT_EACH(r, P) x[r] = MT_FMA(v[r], share, x[r]); \
  }

// The ascending eigenvalues of a symmetric matrix and its eigenvectors [n, n], which are the columns of a row-major
// matrix. Only the lower triangle is read. Jacobi rotations run over all pairs in turn until the elements off the
// diagonal are 0 to the last digits (Golub & Van Loan, "Matrix Computations", §8.5). Returns 0, or 1 if they do not
// converge.
#define MT_SMALL_EIGEN(P) \
  static int MT_NAME(eigen##P)(const T *a, T *values, T *vectors, intptr_t n) { \
    T c[P][P], v[P][P], largest = 0; \
    MT_EACH(j, n) MT_EACH(r, P) { \
      c[j][r] = r < n ? a[r > j ? r * n + j : j * n + r] : 0; \
      v[j][r] = r == j; \
      const T size = __builtin_elementwise_abs(c[j][r]); \
      largest = size > largest ? size : largest; \
    } \
    /* Squares neither overflow nor vanish. */ \
    const T scale = largest > 0 ? largest : 1; \
    MT_EACH(j, n) MT_EACH(r, P) c[j][r] /= scale; \
    int sweeps = 0, isDone = 0; \
    for (; !isDone && sweeps < 60; sweeps++) { \
      isDone = 1; \
      MT_EACH(p, n) for (intptr_t q = p + 1; q < n; q++) { \
        const T beside = c[p][q], gap = c[q][q] - c[p][p]; \
        const T size = __builtin_elementwise_abs(beside); \
        const T unit = (MT_WIDE ? (T)0x1p-53 : (T)0x1p-24f); \
        const T ends = __builtin_elementwise_abs(c[p][p]) + __builtin_elementwise_abs(c[q][q]); \
        if (size <= unit * ends || size <= unit * unit) continue; \
        isDone = 0; \
        const T twice = gap < 0 ? -2 * beside : 2 * beside; \
        const T t = twice / (__builtin_elementwise_abs(gap) + __builtin_elementwise_sqrt(gap * gap + twice * twice)); \
        const T cosine = 1 / __builtin_elementwise_sqrt(t * t + 1), sine = t * cosine; \
        const T first = c[p][p] - t * beside, second = c[q][q] + t * beside; \
        MT_EACH(r, P) { \
          const T x = c[p][r], y = c[q][r], z = v[p][r], w = v[q][r]; \
          c[p][r] = cosine * x - sine * y; \
          c[q][r] = sine * x + cosine * y; \
          v[p][r] = cosine * z - sine * w; \
          v[q][r] = sine * z + cosine * w; \
        } \
        c[p][p] = first; \
        c[q][q] = second; \
        c[p][q] = c[q][p] = 0; \
        MT_EACH(j, n) { \
          if (j == p || j == q) continue; \
          c[j][p] = c[p][j]; \
          c[j][q] = c[q][j]; \
        } \
      } \
    } \
    MT_EACH(i, n) { \
      intptr_t place = 0; \
      MT_EACH(j, n) place += c[j][j] < c[i][i] || (c[j][j] == c[i][i] && j < i); \
      values[place] = c[i][i] * scale; \
      MT_EACH(r, n) vectors[r * n + place] = v[i][r]; \
    } \
    return !isDone; \
  }

#define MT_SMALL_FAMILY(P) \
  MT_SMALL_EIGEN(P) \
  MT_SMALL_LU(P) \
  MT_SMALL_CHOLESKY(P) \
  MT_SMALL_REFLECT(P) \
  MT_SMALL_QR(P)
MT_SMALL_FAMILY(8)
MT_SMALL_FAMILY(16)
MT_SMALL_FAMILY(32)

static int MT_NAME(smallLU)(void *a, int32_t *pivots, intptr_t n) {
  return n <= 8 ? MT_NAME(lu8)(a, pivots, n) : n <= 16 ? MT_NAME(lu16)(a, pivots, n) : MT_NAME(lu32)(a, pivots, n);
}

static int MT_NAME(smallCholesky)(void *a, intptr_t n) {
  return n <= 8 ? MT_NAME(cholesky8)(a, n) : n <= 16 ? MT_NAME(cholesky16)(a, n) : MT_NAME(cholesky32)(a, n);
}

static void MT_NAME(smallQR)(const void *a, void *q, void *r, intptr_t m, intptr_t n, intptr_t k) {
  const intptr_t most = m > n ? m : n;
  if (most <= 8) MT_NAME(qr8)(a, q, r, m, n, k);
  else if (most <= 16) MT_NAME(qr16)(a, q, r, m, n, k);
  else MT_NAME(qr32)(a, q, r, m, n, k);
}

static int MT_NAME(smallEigen)(const void *a, void *values, void *vectors, intptr_t n) {
  return n <= 8    ? MT_NAME(eigen8)(a, values, vectors, n)
         : n <= 16 ? MT_NAME(eigen16)(a, values, vectors, n)
                   : MT_NAME(eigen32)(a, values, vectors, n);
}

// Loads up to MT_SIDES right-hand sides from `start` on; rows are `row` elements apart. The rest of the vectors is 0.
#define MT_LOAD_SIDES \
  const intptr_t count = columns - start < MT_SIDES ? columns - start : MT_SIDES; \
  MT_EACH(r, n) { \
    memset(x[r], 0, sizeof x[r]); \
    memcpy(x[r], (const T *)bv + r * row + start, count * sizeof(T)); \
  }
#define MT_STORE_SIDES MT_EACH(r, n) memcpy((T *)xv + r * row + start, x[r], count * sizeof(T));

// Computes x[r] −= factor x[k] for all loaded right-hand sides.
#define MT_ELIMINATE(r, k, factor) \
  { \
    const T share = -(factor); \
    MT_EACH(s, MT_SIDES) x[r][s] = MT_FMA(share, x[k][s], x[r][s]); \
  }
#define MT_SCALE(k, divisor) MT_EACH(s, MT_SIDES) x[k][s] = x[k][s] / (divisor);
#define MT_SWAP(k) \
  { \
    const intptr_t other = pivots[k] - 1; \
    if (other != k) MT_EACH(s, MT_SIDES) { \
      const T swapped = x[k][s]; \
      x[k][s] = x[other][s]; \
      x[other][s] = swapped; \
    } \
  }

// Solves L U X = P B, or if transposed Uᵀ Lᵀ P X = B. B and X are [n, columns], with rows `row` elements apart.
static void MT_NAME(smallSolve)(const void *factors, const int32_t *pivots, const void *bv, void *xv, intptr_t n,
                                intptr_t columns, intptr_t row, int transposed) {
  const T *lu = factors;
  T x[MT_SMALL][MT_SIDES];
  for (intptr_t start = 0; start < columns; start += MT_SIDES) {
    MT_LOAD_SIDES
    if (!transposed) {
      MT_EACH(k, n) MT_SWAP(k)
      MT_EACH(k, n) for (intptr_t r = k + 1; r < n; r++) MT_ELIMINATE(r, k, lu[k * n + r])
      for (intptr_t k = n - 1; k >= 0; k--) {
        MT_SCALE(k, lu[k * n + k])
        MT_EACH(r, k) MT_ELIMINATE(r, k, lu[k * n + r])
      }
    } else {
      MT_EACH(k, n) {
        MT_SCALE(k, lu[k * n + k])
        for (intptr_t r = k + 1; r < n; r++) MT_ELIMINATE(r, k, lu[r * n + k])
      }
      for (intptr_t k = n - 1; k >= 0; k--) MT_EACH(r, k) MT_ELIMINATE(r, k, lu[r * n + k])
      for (intptr_t k = n - 1; k >= 0; k--) MT_SWAP(k)
    }
    MT_STORE_SIDES
  }
}

// Solves M X = B for a triangle M whose element (r, k) is at r * down + k * across. B and X are laid out as above.
static void MT_NAME(smallTriangle)(const void *matrix, intptr_t down, intptr_t across, int upper, int unitDiagonal,
                                   const void *bv, void *xv, intptr_t n, intptr_t columns, intptr_t row) {
  const T *m = matrix;
  T x[MT_SMALL][MT_SIDES];
  for (intptr_t start = 0; start < columns; start += MT_SIDES) {
    MT_LOAD_SIDES
    MT_EACH(i, n) {
      const intptr_t k = upper ? n - 1 - i : i;
      if (!unitDiagonal) MT_SCALE(k, m[k * (down + across)])
      for (intptr_t r = upper ? 0 : k + 1; r < (upper ? k : n); r++) MT_ELIMINATE(r, k, m[r * down + k * across])
    }
    MT_STORE_SIDES
  }
}

const MTSmallMatrices MT_NAME(martlet_small) = {MT_NAME(smallLU),    MT_NAME(smallCholesky), MT_NAME(smallQR),
                                                MT_NAME(smallEigen), MT_NAME(smallSolve),    MT_NAME(smallTriangle)};

#undef MT_SIDES
#undef MT_LOCAL_COLUMNS
#undef MT_SMALL_LU
#undef MT_SMALL_CHOLESKY
#undef MT_SMALL_QR
#undef MT_SMALL_REFLECT
#undef MT_SMALL_EIGEN
#undef MT_SMALL_FAMILY
#undef MT_LOAD_SIDES
#undef MT_STORE_SIDES
#undef MT_ELIMINATE
#undef MT_SCALE
#undef MT_SWAP
#endif
