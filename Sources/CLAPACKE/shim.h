// LAPACK's routines for either precision under one name, on column-major matrices. The _work variants take their
// workspace from the caller and look for no NaN. A workspace of −1 elements asks how many are wanted: work[0].

#ifndef MARTLET_CLAPACKE_H
#define MARTLET_CLAPACKE_H

#include <lapacke.h>

#define MT_COLUMNS LAPACK_COL_MAJOR
#define MT_EITHER(routine, ...) (wide ? LAPACKE_d##routine##_work(__VA_ARGS__) : LAPACKE_s##routine##_work(__VA_ARGS__))

// P L U of m × n.
static inline int mt_getrf(int wide, int m, int n, void *a, int *pivots) {
  return MT_EITHER(getrf, MT_COLUMNS, m, n, a, m, pivots);
}
static inline int mt_getri(int wide, int n, void *lu, const int *pivots, void *work, int count) {
  return MT_EITHER(getri, MT_COLUMNS, n, lu, n, pivots, work, count);
}
// 1 / the condition number in the 1-norm, estimated. The workspaces have 4 n elements and n integers.
static inline double mt_gecon(int wide, int n, const void *lu, double norm, void *work, int *integers) {
  double result = 0;
  float single = 0;
  if (wide) LAPACKE_dgecon_work(MT_COLUMNS, '1', n, lu, n, norm, &result, work, integers);
  else LAPACKE_sgecon_work(MT_COLUMNS, '1', n, lu, n, (float)norm, &single, work, integers);
  return wide ? result : single;
}
// L Lᵀ.
static inline int mt_potrf(int wide, char triangle, int n, void *a) {
  return MT_EITHER(potrf, MT_COLUMNS, triangle, n, a, n);
}
// Q R of m × n, Q as reflectors below the diagonal; then Q of m × columns.
static inline int mt_geqrf(int wide, int m, int n, void *a, void *tau, void *work, int count) {
  return MT_EITHER(geqrf, MT_COLUMNS, m, n, a, m, tau, work, count);
}
static inline int mt_orgqr(int wide, int m, int columns, int k, void *a, const void *tau, void *work, int count) {
  return MT_EITHER(orgqr, MT_COLUMNS, m, columns, k, a, m, tau, work, count);
}
// U diag(s) Vᵀ. `job` is A (all columns), S (the first min(m, n)) or N (values alone). 8 min(m, n) integers.
static inline int mt_gesdd(int wide, char job, int m, int n, void *a, void *s, void *u, void *vt, void *work, int count,
                           int *integers) {
  const int rows = job == 'A' ? n : m < n ? m : n;
  return MT_EITHER(gesdd, MT_COLUMNS, job, m, n, a, m, s, u, m, vt, rows < 1 ? 1 : rows, work, count, integers);
}
// The eigenvalues of a symmetric matrix, ascending, and with job V its eigenvectors in its place.
static inline int mt_syevd(int wide, char job, char triangle, int n, void *a, void *values, void *work, int count,
                           int *integers, int integerCount) {
  return MT_EITHER(syevd, MT_COLUMNS, job, triangle, n, a, n, values, work, count, integers, integerCount);
}
// The eigenvalues of a matrix and, unless `vectors` is null, its right eigenvectors, real and imaginary parts side by
// side where they come in pairs.
static inline int mt_geev(int wide, int n, void *a, void *real, void *imaginary, void *vectors, void *work, int count) {
  return MT_EITHER(geev, MT_COLUMNS, 'N', vectors ? 'V' : 'N', n, a, n, real, imaginary, 0, 1, vectors, n, work, count);
}
// The shortest x of those with the least ‖A x − b‖. b has max(m, n) rows. Singular values below `least` times the
// largest count as 0; the rank is what is left.
static inline int mt_gelsd(int wide, int m, int n, int columns, void *a, void *b, int rows, void *s, double least,
                           int *rank, void *work, int count, int *integers) {
  return wide ? LAPACKE_dgelsd_work(MT_COLUMNS, m, n, columns, a, m, b, rows, s, least, rank, work, count, integers)
              : LAPACKE_sgelsd_work(MT_COLUMNS, m, n, columns, a, m, b, rows, s, (float)least, rank, work, count,
                                    integers);
}
// Z T Zᵀ, T quasi-triangular: the real Schur form.
static inline int mt_gees(int wide, int n, void *a, void *real, void *imaginary, void *z, void *work, int count) {
  int none = 0;
  return MT_EITHER(gees, MT_COLUMNS, 'V', 'N', 0, n, a, n, &none, real, imaginary, z, n, work, count, 0);
}
// A X ± X B = scale C of Schur forms, X in C's place; A is m × m, B n × n.
static inline int mt_trsyl(int wide, char transposedA, char transposedB, int sign, int m, int n, const void *a,
                           const void *b, void *c, double *scale) {
  float single = 1;
  const int info = wide ? LAPACKE_dtrsyl_work(MT_COLUMNS, transposedA, transposedB, sign, m, n, a, m, b, n, c, m, scale)
                        : LAPACKE_strsyl_work(MT_COLUMNS, transposedA, transposedB, sign, m, n, a, m, b, n, c, m,
                                              &single);
  if (!wide) *scale = single;
  return info;
}

#endif
