// Loops that move elements: copies, selection, and elements that are read or changed at indices.

#ifndef MT_BODY
#define MT_FAMILY "Movement/Movement.c"
#include "../Clones.h"
#else

#define MT_TILE 64
// Rows that are a multiple of this distance apart share few sets of the cache.
#define MT_CONFLICT_BYTES 1024
// Rows of fewer than MT_NARROW elements that are less than MT_NEAR bytes apart are copied column by column,
// MT_ROWS_IN_CACHE rows at a time.
#define MT_NARROW 8
#define MT_NEAR 256
#define MT_ROWS_IN_CACHE 128

// Computes y[o][i] = x[i][o] for 8 × 8 elements; `from` and `to` are the row strides of x and y.
#if MT_COMPLEX
static inline void MT_NAME(transposeEight)(const T *x, intptr_t from, T *y, intptr_t to) {
  for (int o = 0; o < 8; o++)
    for (int i = 0; i < 8; i++) y[o * to + i] = x[i * from + o];
}
#else
typedef T MT_NAME(Eight) __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));

static inline __attribute__((always_inline)) void MT_NAME(transposeEight)(const T *x, intptr_t from, T *y,
                                                                          intptr_t to) {
  typedef MT_NAME(Eight) V;
  V r[8], t[8];
  for (int k = 0; k < 8; k++) r[k] = *(const V *)(x + k * from);
  for (int k = 0; k < 8; k += 2) {
    t[k] = __builtin_shufflevector(r[k], r[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    t[k + 1] = __builtin_shufflevector(r[k], r[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int k = 0; k < 8; k += k % 4 == 1 ? 3 : 1) {
    r[k] = __builtin_shufflevector(t[k], t[k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    r[k + 2] = __builtin_shufflevector(t[k], t[k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int k = 0; k < 4; k++) {
    *(V *)(y + k * to) = __builtin_shufflevector(r[k], r[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(V *)(y + (k + 4) * to) = __builtin_shufflevector(r[k], r[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
#endif

// Transposes in blocks of 16 × 16, so that each cache line is read and written in one go.
static void MT_NAME(transposeTile)(const T *x, intptr_t from, T *y, intptr_t to, intptr_t outer, intptr_t inner) {
  intptr_t i = 0;
  for (; i + 16 <= inner; i += 16) {
    intptr_t o = 0;
    for (; o + 16 <= outer; o += 16)
      for (int part = 0; part < 4; part++) {
        const intptr_t io = i + part / 2 * 8, oo = o + part % 2 * 8;
        MT_NAME(transposeEight)(x + io * from + oo, from, y + oo * to + io, to);
      }
    for (; o < outer; o++)
      for (intptr_t k = i; k < i + 16; k++) y[o * to + k] = x[k * from + o];
  }
  for (; i < inner; i++)
    for (intptr_t o = 0; o < outer; o++) y[o * to + i] = x[i * from + o];
}

static void MT_NAME(transpose)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner) {
  T packed[MT_TILE * MT_TILE];
  const int conflicts = y.outer * (intptr_t)sizeof(T) % MT_CONFLICT_BYTES == 0;
  for (intptr_t o = 0; o < outer; o += MT_TILE)
    for (intptr_t i = 0; i < inner; i += MT_TILE) {
      const intptr_t rows = outer - o < MT_TILE ? outer - o : MT_TILE;
      const intptr_t columns = inner - i < MT_TILE ? inner - i : MT_TILE;
      const T *xs = (const T *)x.base + o + i * x.inner;
      T *ys = (T *)y.base + o * y.outer + i;
      if (!conflicts) {
        MT_NAME(transposeTile)(xs, x.inner, ys, y.outer, rows, columns);
        continue;
      }
      MT_NAME(transposeTile)(xs, x.inner, packed, MT_TILE, rows, columns);
      MT_EACH(row, rows) memcpy(ys + row * y.outer, packed + row * MT_TILE, (size_t)columns * sizeof(T));
    }
}

// Elements that are not adjacent, one at a time: the CPU's instructions for vectors of them are slower.
#define MT_EACH_AT(i, count) _Pragma("clang loop vectorize(disable) unroll_count(8)") MT_EACH(i, count)

// Copies rows that are shorter than a loop is worth, column by column. The lines of some rows stay in the cache.
static void MT_NAME(copyNarrow)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner) {
  for (intptr_t o = 0; o < outer; o += MT_ROWS_IN_CACHE) {
    const intptr_t rows = outer - o < MT_ROWS_IN_CACHE ? outer - o : MT_ROWS_IN_CACHE;
    MT_EACH(i, inner) {
      const T *xs = (const T *)x.base + o * x.outer + i * x.inner;
      T *ys = (T *)y.base + o * y.outer + i * y.inner;
      MT_EACH_AT(r, rows) ys[r * y.outer] = xs[r * x.outer];
    }
  }
}

static void MT_NAME(copy)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner, double p, double q) {
  (void)p, (void)q;
  if (x.outer == 1 && x.inner != 0 && y.inner == 1 && outer > 1 && inner > 1) {
    return MT_NAME(transpose)(x, y, outer, inner);
  }
  if (y.inner < 0) {
    // The result is written in the order of its memory.
    x = (MTPlane){(T *)x.base + (inner - 1) * x.inner, x.outer, -x.inner};
    y = (MTPlane){(T *)y.base + (inner - 1) * y.inner, y.outer, -y.inner};
  }
  const intptr_t most = MT_NEAR / (intptr_t)sizeof(T);
  const int areNear = x.outer > -most && x.outer < most && y.outer > -most && y.outer < most;
  if (inner < MT_NARROW && inner < outer && areNear) return MT_NAME(copyNarrow)(x, y, outer, inner);
  MT_EACH(o, outer) {
    const T *xs = (const T *)x.base + o * x.outer;
    T *ys = (T *)y.base + o * y.outer;
    if (x.inner == 1 && y.inner == 1) {
      memcpy(ys, xs, (size_t)inner * sizeof(T));
    } else if (x.inner == 0 && y.inner == 1) {
      const T value = *xs;
      MT_EACH(i, inner) ys[i] = value;
    } else if (x.inner == -1 && y.inner == 1) {
      MT_EACH_INDEPENDENT(i, inner) ys[i] = xs[-i];
    } else if (y.inner == 1) {
      MT_EACH_INDEPENDENT(i, inner) ys[i] = xs[i * x.inner];
    } else {
      MT_EACH_AT(i, inner) ys[i * y.inner] = xs[i * x.inner];
    }
  }
}

#define MT_SELECT(a_, b_) \
  MT_EACH_INDEPENDENT(i, inner) { \
    const T a = (a_), b = (b_); \
    ys[i] = ms[i] ? a : b; \
  }

static void MT_NAME(select)(MTPlane mask, MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner) {
  MT_EACH(o, outer) {
    const uint8_t *ms = (const uint8_t *)mask.base + o * mask.outer;
    const T *as = (const T *)a.base + o * a.outer, *bs = (const T *)b.base + o * b.outer;
    T *ys = (T *)y.base + o * y.outer;
    const int rows = mask.inner == 1 && y.inner == 1;
    if (rows && a.inner == 1 && b.inner == 1) {
      MT_SELECT(as[i], bs[i])
    } else if (rows && a.inner == 1 && b.inner == 0) {
      const T other = *bs;
      MT_SELECT(as[i], other)
    } else if (rows && a.inner == 0 && b.inner == 1) {
      const T other = *as;
      MT_SELECT(other, bs[i])
    } else {
      MT_EACH(i, inner) ys[i * y.inner] = ms[i * mask.inner] ? as[i * a.inner] : bs[i * b.inner];
    }
  }
}

static void MT_NAME(gather)(MTBlocks x, MTBlocks indices, MTBlocks y, intptr_t outer, intptr_t rows, intptr_t count) {
  MT_EACH(o, outer) {
    const T *xs = (const T *)x.base + o * x.block;
    const int64_t *at = (const int64_t *)indices.base + o * indices.block;
    T *ys = (T *)y.base + o * y.block;
    if (count == 1 && x.row == 1 && y.row == 1 && indices.row == 1) {
      MT_EACH_AT(r, rows) ys[r] = xs[at[r]];
    } else if (count == 1) {
      MT_EACH(r, rows) ys[r * y.row] = xs[at[r * indices.row] * x.row];
    } else if (indices.inner == 0) {
      MT_EACH(r, rows) memcpy(ys + r * y.row, xs + at[r * indices.row] * x.row, (size_t)count * sizeof(T));
    } else {
      MT_EACH(r, rows) MT_EACH(i, count) ys[r * y.row + i] = xs[at[r * indices.row + i] * x.row + i];
    }
  }
}

// Sets the element of y at an index to an expression of itself, a, and of an element of x, b.
#define MT_SCATTER_LOOP(name, expression) \
  static inline T MT_NAME(name##Scattered)(T a, T b) { return (void)a, (T)(expression); } \
  static void MT_NAME(name##Scatter)(MTBlocks x, MTBlocks indices, MTBlocks y, intptr_t outer, intptr_t rows, \
                                     intptr_t count) { \
    MT_EACH(o, outer) { \
      const T *xs = (const T *)x.base + o * x.block; \
      const int64_t *at = (const int64_t *)indices.base + o * indices.block; \
      T *ys = (T *)y.base + o * y.block; \
      if (count == 1 && x.row == 1 && y.row == 1 && indices.row == 1) { \
        MT_EACH_AT(r, rows) ys[at[r]] = MT_NAME(name##Scattered)(ys[at[r]], xs[r]); \
      } else if (count == 1) { \
        MT_EACH(r, rows) { \
          T *to = ys + at[r * indices.row] * y.row; \
          *to = MT_NAME(name##Scattered)(*to, xs[r * x.row]); \
        } \
      } else if (indices.inner == 0) { \
        MT_EACH(r, rows) { \
          T *to = ys + at[r * indices.row] * y.row; \
          MT_EACH_INDEPENDENT(i, count) to[i] = MT_NAME(name##Scattered)(to[i], xs[r * x.row + i]); \
        } \
      } else { \
        MT_EACH(r, rows) MT_EACH(i, count) { \
          T *to = ys + at[r * indices.row + i] * y.row + i; \
          *to = MT_NAME(name##Scattered)(*to, xs[r * x.row + i]); \
        } \
      } \
    } \
  }

MT_SCATTER_LOOP(put, b)
#if MT_COMPLEX
MT_SCATTER_LOOP(add, a + b)
#else
#if MT_FLOATING
MT_SCATTER_LOOP(add, a + b)
MT_SCATTER_LOOP(multiply, a *b)
#else
MT_SCATTER_LOOP(add, (U)a + (U)b)
MT_SCATTER_LOOP(multiply, (U)a *(U)b)
#endif
MT_SCATTER_LOOP(maximum, b > a || b != b ? b : a)
MT_SCATTER_LOOP(minimum, b < a || b != b ? b : a)
#endif

static void MT_NAME(place)(const void *x, const int64_t *indices, void *y, intptr_t outer, intptr_t length,
                           intptr_t inner) {
  memset(y, 0, (size_t)(outer * length * inner) * sizeof(T));
  MT_EACH(o, outer) MT_EACH(i, inner) {
    const intptr_t k = o * inner + i;
    ((T *)y)[(o * length + indices[k]) * inner + i] = ((const T *)x)[k];
  }
}

const MTUnaryLoop MT_NAME(martlet_copy) = MT_NAME(copy);
const MTSelectLoop MT_NAME(martlet_select) = MT_NAME(select);
const MTIndexLoop MT_NAME(martlet_gather) = MT_NAME(gather);
#define MT_SCATTER_ENTRY(name) [MTScatter_##name] = MT_NAME(name##Scatter),
#if MT_COMPLEX
const MTIndexLoop MT_NAME(martlet_scatter)[] = {MT_SCATTER_ENTRY(put) MT_SCATTER_ENTRY(add)};
#else
const MTIndexLoop MT_NAME(martlet_scatter)[] = {MT_SCATTER(MT_SCATTER_ENTRY)};
#endif
const MTPlaceLoop MT_NAME(martlet_place) = MT_NAME(place);

#undef MT_SELECT
#undef MT_EACH_AT
#undef MT_NARROW
#undef MT_NEAR
#undef MT_ROWS_IN_CACHE
#undef MT_SCATTER_LOOP
#undef MT_SCATTER_ENTRY
#undef MT_TILE
#undef MT_CONFLICT_BYTES
#endif
