// Convolutions with 3 × 3 kernels by Winograd's minimal filtering F(2×2, 3×3). A tile of 2 × 2 outputs costs 16
// multiplications per channel, where the plain sum takes 36.
//
//     Y = Aᵀ (G k Gᵀ ⊙ Bᵀ d B) A
//
// for a kernel k and a tile d of 4 × 4 pixels. Summed over channels, each of the 16 places of ⊙ is a matrix product.
// Tiles are numbered through all images, row by row.
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015, section 4.1.

#ifndef MT_BODY
#define MT_FAMILY "Convolution/Winograd.c"
#include "../Clones.h"
#elif MT_FLOATING

typedef T MT_NAME(Lanes) __attribute__((ext_vector_type(MT_REGISTER / sizeof(T)), aligned(sizeof(T))));
#define V MT_NAME(Lanes)
#define MT_WIDTH (MT_REGISTER / (intptr_t)sizeof(T))
#define MT_FEW static inline __attribute__((always_inline))
// Keeps loops over a few numbers as loops, because a call of memcpy or memset takes longer.
#define MT_INLINE_COPIES __attribute__((no_builtin("memcpy", "memset")))
// The number of kernels that are transformed at once.
#define MT_KERNELS 64
// The distances from one line to the next, for the places of tiles and for the columns that tiles see. A tile alone in
// its row sees four columns. Lines are computed in whole registers, so elements after their end are written too.
#define MT_TILES_LINE (MT_WINOGRAD_TILES + MT_WIDTH)
#define MT_COLUMNS_LINE (4 * MT_WINOGRAD_TILES + 4 * MT_WIDTH)
#define MT_LANES(i, count) \
  _Pragma("clang loop vectorize(assume_safety) interleave_count(1)") \
  for (intptr_t i = 0; i < ((count) + MT_WIDTH - 1) / MT_WIDTH * MT_WIDTH; i++)

// Runs the body for each piece of a row of tiles within from ..< to: `count` tiles from `column` on in row `line` of
// `image`. `at` is the number of the first one among all tiles.
#define MT_EACH_STRIP(p, ...) \
  { \
    const intptr_t across = ((p)->outWidth + 1) / 2, down = ((p)->outHeight + 1) / 2; \
    for (intptr_t at = from; at < to;) { \
      const intptr_t image = at / (across * down), line = at / across % down, column = at % across; \
      const intptr_t count = across - column < to - at ? across - column : to - at; \
      __VA_ARGS__ \
      at += count; \
    } \
  }

// A copy that is repeated for every channel.
typedef struct {
  intptr_t from, to, count;
} MT_NAME(Move);

// Copies in pieces that overlap: for a few numbers a call of memcpy takes longer than the copy.
MT_FEW void MT_NAME(move)(const T *from, T *to, MT_NAME(Move) m) {
  from += m.from;
  to += m.to;
#define MT_PIECES(size) \
  if (m.count >= (size) && (size) > 0) { \
    for (intptr_t i = 0; i + (size) < m.count; i += (size)) __builtin_memcpy(to + i, from + i, (size) * sizeof(T)); \
    __builtin_memcpy(to + m.count - (size), from + m.count - (size), (size) * sizeof(T)); \
    return; \
  }
  MT_PIECES(MT_WIDTH)
  MT_PIECES(MT_WIDTH / 2)
  MT_PIECES(MT_WIDTH / 4)
  for (intptr_t i = 0; i < m.count; i++) to[i] = from[i];
#undef MT_PIECES
}

// The part within the image of `count` elements of row h from `column` on, to be copied to `to`.
MT_FEW MT_NAME(Move) MT_NAME(within)(intptr_t height, intptr_t width, intptr_t h, intptr_t column, intptr_t count,
                                     intptr_t to) {
  const intptr_t start = column < 0 ? -column : 0, end = width - column < count ? width - column : count;
  const MT_NAME(Move) move = {h * width + column + start, to + start, end - start};
  const MT_NAME(Move) none = {0, 0, 0};
  return h >= 0 && h < height && end > start ? move : none;
}

// Stores the lines of a channel in the 16 matrices, as panels with `width` tiles per channel. The places after the last
// tile are 0.
MT_FEW void MT_NAME(toPanels)(T *lines, intptr_t tiles, T *panels, intptr_t channel, intptr_t channels,
                              intptr_t width) {
  const intptr_t count = (tiles + width - 1) / width;
  for (int k = 0; k < 16; k++) {
    T *line = lines + k * MT_TILES_LINE, *to = panels + (k * count * channels + channel) * width;
    for (intptr_t i = tiles; i < count * width; i++) line[i] = 0;
    for (intptr_t p = 0; p < count; p++, line += width, to += channels * width)
      for (intptr_t i = 0; i < width; i += 2 * MT_WIDTH) {
        *(V *)(to + i) = *(const V *)(line + i);
        *(V *)(to + i + MT_WIDTH) = *(const V *)(line + i + MT_WIDTH);
      }
  }
}

// Computes Bᵀ d B of the tiles from ..< to, for each channel. Images are `step` elements apart.
static MT_INLINE_COPIES void MT_NAME(winogradImages)(const void *xv, intptr_t step, intptr_t channels,
                                                     const MTTiledPlane *p, intptr_t from, intptr_t to, void *panels,
                                                     intptr_t width) {
  T rows[4 * MT_COLUMNS_LINE], high[4 * MT_COLUMNS_LINE], lines[16 * MT_TILES_LINE];
  MT_NAME(Move) moves[4 * MT_WINOGRAD_TILES], strips[MT_WINOGRAD_TILES];
  intptr_t moved = 0, strip = 0, columns = 0;
  MT_EACH_STRIP(p, {
    for (int i = 0; i < 4; i++) {
      MT_NAME(Move) move = MT_NAME(within)(p->height, p->width, 2 * line - p->top + i, 2 * column - p->left,
                                           2 * count + 2, i * MT_COLUMNS_LINE + columns);
      move.from += image * step;
      if (move.count > 0) moves[moved++] = move;
    }
    strips[strip++] = (MT_NAME(Move)){columns, at - from, count};
    columns += 2 * count + 2;
  })
  // The places beside the images are not overwritten by the copies: they stay 0 for all channels.
  for (int i = 0; i < 4; i++) memset(rows + i * MT_COLUMNS_LINE, 0, (size_t)columns * sizeof(T));
  MT_EACH(c, channels) {
    const T *x = (const T *)xv + c * p->height * p->width;
    MT_EACH(i, moved) MT_NAME(move)(x, rows, moves[i]);
    MT_LANES(j, columns) {
      const T *d = rows + j;
      high[j] = d[0] - d[2 * MT_COLUMNS_LINE];
      high[MT_COLUMNS_LINE + j] = d[MT_COLUMNS_LINE] + d[2 * MT_COLUMNS_LINE];
      high[2 * MT_COLUMNS_LINE + j] = d[2 * MT_COLUMNS_LINE] - d[MT_COLUMNS_LINE];
      high[3 * MT_COLUMNS_LINE + j] = d[MT_COLUMNS_LINE] - d[3 * MT_COLUMNS_LINE];
    }
    MT_EACH(s, strip)
      MT_LANES(j, strips[s].count)
        for (int i = 0; i < 4; i++) {
          const T *h = high + i * MT_COLUMNS_LINE + strips[s].from + 2 * j;
          T *v = lines + 4 * i * MT_TILES_LINE + strips[s].to + j;
          v[0] = h[0] - h[2];
          v[MT_TILES_LINE] = h[1] + h[2];
          v[2 * MT_TILES_LINE] = h[2] - h[1];
          v[3 * MT_TILES_LINE] = h[1] - h[3];
        }
    MT_NAME(toPanels)(lines, to - from, panels, c, channels, width);
  }
}

// Computes A g Aᵀ of tiles of 2 × 2 output gradients g. Its products with the transformed images, summed over tiles,
// are the gradient of G k Gᵀ.
static MT_INLINE_COPIES void MT_NAME(winogradGradients)(const void *gv, intptr_t step, intptr_t channels,
                                                        const MTTiledPlane *p, intptr_t from, intptr_t to,
                                                        void *panels, intptr_t width) {
  enum { row = 2 * MT_WINOGRAD_TILES };
  T rows[2 * row], high[4 * row], lines[16 * MT_TILES_LINE];
  MT_NAME(Move) moves[2 * MT_WINOGRAD_TILES];
  intptr_t moved = 0;
  MT_EACH_STRIP(p, {
    for (int i = 0; i < 2; i++) {
      MT_NAME(Move) move = MT_NAME(within)(p->outHeight, p->outWidth, 2 * line + i, 2 * column, 2 * count,
                                           i * row + 2 * (at - from));
      move.from += image * step;
      if (move.count > 0) moves[moved++] = move;
    }
  })
  for (int i = 0; i < 2; i++) memset(rows + i * row, 0, 2 * (size_t)(to - from) * sizeof(T));
  MT_EACH(c, channels) {
    const T *g = (const T *)gv + c * p->outHeight * p->outWidth;
    MT_EACH(i, moved) MT_NAME(move)(g, rows, moves[i]);
    MT_LANES(j, 2 * (to - from)) {
      high[j] = rows[j];
      high[row + j] = rows[j] + rows[row + j];
      high[2 * row + j] = rows[j] - rows[row + j];
      high[3 * row + j] = -rows[row + j];
    }
    for (int i = 0; i < 4; i++)
      MT_LANES(j, to - from) {
        const T *h = high + i * row + 2 * j;
        T *v = lines + 4 * i * MT_TILES_LINE + j;
        v[0] = h[0];
        v[MT_TILES_LINE] = h[0] + h[1];
        v[2 * MT_TILES_LINE] = h[0] - h[1];
        v[3 * MT_TILES_LINE] = -h[1];
      }
    MT_NAME(toPanels)(lines, to - from, panels, c, channels, width);
  }
}

// Computes Aᵀ m A of the sums m, 16 matrices [channels, row] that lie `matrix` elements apart. Writes the tiles from
// ..< to of each channel, in images that are `step` elements apart. The channel's bias, if any, is added; with `adds`
// the result is added to y.
static MT_INLINE_COPIES void MT_NAME(winogradOutputs)(const void *sums, intptr_t matrix, intptr_t tiles,
                                                      const void *bias, void *yv, intptr_t step, intptr_t channels,
                                                      const MTTiledPlane *p, intptr_t from, intptr_t to, int adds) {
  enum { row = 2 * MT_WINOGRAD_TILES };
  T high[2][4][MT_WINOGRAD_TILES], lines[2 * row];
  MT_NAME(Move) moves[2 * MT_WINOGRAD_TILES];
  intptr_t moved = 0;
  MT_EACH_STRIP(p, {
    for (int i = 0; i < 2; i++) {
      const MT_NAME(Move) move = MT_NAME(within)(p->outHeight, p->outWidth, 2 * line + i, 2 * column, 2 * count, 0);
      if (move.count > 0)
        moves[moved++] = (MT_NAME(Move)){i * row + 2 * (at - from), image * step + move.from, move.count};
    }
  })
  MT_EACH(c, channels) {
    const T *m = (const T *)sums + c * tiles, shift = bias ? ((const T *)bias)[c] : 0;
    for (int i = 0; i < 4; i++) {
      const T *m0 = m + i * matrix, *m1 = m0 + 4 * matrix, *m2 = m0 + 8 * matrix, *m3 = m0 + 12 * matrix;
      T *y0 = high[0][i], *y1 = high[1][i];
      MT_LANES(j, to - from) {
        const T sum = m1[j] + m2[j], difference = m1[j] - m2[j];
        y0[j] = m0[j] + sum;
        y1[j] = difference - m3[j];
      }
    }
    for (int i = 0; i < 2; i++) {
      const T *h0 = high[i][0], *h1 = high[i][1], *h2 = high[i][2], *h3 = high[i][3];
      T *line = lines + i * row;
      MT_LANES(j, to - from) {
        const T sum = h1[j] + h2[j], difference = h1[j] - h2[j];
        line[2 * j] = h0[j] + sum + shift;
        line[2 * j + 1] = difference - h3[j] + shift;
      }
    }
    T *y = (T *)yv + c * p->outHeight * p->outWidth;
    if (adds)
      MT_EACH(i, moved)
        MT_EACH_INDEPENDENT(j, moves[i].count) y[moves[i].to + j] += lines[moves[i].from + j];
    else
      MT_EACH(i, moved) MT_NAME(move)(lines, y, moves[i]);
  }
}

// Computes G k Gᵀ of the kernels in the rows from ..< to, as 16 matrices [rows, columns]. The 9 taps of a kernel are
// contiguous. `flipped` reverses the kernel along both axes, which exchanges the outer rows of G.
static void MT_NAME(winogradKernels)(const void *kernels, intptr_t rowStride, intptr_t columnStride, intptr_t rows,
                                     intptr_t columns, void *matrices, intptr_t from, intptr_t to, int flipped) {
  T near[9 * MT_KERNELS], thirds[3][3 * MT_KERNELS], taps[3][3][MT_KERNELS], high[4][3][MT_KERNELS];
  memset(near, 0, sizeof near);
  for (intptr_t row = from; row < to; row++)
    for (intptr_t first = 0; first < columns; first += MT_KERNELS) {
      const intptr_t count = columns - first < MT_KERNELS ? columns - first : MT_KERNELS;
      const T *k = (const T *)kernels + row * rowStride + first * columnStride;
      MT_EACH(j, count) memcpy(near + 9 * j, k + j * columnStride, 9 * sizeof(T));
      for (intptr_t j = 0; j < 3 * MT_KERNELS; j++)
        for (int c = 0; c < 3; c++) thirds[c][j] = near[3 * j + c];
      for (int c = 0; c < 3; c++)
        for (intptr_t j = 0; j < MT_KERNELS; j++)
          for (int r = 0; r < 3; r++) taps[r][c][j] = thirds[c][3 * j + r];
      for (int c = 0; c < 3; c++)
        MT_LANES(j, count) {
          const T k0 = taps[0][c][j], k1 = taps[1][c][j], k2 = taps[2][c][j];
          high[flipped ? 3 : 0][c][j] = k0;
          high[1][c][j] = (k0 + k2 + k1) * (T)0.5;
          high[2][c][j] = (k0 + k2 - k1) * (T)0.5;
          high[flipped ? 0 : 3][c][j] = k2;
        }
      for (int r = 0; r < 4; r++) {
        T out[4][MT_KERNELS];
        MT_LANES(j, count) {
          const T k0 = high[r][0][j], k1 = high[r][1][j], k2 = high[r][2][j];
          out[0][j] = k0;
          out[1][j] = (k0 + k2 + k1) * (T)0.5;
          out[2][j] = (k0 + k2 - k1) * (T)0.5;
          out[3][j] = k2;
        }
        for (int i = 0; i < 4; i++)
          memcpy((T *)matrices + ((4 * r + i) * rows + row) * columns + first,
                 out[flipped ? (i == 0 ? 3 : i == 3 ? 0 : i) : i], (size_t)count * sizeof(T));
      }
    }
}

// Adds Gᵀ m G of 16 matrices [rows, columns] to the kernels in the rows from ..< to, whose 9 taps are contiguous.
static void MT_NAME(winogradKernelGradients)(const void *matrices, intptr_t rows, intptr_t columns, void *kernels,
                                             intptr_t rowStride, intptr_t from, intptr_t to) {
  T high[3][4][MT_KERNELS];
  for (intptr_t row = from; row < to; row++)
    for (intptr_t first = 0; first < columns; first += MT_KERNELS) {
      const intptr_t count = columns - first < MT_KERNELS ? columns - first : MT_KERNELS, matrix = rows * columns;
      for (int i = 0; i < 4; i++) {
        const T *m = (const T *)matrices + i * matrix + row * columns + first;
        MT_EACH_INDEPENDENT(j, count) {
          const T sum = m[4 * matrix + j] + m[8 * matrix + j], difference = m[4 * matrix + j] - m[8 * matrix + j];
          high[0][i][j] = m[j] + sum * (T)0.5;
          high[1][i][j] = difference * (T)0.5;
          high[2][i][j] = sum * (T)0.5 + m[12 * matrix + j];
        }
      }
      T *k = (T *)kernels + row * rowStride + 9 * first;
      MT_EACH(j, count) for (int r = 0; r < 3; r++) {
        const T sum = high[r][1][j] + high[r][2][j], difference = high[r][1][j] - high[r][2][j];
        k[9 * j + 3 * r] += high[r][0][j] + sum * (T)0.5;
        k[9 * j + 3 * r + 1] += difference * (T)0.5;
        k[9 * j + 3 * r + 2] += sum * (T)0.5 + high[r][3][j];
      }
    }
}

const MTWinogradLoops MT_NAME(martlet_winograd) = {
    MT_NAME(winogradKernels), MT_NAME(winogradImages), MT_NAME(winogradOutputs), MT_NAME(winogradGradients),
    MT_NAME(winogradKernelGradients)};

#undef MT_WIDTH
#undef V
#undef MT_FEW
#undef MT_INLINE_COPIES
#undef MT_KERNELS
#undef MT_COLUMNS_LINE
#undef MT_TILES_LINE
#undef MT_LANES
#undef MT_EACH_STRIP
#endif
