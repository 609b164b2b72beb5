// Sums of an expression along a row, in lanes that are added in a fixed tree, like the sums in Reductions.c. They have the
// same bits in every instruction set, and an error that grows with log n (Higham 1993, DOI 10.1137/0914050, "pairwise
// summation"). Included by Softmax.c, Attention.c and Normalization.c for each floating element type and instruction set.

// Four vectors of the widest instruction set, so that an addition does not wait for the previous one.
#define MT_LANES (256 / (intptr_t)sizeof(S))
// The lanes for the remainder and for short rows.
#define MT_FEW 16
#define MT_SUM_BLOCK (16 * MT_LANES)

static inline __attribute__((always_inline)) S MT_NAME(foldedSum)(S *lanes) {
  for (int half = MT_LANES / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++) lanes[j] += lanes[j + half];
  return lanes[0];
}

#define MT_ADD_LANES(width, at, k, end, expression) \
  for (; at + width <= end; at += width) \
    for (int j = 0; j < width; j++) { \
      const intptr_t k = at + j; \
      lanes[j] += (expression); \
    }

// Declares total = Σ expression over k. The sums of blocks are added in pairs, like the carries of a binary counter.
#define MT_ROW_SUM(total, k, count, expression) \
  S total = 0; \
  { \
    S levels[64]; \
    intptr_t at = 0, blocks = 0; \
    for (; at < count && count < MT_FEW; at++) { \
      const intptr_t k = at; \
      total += (expression); \
    } \
    while (at < count) { \
      const intptr_t end = count - at < MT_SUM_BLOCK ? count : at + MT_SUM_BLOCK; \
      S lanes[MT_LANES] = {0}, rest = 0; \
      MT_ADD_LANES(MT_LANES, at, k, end, expression) \
      MT_ADD_LANES(MT_FEW, at, k, end, expression) \
      MT_ADD_LANES(MT_FEW / 2, at, k, end, expression) \
      for (; at < end; at++) { \
        const intptr_t k = at; \
        rest += (expression); \
      } \
      lanes[0] += rest; \
      rest = MT_NAME(foldedSum)(lanes); \
      int level = 0; \
      for (; blocks >> level & 1; level++) rest += levels[level]; \
      levels[level] = rest; \
      blocks++; \
    } \
    for (int level = 0; blocks >> level; level++) \
      if (blocks >> level & 1) total += levels[level]; \
  }
