// Stable sorting of rows, with the index of each element. Short rows are sorted by counting, others by a radix sort
// from the lowest byte of the keys to the highest. It moves pairs of 32 bits of the key and the index. Rows with keys
// of 64 bits are sorted by the upper halves, and by insertion. If many upper halves are equal, they are sorted again:
// by the lower halves, then by the upper halves unless all are equal.

#ifndef MT_BODY
#define MT_FAMILY "Sorting/Sorting.c"
#include "../Clones.h"
#elif !MT_COMPLEX

#include "Keys.h"

#define MT_HALVES ((int)(sizeof(T) + 3) / 4)
// The longest way of an insertion.
#define MT_NEAR 32
#define MT_KEY_BITS (sizeof(T) < 4 ? 8 * (int)sizeof(T) : 32)

// The pair of the element at an index, with the half of its key that is sorted by now.
static inline uint64_t MT_NAME(pair)(const MTRadixSort *sort, uint32_t index) {
  const U key = MT_NAME(key)(((const T *)sort->x)[index], sort->isDescending ? ~(U)0 : 0);
  return (uint64_t)(uint32_t)(key >> (sort->half ? 8 * sizeof(U) - 32 : 0)) << 32 | index;
}

static inline intptr_t MT_NAME(bound)(const MTRadixSort *sort, intptr_t piece) {
  return sort->count / sort->pieces * piece + sort->count % sort->pieces * piece / sort->pieces;
}

#define MT_EACH_PAIR(i, pair_, statement) \
  for (intptr_t i = from; i < to; i++) { \
    const uint64_t pair = pair_, digit = pair >> (32 + sort->shift) & 255; \
    statement; \
  }

// Counts the digits of a piece. Pairs that hold the other half of the keys are made again.
static void MT_NAME(countDigits)(const MTRadixSort *sort, intptr_t piece) {
  const intptr_t from = MT_NAME(bound)(sort, piece), to = MT_NAME(bound)(sort, piece + 1);
  uint32_t *counts = sort->counts + 256 * piece;
  uint64_t *pairs = sort->pairs;
  memset(counts, 0, 256 * sizeof(uint32_t));
  if (pairs == NULL) MT_EACH_PAIR(i, MT_NAME(pair)(sort, (uint32_t)i), counts[digit]++)
  else if (sort->held == sort->half) MT_EACH_PAIR(i, pairs[i], counts[digit]++)
  else MT_EACH_PAIR(i, pairs[i] = MT_NAME(pair)(sort, (uint32_t)pairs[i]), counts[digit]++)
}

// The pairs move between the scratch memory and that of the indices.
static inline uint64_t *MT_NAME(target)(const MTRadixSort *sort) {
  return sort->pairs == sort->scratch ? (uint64_t *)sort->indices : sort->scratch;
}

static void MT_NAME(movePairs)(const MTRadixSort *sort, intptr_t piece) {
  const intptr_t from = MT_NAME(bound)(sort, piece), to = MT_NAME(bound)(sort, piece + 1);
  uint32_t *places = sort->counts + 256 * piece;
  uint64_t *y = MT_NAME(target)(sort);
  if (sort->pairs == NULL) MT_EACH_PAIR(i, MT_NAME(pair)(sort, (uint32_t)i), y[places[digit]++] = pair)
  else MT_EACH_PAIR(i, sort->pairs[i], y[places[digit]++] = pair)
}

// Turns counts into the place of the first pair of each digit and piece. Returns false if all digits are equal.
static int MT_NAME(placeDigits)(MTRadixSort *sort) {
  uint32_t place = 0;
  sort->held = sort->half;
  MT_EACH(digit, 256) {
    const uint32_t first = place;
    MT_EACH(piece, sort->pieces) {
      uint32_t *count = sort->counts + 256 * piece + digit;
      const uint32_t next = place + *count;
      *count = place;
      place = next;
    }
    if (first == 0 && place == (uint32_t)sort->count) return 0;
  }
  return 1;
}

// Goes on to the next digit, after a move if `hasMoved`. Returns false after the last one.
static int MT_NAME(nextDigit)(MTRadixSort *sort, int hasMoved) {
  if (hasMoved) sort->pairs = MT_NAME(target)(sort);
  sort->shift += 8;
  if (sort->shift < MT_KEY_BITS) return 1;
  sort->shift = 0;
  return ++sort->half < sort->end;
}

static void MT_NAME(unpack)(const MTRadixSort *sort, intptr_t piece) {
  const T *x = sort->x;
  for (intptr_t i = MT_NAME(bound)(sort, piece); i < MT_NAME(bound)(sort, piece + 1); i++) {
    const uint32_t index = sort->pairs ? (uint32_t)sort->pairs[i] : (uint32_t)i;
    ((T *)sort->values)[i] = x[index];
    sort->indices[i] = index;
  }
}

// Moves the element at place i to its place among the elements from `least` on, which are sorted. Returns false if that
// is far.
static inline int MT_NAME(insert)(const MTRadixSort *sort, intptr_t i, intptr_t least) {
  T *values = sort->values;
  const U flip = sort->isDescending ? ~(U)0 : 0;
  const T value = values[i];
  const int64_t index = sort->indices[i];
  const U key = MT_NAME(key)(value, flip);
  intptr_t place = i;
  for (; place > least && key < MT_NAME(key)(values[place - 1], flip); place--) {
    if (i - place == MT_NEAR) return 0;
    values[place] = values[place - 1];
    sort->indices[place] = sort->indices[place - 1];
  }
  values[place] = value;
  sort->indices[place] = index;
  return 1;
}

// Sorts the values of a piece by insertion. Returns false if one is far from its place.
static int MT_NAME(settle)(const MTRadixSort *sort, intptr_t piece) {
  const intptr_t from = MT_NAME(bound)(sort, piece), to = MT_NAME(bound)(sort, piece + 1);
  for (intptr_t i = from + 1; i < to; i++)
    if (!MT_NAME(insert)(sort, i, from)) return 0;
  return 1;
}

// Sorts the values near the bounds of the pieces, which are sorted.
static int MT_NAME(join)(const MTRadixSort *sort) {
  const T *values = sort->values;
  const U flip = sort->isDescending ? ~(U)0 : 0;
  for (intptr_t piece = 1; piece < sort->pieces; piece++) {
    intptr_t i = MT_NAME(bound)(sort, piece);
    for (; i < sort->count && MT_NAME(key)(values[i], flip) < MT_NAME(key)(values[i - 1], flip); i++)
      if (!MT_NAME(insert)(sort, i, 0)) return 0;
  }
  return 1;
}

// Sorts a row of one piece by some halves of the keys.
static void MT_NAME(sortHalves)(MTRadixSort *sort, int half, int end) {
  int hasMoved;
  sort->pairs = NULL;
  sort->half = half;
  sort->end = end;
  do {
    MT_NAME(countDigits)(sort, 0);
    hasMoved = MT_NAME(placeDigits)(sort);
    if (hasMoved) MT_NAME(movePairs)(sort, 0);
  } while (MT_NAME(nextDigit)(sort, hasMoved));
}

static void MT_NAME(sortRow)(MTRadixSort *sort) {
  MT_NAME(sortHalves)(sort, MT_HALVES - 1, MT_HALVES);
  if (MT_HALVES > 1 && sort->pairs == NULL) MT_NAME(sortHalves)(sort, 0, 1);
  MT_NAME(unpack)(sort, 0);
  if (MT_HALVES == 1 || MT_NAME(settle)(sort, 0)) return;
  MT_NAME(sortHalves)(sort, 0, MT_HALVES);
  MT_NAME(unpack)(sort, 0);
}

static void MT_NAME(sortFew)(const T *x, T *values, int64_t *indices, intptr_t count, U flip) {
  U keys[MT_RANKED], ranks[MT_RANKED];
  MT_EACH(i, count) keys[i] = MT_NAME(key)(x[i], flip);
  MT_NAME(ranks)(keys, ranks, count);
  MT_EACH(i, count) {
    values[ranks[i]] = x[i];
    indices[ranks[i]] = i;
  }
}

static void MT_NAME(sortRows)(const void *x, void *values, int64_t *indices, uint64_t *scratch, intptr_t rows,
                              intptr_t count, int isDescending) {
  uint32_t counts[256];
  MT_EACH(row, rows) {
    const T *from = (const T *)x + row * count;
    T *to = (T *)values + row * count;
    if (count <= MT_RANKED) {
      MT_NAME(sortFew)(from, to, indices + row * count, count, isDescending ? ~(U)0 : 0);
      continue;
    }
    MTRadixSort sort = {from, to, indices + row * count, scratch, counts, count, 1, isDescending, NULL, 0, 0, 0, 0};
    MT_NAME(sortRow)(&sort);
  }
}

const MTSorting MT_NAME(martlet_sorting) = {
    MT_NAME(sortRows),  MT_NAME(countDigits), MT_NAME(placeDigits), MT_NAME(movePairs),
    MT_NAME(nextDigit), MT_NAME(unpack),      MT_NAME(settle),      MT_NAME(join),
};

#undef MT_EACH_PAIR
#undef MT_HALVES
#undef MT_NEAR
#undef MT_KEY_BITS
#undef MT_TOP_BIT
#undef MT_LANES
#endif
