// Orders of the lanes of two vectors of 2 to 16 lanes: their even and odd elements, and their halves in turns. Included
// by Passes.h for each floating element type and instruction set.

#define MT_EVEN_2(a, b) __builtin_shufflevector(a, b, 0, 2)
#define MT_ODD_2(a, b) __builtin_shufflevector(a, b, 1, 3)
#define MT_LOW_2(a, b) __builtin_shufflevector(a, b, 0, 2)
#define MT_HIGH_2(a, b) __builtin_shufflevector(a, b, 1, 3)
#define MT_EVEN_4(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define MT_ODD_4(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define MT_LOW_4(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define MT_HIGH_4(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define MT_EVEN_8(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define MT_ODD_8(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define MT_LOW_8(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define MT_HIGH_8(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define MT_EVEN_16(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define MT_ODD_16(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define MT_LOW_16(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define MT_HIGH_16(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// MT_OF_V(LOW) and MT_OF_H(LOW) are the orders of whole vectors and of their halves.
#define MT_OF_8(order) MT_##order##_8
#if MT_REGISTER >> (MT_WIDE + 2) == 2
#define MT_OF_V(order) MT_##order##_2
#define MT_OF_H(order) MT_##order##_2
#elif MT_REGISTER >> (MT_WIDE + 2) == 4
#define MT_OF_V(order) MT_##order##_4
#define MT_OF_H(order) MT_##order##_2
#elif MT_REGISTER >> (MT_WIDE + 2) == 8
#define MT_OF_V(order) MT_##order##_8
#define MT_OF_H(order) MT_##order##_4
#elif MT_REGISTER >> (MT_WIDE + 2) == 16
#define MT_OF_V(order) MT_##order##_16
#define MT_OF_H(order) MT_##order##_8
#endif

// Interleaves the lanes of the vectors v: their first lanes come first, in the order of the vectors. `of` is one of the
// three macros.
#define MT_INTERLEAVE_4(W, v, of) \
  { \
    const W a = of(LOW)(v[0], v[2]), b = of(HIGH)(v[0], v[2]), c = of(LOW)(v[1], v[3]), d = of(HIGH)(v[1], v[3]); \
    v[0] = of(LOW)(a, c), v[1] = of(HIGH)(a, c), v[2] = of(LOW)(b, d), v[3] = of(HIGH)(b, d); \
  }
#define MT_INTERLEAVE_8(W, v, of) \
  { \
    W even[4] = {v[0], v[2], v[4], v[6]}, odd[4] = {v[1], v[3], v[5], v[7]}; \
    MT_INTERLEAVE_4(W, even, of) \
    MT_INTERLEAVE_4(W, odd, of) \
    for (int k = 0; k < 4; k++) v[2 * k] = of(LOW)(even[k], odd[k]), v[2 * k + 1] = of(HIGH)(even[k], odd[k]); \
  }
