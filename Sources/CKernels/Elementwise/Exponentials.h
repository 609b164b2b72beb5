// The exponentials of a row and their sum. Included by Softmax.c and Attention.c for each floating element type and
// instruction set, after Lanes.h and Math.h.

// Computes z = exp(x − shift) and returns the sum.
static S MT_NAME(exponentials)(const T *x, T *z, intptr_t count, T shift) {
  MT_EACH_INDEPENDENT(i, count) z[i] = MT_NAME(expOf)(x[i] - shift);
  MT_ROW_SUM(total, i, count, z[i])
  return total;
}
