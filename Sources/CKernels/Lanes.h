// Sums of expressions in MT_LANES partial results, added in a fixed tree: the same bits in every instruction set,
// and an error that grows with log n (Higham 1993, DOI 10.1137/0914050, "pairwise summation").
// Included by Softmax.c and Normalize.c for each floating element type and instruction set.

#define MT_LANES 16

static inline __attribute__((always_inline)) S MT_NAME(foldedSum)(S *lanes) {
  for (int width = MT_LANES / 2; width > 0; width /= 2)
    for (int j = 0; j < width; j++) lanes[j] += lanes[j + width];
  return lanes[0];
}

// Declares total = Σ expression over k: lanes over a block, and lanes over the blocks, so that the error grows with
// count / MT_SUM_BLOCK.
#define MT_SUM_BLOCK 512
#define MT_ROW_SUM(total, k, count, expression) \
  S total; \
  { \
    S sums[MT_LANES] = {0}; \
    const intptr_t whole = count / MT_LANES * MT_LANES; \
    for (intptr_t block = 0; block < whole; block += MT_SUM_BLOCK) { \
      const intptr_t end = whole - block < MT_SUM_BLOCK ? whole : block + MT_SUM_BLOCK; \
      S lanes[MT_LANES] = {0}; \
      for (intptr_t start = block; start < end; start += MT_LANES) \
        for (int j = 0; j < MT_LANES; j++) { \
          const intptr_t k = start + j; \
          lanes[j] += (expression); \
        } \
      for (int j = 0; j < MT_LANES; j++) sums[j] += lanes[j]; \
    } \
    total = MT_NAME(foldedSum)(sums); \
    for (intptr_t k = whole; k < count; k++) total += (expression); \
  }
