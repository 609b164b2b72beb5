// LAPACK's routines for all element types under one name, on column-major matrices. The _work variants take their
// workspace from the caller and look for no NaN. A workspace of −1 elements asks how many are wanted: work[0].
// `type` is 0 for float and 1 for double, 2 and 3 for complex numbers of them. `reals` is the second workspace of the
// complex routines, of real numbers.

#ifndef MARTLET_CLAPACKE_H
#define MARTLET_CLAPACKE_H

#include <lapacke.h>

#define MT_COLUMNS LAPACK_COL_MAJOR
#define MT_REAL(routine, ...) \
  (type == 1 ? LAPACKE_d##routine##_work(__VA_ARGS__) : LAPACKE_s##routine##_work(__VA_ARGS__))
#define MT_COMPLEX(routine, ...) \
  (type == 3 ? LAPACKE_z##routine##_work(__VA_ARGS__) : LAPACKE_c##routine##_work(__VA_ARGS__))
#define MT_ANY(routine, ...) (type < 2 ? MT_REAL(routine, __VA_ARGS__) : MT_COMPLEX(routine, __VA_ARGS__))

// P L U of m × n.
static inline int mt_getrf(int type, int m, int n, void *a, int *pivots) {
  return MT_ANY(getrf, MT_COLUMNS, m, n, a, m, pivots);
}
static inline int mt_getri(int type, int n, void *lu, const int *pivots, void *work, int count) {
  return MT_ANY(getri, MT_COLUMNS, n, lu, n, pivots, work, count);
}
// 1 / the condition number in the 1-norm, estimated. The workspaces have 4 n elements and n integers.
static inline double mt_gecon(int type, int n, const void *lu, double norm, void *work, int *integers) {
  double result = 0;
  float single = 0;
  switch (type) {
  case 0: LAPACKE_sgecon_work(MT_COLUMNS, '1', n, lu, n, (float)norm, &single, work, integers); break;
  case 1: LAPACKE_dgecon_work(MT_COLUMNS, '1', n, lu, n, norm, &result, work, integers); break;
  case 2: LAPACKE_cgecon_work(MT_COLUMNS, '1', n, lu, n, (float)norm, &single, work, (float *)work + 4 * n); break;
  default: LAPACKE_zgecon_work(MT_COLUMNS, '1', n, lu, n, norm, &result, work, (double *)work + 4 * n);
  }
  return type & 1 ? result : single;
}
// L Lᴴ.
static inline int mt_potrf(int type, char triangle, int n, void *a) {
  return MT_ANY(potrf, MT_COLUMNS, triangle, n, a, n);
}
// Q R of m × n, Q as reflectors below the diagonal; then Q of m × columns.
static inline int mt_geqrf(int type, int m, int n, void *a, void *tau, void *work, int count) {
  return MT_ANY(geqrf, MT_COLUMNS, m, n, a, m, tau, work, count);
}
static inline int mt_orgqr(int type, int m, int columns, int k, void *a, const void *tau, void *work, int count) {
  return type < 2 ? MT_REAL(orgqr, MT_COLUMNS, m, columns, k, a, m, tau, work, count)
                  : MT_COMPLEX(ungqr, MT_COLUMNS, m, columns, k, a, m, tau, work, count);
}
// U diag(s) Vᴴ. `job` is A (all columns), S (the first min(m, n)) or N (values alone). 8 min(m, n) integers.
static inline int mt_gesdd(int type, char job, int m, int n, void *a, void *s, void *u, void *vt, void *work, int count,
                           void *reals, int *integers) {
  const int rows = job == 'A' ? n : m < n ? m : n, leading = rows < 1 ? 1 : rows;
  return type < 2
             ? MT_REAL(gesdd, MT_COLUMNS, job, m, n, a, m, s, u, m, vt, leading, work, count, integers)
             : MT_COMPLEX(gesdd, MT_COLUMNS, job, m, n, a, m, s, u, m, vt, leading, work, count, reals, integers);
}
// The eigenvalues of a Hermitian matrix, ascending, and with job V its eigenvectors in its place.
static inline int mt_syevd(int type, char job, char triangle, int n, void *a, void *values, void *work, int count,
                           void *reals, int realCount, int *integers, int integerCount) {
  return type < 2 ? MT_REAL(syevd, MT_COLUMNS, job, triangle, n, a, n, values, work, count, integers, integerCount)
                  : MT_COMPLEX(heevd, MT_COLUMNS, job, triangle, n, a, n, values, work, count, reals, realCount,
                               integers, integerCount);
}
// The eigenvalues of a real matrix and, unless `vectors` is null, its right eigenvectors, real and imaginary parts side
// by side where they come in pairs.
static inline int mt_geev(int type, int n, void *a, void *real, void *imaginary, void *vectors, void *work, int count) {
  return MT_REAL(geev, MT_COLUMNS, 'N', vectors ? 'V' : 'N', n, a, n, real, imaginary, 0, 1, vectors, n, work, count);
}
// The eigenvalues of a complex matrix and its right eigenvectors. 2 n real numbers.
static inline int mt_complexGeev(int type, int n, void *a, void *values, void *vectors, void *work, int count,
                                 void *reals) {
  return MT_COMPLEX(geev, MT_COLUMNS, 'N', 'V', n, a, n, values, 0, 1, vectors, n, work, count, reals);
}
// The shortest x of those with the least ‖A x − b‖. b has max(m, n) rows. Singular values below `least` times the
// largest count as 0; the rank is what is left.
static inline int mt_gelsd(int type, int m, int n, int columns, void *a, void *b, int rows, void *s, double least,
                           int *rank, void *work, int count, void *reals, int *integers) {
  return type < 2 ? MT_REAL(gelsd, MT_COLUMNS, m, n, columns, a, m, b, rows, s, least, rank, work, count, integers)
                  : MT_COMPLEX(gelsd, MT_COLUMNS, m, n, columns, a, m, b, rows, s, least, rank, work, count, reals,
                               integers);
}
// Z T Zᵀ, T quasi-triangular: the real Schur form.
static inline int mt_gees(int type, int n, void *a, void *real, void *imaginary, void *z, void *work, int count) {
  int none = 0;
  return MT_REAL(gees, MT_COLUMNS, 'V', 'N', 0, n, a, n, &none, real, imaginary, z, n, work, count, 0);
}
// A X ± X B = scale C of Schur forms, X in C's place; A is m × m, B n × n.
static inline int mt_trsyl(int type, char transposedA, char transposedB, int sign, int m, int n, const void *a,
                           const void *b, void *c, double *scale) {
  float single = 1;
  const int info = type ? LAPACKE_dtrsyl_work(MT_COLUMNS, transposedA, transposedB, sign, m, n, a, m, b, n, c, m, scale)
                        : LAPACKE_strsyl_work(MT_COLUMNS, transposedA, transposedB, sign, m, n, a, m, b, n, c, m,
                                              &single);
  if (!type) *scale = single;
  return info;
}

#endif
