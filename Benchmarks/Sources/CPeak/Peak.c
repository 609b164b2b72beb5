#include "CPeak.h"

#pragma clang fp contract(off)

// Enough chains to hide the latency of an operation, few enough that all stay in sixteen registers.
#define CHAINS 14

#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define SEPARATE(a, b, c) ((a) * (b) + (c))

// Volatile, so that the compiler knows neither the operands nor that the results are unused.
static volatile double factor = 0.999, addend = 0.001;

// A loop over vectors of `bytes` bytes: every sum runs towards addend / (1 - factor) = 1.
#define LOOP(name, attribute, T, bytes, MULTIPLY_ADD)                          \
  attribute static double name(long rounds) {                                  \
    typedef T Vector __attribute__((vector_size(bytes)));                      \
    Vector sums[CHAINS], x = (Vector){} + (T)factor, y = (Vector){} + (T)addend; \
    for (int i = 0; i < CHAINS; i++) sums[i] = (Vector){} + (T)i;              \
    for (long round = 0; round < rounds; round++)                              \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++)      \
        sums[i] = MULTIPLY_ADD(sums[i], x, y);                                 \
    volatile Vector result;                                                    \
    for (int i = 0; i < CHAINS; i++) result = sums[i];                         \
    (void)result;                                                              \
    return 2.0 * CHAINS * (bytes / sizeof(T)) * rounds;                        \
  }

#define LOOPS(set, attribute, bytes, MULTIPLY_ADD)      \
  LOOP(set##_f32, attribute, float, bytes, MULTIPLY_ADD) \
  LOOP(set##_f64, attribute, double, bytes, MULTIPLY_ADD)

#if defined(__x86_64__)

LOOPS(v2, __attribute__((target("arch=x86-64-v2"))), 16, SEPARATE)
LOOPS(v3, __attribute__((target("arch=x86-64-v3"))), 32, FUSED)
LOOPS(v4, __attribute__((target("arch=x86-64-v4,no-prefer-256-bit"))), 64, FUSED)

int peak_sets(PeakSet *sets) {
  int count = 0;
  sets[count++] = (PeakSet){"v2", v2_f32, v2_f64};
  if (__builtin_cpu_supports("x86-64-v3")) sets[count++] = (PeakSet){"v3", v3_f32, v3_f64};
  if (__builtin_cpu_supports("x86-64-v4")) sets[count++] = (PeakSet){"v4", v4_f32, v4_f64};
  return count;
}

#else

#if defined(__aarch64__)
LOOPS(plain, , 16, FUSED)
#else
LOOPS(plain, , 16, SEPARATE)
#endif

int peak_sets(PeakSet *sets) {
  sets[0] = (PeakSet){"plain", plain_f32, plain_f64};
  return 1;
}

#endif

typedef float Four __attribute__((vector_size(16)));

void peak_copy(float *a, const float *b, long count) {
  Four *to = (Four *)a;
  const Four *x = (const Four *)b;
  for (long i = 0; i < count / 4; i++) __builtin_nontemporal_store(x[i], &to[i]);
}

void peak_triad(float *a, const float *b, const float *c, float factor, long count) {
  Four *to = (Four *)a;
  const Four *x = (const Four *)b, *y = (const Four *)c;
  for (long i = 0; i < count / 4; i++) __builtin_nontemporal_store(x[i] + factor * y[i], &to[i]);
}

double peak_read(const float *a, long count) {
  const Four *x = (const Four *)a;
  Four sums[16] = {0};
  for (long i = 0; i < count / 4; i += 16) {
    for (int line = 0; line < 4; line++) __builtin_prefetch(x + i + 256 + 4 * line);
    for (int k = 0; k < 16; k++) sums[k] += x[i + k];
  }
  for (int k = 1; k < 16; k++) sums[0] += sums[k];
  return sums[0][0] + sums[0][1] + sums[0][2] + sums[0][3];
}
