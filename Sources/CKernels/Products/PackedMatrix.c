// Products of rows with one matrix that is used many times, such as a recurrent weight. The matrix is packed once, into
// panels in the order in which the loop reads them.
//
// The matrix has `groups` groups of `units` columns. A panel has the same units of every group, so that all columns of
// a unit are in one panel.

#ifndef MT_BODY
#define MT_FAMILY "Products/PackedMatrix.c"
#include "../Clones.h"
#elif MT_FLOATING

#define MT_ALWAYS static inline __attribute__((always_inline))
typedef T MT_NAME(Vector) __attribute__((ext_vector_type(MT_REGISTER / sizeof(T)), aligned(sizeof(T))));
#define V MT_NAME(Vector)
#define MT_WIDTH (MT_REGISTER / (intptr_t)sizeof(T))
// The vectors in a row of a panel: one per group, or two if there is only one group.
#define MT_VECTORS(groups) ((groups) == 1 ? 2 : (groups))
// The bytes of a panel that are multiplied with all rows while they are in the nearest cache.
#define MT_NEAR (16 << 10)
// The number of rows that are multiplied at a time with a panel that is not full.
#define MT_LAST_ROWS 16
#define MT_LINE_ROWS (MT_LINE / (intptr_t)sizeof(T))

typedef void (*MT_NAME(PanelLoop))(const T *x, intptr_t xRow, intptr_t rows, const T *panel, T *y, intptr_t yRow,
                                   intptr_t yVector, intptr_t depth, int adds);

static intptr_t MT_NAME(panelWidth)(intptr_t groups) { return MT_WIDTH * MT_VECTORS(groups) / groups; }

// Packs columns of a matrix of any strides into the panels from ..< to. Columns after the last unit are 0.
static void MT_NAME(packPanels)(const void *matrix, intptr_t row, intptr_t column, void *panels, MTPanels shape,
                                intptr_t from, intptr_t to) {
  const intptr_t width = MT_NAME(panelWidth)(shape.groups), all = width * shape.groups;
  for (intptr_t p = from; p < to; p++) {
    T *panel = (T *)panels + p * all * shape.depth;
    const intptr_t present = shape.units - p * width < width ? shape.units - p * width : width;
    if (present < width) memset(panel, 0, all * shape.depth * sizeof(T));
    // Copies as many rows at a time as a cache line has elements: if columns are contiguous, whole lines are read.
    for (intptr_t k = 0; k < shape.depth; k += MT_LINE_ROWS) {
      const intptr_t rows = shape.depth - k < MT_LINE_ROWS ? shape.depth - k : MT_LINE_ROWS;
      MT_EACH(group, shape.groups) {
        const T *x = (const T *)matrix + k * row + (group * shape.units + p * width) * column;
        T *y = panel + k * all + group * width;
        MT_EACH(j, rows) MT_EACH(i, present) y[j * all + i] = x[j * row + i * column];
      }
    }
  }
}

// Adds products over a depth into a tile of rows and vectors whose sums are kept in registers.
MT_ALWAYS void MT_NAME(panelTile)(const T *x, intptr_t xRow, const T *panel, T *y, intptr_t yRow, intptr_t yVector,
                                  intptr_t depth, int rows, int vectors, int adds) {
  V sums[8][4];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) sums[r][v] = adds ? *(const V *)(y + r * yRow + v * yVector) : (V)0;
  for (intptr_t k = 0; k < depth; k++, panel += vectors * MT_WIDTH) {
    if (rows < vectors) {
      V each[8];
      for (int r = 0; r < rows; r++) each[r] = x[r * xRow + k];
      for (int v = 0; v < vectors; v++) {
        const V column = *(const V *)(panel + v * MT_WIDTH);
        for (int r = 0; r < rows; r++) sums[r][v] = MT_FUSED(each[r], column, sums[r][v]);
      }
    } else {
      for (int r = 0; r < rows; r++) {
        const V row = x[r * xRow + k];
        for (int v = 0; v < vectors; v++) sums[r][v] = MT_FUSED(row, *(const V *)(panel + v * MT_WIDTH), sums[r][v]);
      }
    }
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) *(V *)(y + r * yRow + v * yVector) = sums[r][v];
}

// Multiplies all rows with a part of a panel.
#define MT_PANEL(vectors, most) \
  static void MT_NAME(panel##vectors)(const T *x, intptr_t xRow, intptr_t rows, const T *panel, T *y, intptr_t yRow, \
                                      intptr_t yVector, intptr_t depth, int adds) { \
    MT_TILES(most, vectors) MT_TILES(4, vectors) MT_TILES(2, vectors) MT_TILES(1, vectors) \
  }
#define MT_TILES(count, vectors) \
  for (; rows >= count; rows -= count, x += count * xRow, y += count * yRow) \
    if (adds) MT_NAME(panelTile)(x, xRow, panel, y, yRow, yVector, depth, count, vectors, 1); \
    else MT_NAME(panelTile)(x, xRow, panel, y, yRow, yVector, depth, count, vectors, 0);
#if MT_REGISTERS == 32
MT_PANEL(2, 8)
MT_PANEL(3, 8)
MT_PANEL(4, 6)
#else
MT_PANEL(2, 6)
MT_PANEL(3, 4)
MT_PANEL(4, 3)
#endif

// Multiplies rows with a part of a panel that lacks its last units. The full width is written to a buffer first.
static void MT_NAME(lastPanel)(MT_NAME(PanelLoop) loop, const T *x, intptr_t xRow, intptr_t rows, const T *panel, T *y,
                               MTPanels shape, intptr_t present, intptr_t depth, int adds) {
  const intptr_t width = MT_NAME(panelWidth)(shape.groups), all = width * shape.groups;
  const intptr_t yRow = shape.groups * shape.units;
  T near[MT_LAST_ROWS * 4 * MT_WIDTH];
  for (intptr_t from = 0; from < rows; from += MT_LAST_ROWS) {
    const intptr_t count = rows - from < MT_LAST_ROWS ? rows - from : MT_LAST_ROWS;
    loop(x + from * xRow, xRow, count, panel, near, all, MT_WIDTH, depth, 0);
    MT_EACH(r, count) MT_EACH(group, shape.groups) {
      const T *sums = near + r * all + group * width;
      T *to = y + (from + r) * yRow + group * shape.units;
      MT_EACH(i, present) to[i] = adds ? to[i] + sums[i] : sums[i];
    }
  }
}

// Multiplies x [rows, depth] by the panels from ..< to. Stores the result in their columns of y [rows, groups · units],
// or adds it.
static void MT_NAME(multiplyPanels)(const void *x, intptr_t rows, const void *panels, void *y, MTPanels shape,
                                    intptr_t from, intptr_t to, int adds) {
  const MT_NAME(PanelLoop) loops[] = {MT_NAME(panel2), MT_NAME(panel3), MT_NAME(panel4)};
  const intptr_t vectors = MT_VECTORS(shape.groups), width = MT_NAME(panelWidth)(shape.groups), n = shape.units;
  const intptr_t all = vectors * MT_WIDTH, block = MT_NEAR / (all * (intptr_t)sizeof(T));
  const MT_NAME(PanelLoop) loop = loops[vectors - 2];
  for (intptr_t p = from; p < to; p++)
    for (intptr_t k = 0; k < shape.depth; k += block) {
      const intptr_t depth = shape.depth - k < block ? shape.depth - k : block, present = n - p * width;
      const T *const near = (const T *)x + k, *const panel = (const T *)panels + (p * shape.depth + k) * all;
      T *const here = (T *)y + p * width;
      if (present < width)
        MT_NAME(lastPanel)(loop, near, shape.depth, rows, panel, here, shape, present, depth, adds || k > 0);
      else
        loop(near, shape.depth, rows, panel, here, shape.groups * n, shape.groups == 1 ? MT_WIDTH : n, depth,
             adds || k > 0);
    }
}

const MTPanelLoops MT_NAME(martlet_panels) = {MT_NAME(panelWidth), MT_NAME(packPanels), MT_NAME(multiplyPanels)};

#undef MT_ALWAYS
#undef V
#undef MT_WIDTH
#undef MT_VECTORS
#undef MT_NEAR
#undef MT_LAST_ROWS
#undef MT_LINE_ROWS
#undef MT_PANEL
#undef MT_TILES
#endif
