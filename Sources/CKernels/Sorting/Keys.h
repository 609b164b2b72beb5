// The order of elements as unsigned integers: from −∞ to ∞, then NaN. −0 equals 0, and NaN equals NaN. Included by
// Sorting.c, Selection.c and Searching.c for each element type and instruction set.

#define MT_TOP_BIT ((U)1 << (8 * sizeof(U) - 1))

// `flip` is 0, or all ones for the reverse order.
static inline U MT_NAME(key)(T x, U flip) {
#if MT_FLOATING
  const T positive = x + 0;  // −0 becomes 0
  U bits;
  memcpy(&bits, &positive, sizeof bits);
  bits ^= (U)((I)bits >> (8 * sizeof(U) - 1)) | MT_TOP_BIT;
  return (x != x ? ~(U)0 : bits) ^ flip;
#else
  return (U)x ^ ((T)-1 < (T)1 ? MT_TOP_BIT : 0) ^ flip;
#endif
}

// The element of a key.
static inline __attribute__((unused)) T MT_NAME(element)(U key, U flip) {
  key ^= flip;
#if MT_FLOATING
  T x;
  key ^= key & MT_TOP_BIT ? MT_TOP_BIT : ~(U)0;
  memcpy(&x, &key, sizeof x);
  return x;
#else
  return (T)(key ^ ((T)-1 < (T)1 ? MT_TOP_BIT : 0));
#endif
}

// The number of keys that are ranked together.
#define MT_LANES 16

typedef U MT_NAME(Lanes) __attribute__((vector_size(MT_LANES * sizeof(U)), aligned(sizeof(U))));

// The places of at most MT_FEW keys in their order, which are the numbers of keys before each one. This needs no
// branches. Equal keys keep their order. Memory after the last key is overwritten.
static inline __attribute__((unused)) void MT_NAME(ranks)(U *keys, U *ranks, intptr_t count) {
  typedef MT_NAME(Lanes) V;
  V lane;
  for (int i = 0; i < MT_LANES; i++) lane[i] = (U)i;
  for (intptr_t i = count; i % MT_LANES != 0; i++) keys[i] = 0;
  for (intptr_t block = 0; block < count; block += MT_LANES) {
    const V own = *(const V *)(keys + block);
    const intptr_t end = block + MT_LANES < count ? block + MT_LANES : count;
    V rank = {0};
    intptr_t j = 0;
    for (; j < block; j++) rank -= (V)(keys[j] <= own);
    for (; j < end; j++) rank -= (V)((keys[j] < own) | ((keys[j] == own) & ((U)(j - block) < lane)));
    for (; j < count; j++) rank -= (V)(keys[j] < own);
    *(V *)(ranks + block) = rank;
  }
}
