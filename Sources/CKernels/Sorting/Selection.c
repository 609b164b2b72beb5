// The elements that a sort would put at certain places, found without the sort. Rows of few elements are ranked. In
// others the choice is narrowed by a sample, then by the bytes of the keys from the highest on.

#ifndef MT_BODY
#define MT_FAMILY "Sorting/Selection.c"
#include "../Clones.h"
#elif !MT_COMPLEX

#include "Keys.h"

extern const MTSorting MT_NAME(martlet_sorting);

// The number of elements of which only the first in the order is compared at first, and the number of such blocks for
// each element sought from which this pays.
#define MT_BLOCK 32
#define MT_BLOCKS 4

// The size of a sample, and the distance in it from the element sought within which this almost always is.
#define MT_SAMPLE 64
#define MT_MARGIN 11

// Runs a statement for each index i among `picks`, or below `count` if they are null.
#define MT_EACH_PICK(picks, count, statement) \
  if (picks) MT_EACH(at, count) { \
      const uint32_t i = (picks)[at]; \
      statement; \
    } \
  else MT_EACH(at, count) { \
      const uint32_t i = (uint32_t)at; \
      statement; \
    }

// Narrows the choice among all elements of x to those between two of a sample, and returns their number; 0 if the
// element sought is not among them. `k` becomes its place among them.
static intptr_t MT_NAME(narrow)(const T *x, intptr_t count, intptr_t *k, U flip, uint32_t *narrowed) {
  U keys[MT_SAMPLE], ranks[MT_SAMPLE], sorted[MT_SAMPLE];
  MT_EACH(i, MT_SAMPLE) keys[i] = MT_NAME(key)(x[count / MT_SAMPLE * i], flip);
  MT_NAME(ranks)(keys, ranks, MT_SAMPLE);
  MT_EACH(i, MT_SAMPLE) sorted[ranks[i]] = keys[i];
  const intptr_t middle = *k / (count / MT_SAMPLE + 1);
  const U lower = middle < MT_MARGIN ? 0 : sorted[middle - MT_MARGIN];
  const U upper = middle + MT_MARGIN < MT_SAMPLE ? sorted[middle + MT_MARGIN] : ~(U)0;
  intptr_t before = 0, kept = 0;
  MT_EACH(i, count) {
    const U key = MT_NAME(key)(x[i], flip);
    narrowed[kept] = (uint32_t)i;
    kept += (key >= lower) & (key <= upper);
    before += key < lower;
  }
  if (*k < before || *k >= before + kept) return 0;
  *k -= before;
  return kept;
}

// The index of the element at place k in the order of some elements of x, or of all if `picks` is null. Of equal
// elements the first comes first. `narrowed` is memory for `count` indices.
static intptr_t MT_NAME(find)(const T *x, const uint32_t *picks, intptr_t count, intptr_t k, U flip,
                              uint32_t *narrowed) {
  if (picks == NULL && count > 4 * MT_SAMPLE) {
    const intptr_t kept = MT_NAME(narrow)(x, count, &k, flip, narrowed);
    if (kept > 0) {
      picks = narrowed;
      count = kept;
    }
  }
  for (int shift = 8 * (int)sizeof(T) - 8; count > MT_RANKED && shift >= 0; shift -= 8) {
    uint32_t counts[4][256] = {0};  // four, because an increment waits for the one before it of the same number
    intptr_t digit = 0, before = 0, all, kept = 0;
    MT_EACH_PICK(picks, count, counts[at & 3][MT_NAME(key)(x[i], flip) >> shift & 255]++)
    for (;; digit++) {
      all = (intptr_t)counts[0][digit] + counts[1][digit] + counts[2][digit] + counts[3][digit];
      if (before + all > k) break;
      before += all;
    }
    if (all < count) {
      MT_EACH_PICK(picks, count, narrowed[kept] = i;
                   kept += (MT_NAME(key)(x[i], flip) >> shift & 255) == (U)digit)
      picks = narrowed;
    }
    count = all;
    k -= before;
  }
  if (count > MT_RANKED) return picks ? picks[k] : k;
  U keys[MT_RANKED], ranks[MT_RANKED];
  MT_EACH_PICK(picks, count, keys[at] = MT_NAME(key)(x[i], flip))
  MT_NAME(ranks)(keys, ranks, count);
  intptr_t at = 0;
  while (ranks[at] != (U)k) at++;
  return picks ? picks[at] : at;
}

// The place of the median in a row that is sorted, with NaN last: that of the first NaN if there is one, unless NaN is
// ignored.
static intptr_t MT_NAME(middle)(const T *x, intptr_t count, int ignoresNaN) {
  intptr_t strange = 0;
  MT_EACH(i, count) strange += x[i] != x[i];
  if (strange == count) return 0;
  return strange > 0 && !ignoresNaN ? count - strange : (count - strange - 1) / 2;
}

static void MT_NAME(pick)(const void *xv, void *values, int64_t *indices, void *scratch, intptr_t rows, intptr_t count,
                          intptr_t k, MTPlace place) {
  MT_EACH(row, rows) {
    const T *x = (const T *)xv + row * count;
    const intptr_t at = place == MTPlace_kth ? k : MT_NAME(middle)(x, count, place == MTPlace_medianOfNumbers);
    indices[row] = MT_NAME(find)(x, NULL, count, at, 0, scratch);
    ((T *)values)[row] = x[indices[row]];
  }
}

// Writes the indices of elements among which are the first k of the order, and returns their number. At least k blocks
// have an element that is not behind the bound.
static intptr_t MT_NAME(candidates)(const T *x, intptr_t count, intptr_t k, U flip, uint32_t *picks, void *scratch) {
  const intptr_t blocks = count / MT_BLOCK;
  T *best = scratch;
  MT_EACH(block, blocks) {
    const T *from = x + block * MT_BLOCK;
    U least = ~(U)0;
    MT_EACH(i, MT_BLOCK) {
      const U key = MT_NAME(key)(from[i], flip);
      least = key < least ? key : least;
    }
    best[block] = MT_NAME(element)(least, flip);
  }
  const U bound = MT_NAME(key)(best[MT_NAME(find)(best, NULL, blocks, k - 1, flip, picks)], flip);
  intptr_t kept = 0;
  MT_EACH(block, blocks + 1) {
    if (block < blocks && MT_NAME(key)(best[block], flip) > bound) continue;
    const intptr_t end = block < blocks ? (block + 1) * MT_BLOCK : count;
    for (intptr_t i = block * MT_BLOCK; i < end; i++) {
      picks[kept] = (uint32_t)i;
      kept += MT_NAME(key)(x[i], flip) <= bound;
    }
  }
  return kept;
}

// The first k elements of a row's order. The scratch memory has the picks first.
static void MT_NAME(topRow)(const T *x, T *values, int64_t *indices, uint64_t *scratch, intptr_t count, intptr_t k,
                            int isDescending) {
  const U flip = isDescending ? ~(U)0 : 0;
  uint32_t *picks = (uint32_t *)scratch;
  scratch += (count + 1) / 2;
  const int areFew = count / MT_BLOCK >= MT_BLOCKS * k;
  const intptr_t candidates = areFew ? MT_NAME(candidates)(x, count, k, flip, picks, scratch) : count;
  const uint32_t *some = areFew ? picks : NULL;
  const intptr_t last = MT_NAME(find)(x, some, candidates, k - 1, flip, (uint32_t *)scratch);
  const U bound = MT_NAME(key)(x[last], flip);
  T *chosen = (T *)(scratch + k);
  intptr_t kept = 0;
  MT_EACH_PICK(some, candidates, const U key = MT_NAME(key)(x[i], flip); if (kept == k) break; picks[kept] = i;
               kept += key < bound || (key == bound && i <= last))
  MT_EACH(i, k) chosen[i] = x[picks[i]];
  MT_NAME(martlet_sorting).rows(chosen, values, indices, scratch, 1, k, isDescending);
  MT_EACH(i, k) indices[i] = picks[indices[i]];
}

static void MT_NAME(top)(const void *xv, void *yv, int64_t *indices, uint64_t *scratch, intptr_t rows, intptr_t count,
                         intptr_t k, int isDescending) {
  MT_EACH(row, rows) {
    const T *x = (const T *)xv + row * count;
    T *values = (T *)yv + row * k;
    int64_t *places = indices + row * k;
    if (count > MT_RANKED) {
      MT_NAME(topRow)(x, values, places, scratch, count, k, isDescending);
      continue;
    }
    U keys[MT_RANKED], ranks[MT_RANKED];
    MT_EACH(i, count) keys[i] = MT_NAME(key)(x[i], isDescending ? ~(U)0 : 0);
    MT_NAME(ranks)(keys, ranks, count);
    MT_EACH(i, count) {
      if (ranks[i] >= (U)k) continue;
      values[ranks[i]] = x[i];
      places[ranks[i]] = i;
    }
  }
}

// The most frequent element of each sorted row, the first if there are several, and the last of its indices.
static void MT_NAME(mode)(const void *sorted, const int64_t *indices, void *values, int64_t *places, intptr_t rows,
                          intptr_t count) {
  MT_EACH(row, rows) {
    const T *x = (const T *)sorted + row * count;
    intptr_t start = 0, most = 0, end = 0;
    for (intptr_t i = 1; i <= count; i++) {
      if (i < count && MT_NAME(key)(x[i], 0) == MT_NAME(key)(x[start], 0)) continue;
      if (i - start > most) {
        most = i - start;
        end = i;
      }
      start = i;
    }
    ((T *)values)[row] = x[end - 1];
    places[row] = indices[row * count + end - 1];
  }
}

const MTSelection MT_NAME(martlet_selection) = {MT_NAME(pick), MT_NAME(top), MT_NAME(mode)};

#undef MT_BLOCK
#undef MT_BLOCKS
#undef MT_SAMPLE
#undef MT_MARGIN
#undef MT_EACH_PICK
#undef MT_TOP_BIT
#undef MT_LANES
#endif
