#include "Random.h"

#include <math.h>
#include <string.h>

// A fused multiply-add would make the numbers depend on the machine.
#pragma clang fp contract(off)

// The kinds of element, in the high byte of the counter's fourth word.
enum { KIND_32 = 0, KIND_53 = 1, KIND_64 = 2, KIND_GAMMA = 3, KIND_POISSON = 4 };
enum { LANES = 8, CHUNK_WORDS = 512 };

// MARK: Philox

// One word of eight blocks. A lane has 64 bits, and its high half is ignored, because a vector multiplication of 32-bit
// words reads and writes 64-bit lanes.
typedef uint64_t Lanes __attribute__((ext_vector_type(LANES)));

// The ten rounds, for one block (WORD is uint64_t) or for several at a time (Lanes).
#define PHILOX(NAME, WORD)                                                                               \
  static inline void NAME(WORD c[4], uint32_t key0, uint32_t key1) {                                     \
    _Pragma("clang loop unroll(full)") for (int round = 0; round < 10; round++) {                        \
      const WORD product0 = (c[0] & 0xFFFFFFFF) * 0xD2511F53;                                            \
      const WORD product1 = (c[2] & 0xFFFFFFFF) * 0xCD9E8D57;                                            \
      c[0] = (product1 >> 32) ^ c[1] ^ key0;                                                             \
      c[1] = product1;                                                                                   \
      c[2] = (product0 >> 32) ^ c[3] ^ key1;                                                             \
      c[3] = product0;                                                                                   \
      key0 += 0x9E3779B9;                                                                                \
      key1 += 0xBB67AE85;                                                                                \
    }                                                                                                    \
  }

PHILOX(philox_block, uint64_t)
PHILOX(philox_lanes, Lanes)

void martlet_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint64_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
  philox_block(c, key[0], key[1]);
  for (int j = 0; j < 4; j++) out[j] = (uint32_t)c[j];
}

static void one_block(uint64_t seed, uint32_t stream, uint32_t tag, uint64_t block, uint32_t words[4]) {
  const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), stream, tag};
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  martlet_philox4x32_10(counter, key, words);
}

static void many_blocks(uint64_t seed, uint32_t stream, uint32_t tag, uint64_t block, uint32_t *words,
                        intptr_t blocks) {
  intptr_t b = 0;
  for (; b + LANES <= blocks; b += LANES) {
    Lanes index;
    for (int l = 0; l < LANES; l++) index[l] = block + (uint64_t)(b + l);
    Lanes c[4] = {index, index >> 32, stream, tag};
    philox_lanes(c, (uint32_t)seed, (uint32_t)(seed >> 32));
    for (int l = 0; l < LANES; l++) {
      for (int j = 0; j < 4; j++) words[4 * (b + l) + j] = (uint32_t)c[j][l];
    }
  }
  for (; b < blocks; b++) one_block(seed, stream, tag, block + (uint64_t)b, words + 4 * b);
}

// MARK: Chunks

// A chunk of a fill: `take` elements that start with element `skip` of block `block`.
typedef struct {
  uint64_t block;
  intptr_t skip, take, blocks;
} Chunk;

static inline Chunk next_chunk(uint64_t position, intptr_t left, intptr_t per_block) {
  Chunk chunk;
  chunk.block = position / (uint64_t)per_block;
  chunk.skip = (intptr_t)(position % (uint64_t)per_block);
  const intptr_t room = CHUNK_WORDS / 4 * per_block - chunk.skip;
  chunk.take = left < room ? left : room;
  chunk.blocks = (chunk.skip + chunk.take + per_block - 1) / per_block;
  return chunk;
}

// Runs BODY for each chunk of a fill. `words` holds the chunk's words, and `done` elements precede the chunk.
#define FOR_EACH_CHUNK(KIND, PER_BLOCK, BODY)                                                            \
  for (intptr_t done = 0; done < count;) {                                                               \
    const Chunk chunk = next_chunk(offset + (uint64_t)done, count - done, PER_BLOCK);                    \
    uint32_t words[CHUNK_WORDS];                                                                         \
    many_blocks(seed, stream, KIND << 24, chunk.block, words, chunk.blocks);                             \
    BODY                                                                                                 \
    done += chunk.take;                                                                                  \
  }

// Element i of a chunk in [0, 1), a multiple of 2^-24, 2^-32 or 2^-53. The conversions are from signed integers,
// because every instruction set has a vector instruction for them.
static inline float unit24(const uint32_t *words, intptr_t i) {
  return (float)(int32_t)(words[i] >> 8) * 0x1p-24f;
}

static inline double unit32(const uint32_t *words, intptr_t i) {
  return ((double)(int32_t)(words[i] ^ 0x80000000) + 0x1p31) * 0x1p-32;
}

static inline double unit53(const uint32_t *words, intptr_t i) {
  const double high = (double)(int32_t)(words[2 * i] >> 5), low = (double)(int32_t)(words[2 * i + 1] >> 6);
  return (high * 0x1p26 + low) * 0x1p-53;
}

// MARK: Uniform

// If upper - lower overflows, the bounds are halved and the result is doubled. Rounding can reach upper, but cannot
// fall below lower, as neither step nor unit is negative.
#define UNIFORM(SUFFIX, T, KIND, PER_BLOCK, UNIT, NEXTAFTER)                                             \
  void martlet_uniform_##SUFFIX(uint64_t seed, uint32_t stream, uint64_t offset, T lower, T upper,       \
                                T *out, intptr_t count) {                                                \
    const T scale = isinf(upper - lower) ? 2 : 1;                                                        \
    const T base = lower / scale, step = upper / scale - base, last = NEXTAFTER(upper, lower);           \
    FOR_EACH_CHUNK(KIND, PER_BLOCK, {                                                                    \
      for (intptr_t i = 0; i < chunk.take; i++) {                                                        \
        const T value = (base + step * UNIT(words, chunk.skip + i)) * scale;                             \
        out[done + i] = value < upper ? value : last;                                                    \
      }                                                                                                  \
    })                                                                                                   \
  }

UNIFORM(f32, float, KIND_32, 4, unit24, nextafterf)
UNIFORM(f64, double, KIND_53, 2, unit53, nextafter)

// MARK: Normal

// log(u) for u in (0, 1], not subnormal: u = 2^e · m with m in [√½, √2). With s = (m - 1) / (m + 1) and |s| < 0.172,
// log(m) = 2 (s + s³/3 + s⁵/5 + …). The omitted terms are below 2^-55 of the sum. This function, sine and cosine are
// written out because they vectorise and give the same bits on every machine.
static inline double log_unit(double u) {
  const uint64_t sqrt_half = UINT64_C(0x3FE6A09E667F3BCD), one = UINT64_C(0x3FF0000000000000);
  uint64_t bits;
  memcpy(&bits, &u, sizeof bits);
  bits += one - sqrt_half;
  // The biased exponent in the low bits of 2^52: this conversion needs no integer instruction.
  const uint64_t exponent_bits = (bits >> 52) | UINT64_C(0x4330000000000000);
  const uint64_t mantissa_bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) + sqrt_half;
  double exponent, m;
  memcpy(&exponent, &exponent_bits, sizeof exponent);
  memcpy(&m, &mantissa_bits, sizeof m);
  exponent -= 0x1p52 + 1023;
  const double s = (m - 1) / (m + 1), x = s * s;
  double sum = 1.0 / 19;
  sum = sum * x + 1.0 / 17;
  sum = sum * x + 1.0 / 15;
  sum = sum * x + 1.0 / 13;
  sum = sum * x + 1.0 / 11;
  sum = sum * x + 1.0 / 9;
  sum = sum * x + 1.0 / 7;
  sum = sum * x + 1.0 / 5;
  sum = sum * x + 1.0 / 3;
  return exponent * 0x1.62e42fefa39efp-1 + (2 * s + 2 * s * (x * sum));
}

// Taylor's series for |angle| <= π/4. The omitted terms are below 2^-53 of the sum.
static inline double sine(double angle) {
  const double x = angle * angle;
  double sum = -1.0 / 1307674368000;
  sum = sum * x + 1.0 / 6227020800;
  sum = sum * x - 1.0 / 39916800;
  sum = sum * x + 1.0 / 362880;
  sum = sum * x - 1.0 / 5040;
  sum = sum * x + 1.0 / 120;
  sum = sum * x - 1.0 / 6;
  return angle + angle * (x * sum);
}

static inline double cosine(double angle) {
  const double x = angle * angle;
  double sum = 1.0 / 20922789888000;
  sum = sum * x - 1.0 / 87178291200;
  sum = sum * x + 1.0 / 479001600;
  sum = sum * x - 1.0 / 3628800;
  sum = sum * x + 1.0 / 40320;
  sum = sum * x - 1.0 / 720;
  sum = sum * x + 1.0 / 24;
  return 1 - x * (0.5 - x * sum);
}

// The pair of normal numbers at radius √(-2 log u) and angle 2πv - π/4, for u in (0, 1] and v in [0, 1). The angle is
// reduced to within π/4 of 0, and the result is turned by a right angle for each whole quarter in v.
static inline void box_muller(double u, double v, double *z0, double *z1) {
  const double radius = __builtin_elementwise_sqrt(-2 * log_unit(u));
  const double half = v >= 0.5 ? 0.5 : 0, in_half = v - half;
  const double quarter = in_half >= 0.25 ? 0.25 : 0;
  const double angle = (in_half - quarter - 0.125) * 0x1.921fb54442d18p+2;
  const double c = cosine(angle), s = sine(angle);
  const double signed_radius = half > 0 ? -radius : radius;
  *z0 = signed_radius * (quarter > 0 ? -s : c);
  *z1 = signed_radius * (quarter > 0 ? c : s);
}

// RESOLUTION moves the radius's unit from [0, 1) to (0, 1]. Whole pairs are computed, and the requested part is copied.
#define NORMAL(SUFFIX, T, KIND, PER_BLOCK, UNIT, RESOLUTION)                                             \
  void martlet_normal_##SUFFIX(uint64_t seed, uint32_t stream, uint64_t offset, T mean, T deviation,     \
                               T *out, intptr_t count) {                                                 \
    FOR_EACH_CHUNK(KIND, PER_BLOCK, {                                                                    \
      double z[CHUNK_WORDS / 4 * PER_BLOCK];                                                             \
      for (intptr_t i = 0; i < chunk.blocks * PER_BLOCK; i += 2) {                                       \
        box_muller(UNIT(words, i) + RESOLUTION, UNIT(words, i + 1), &z[i], &z[i + 1]);                   \
      }                                                                                                  \
      for (intptr_t i = 0; i < chunk.take; i++) {                                                        \
        out[done + i] = (T)(mean + deviation * z[chunk.skip + i]);                                       \
      }                                                                                                  \
    })                                                                                                   \
  }

NORMAL(f32, float, KIND_32, 4, unit32, 0x1p-32)
NORMAL(f64, double, KIND_53, 2, unit53, 0x1p-53)

// MARK: Integers

static inline uint64_t word64(const uint32_t *words, intptr_t i) {
  return (uint64_t)words[2 * i + 1] << 32 | words[2 * i];
}

static uint64_t attempt64(uint64_t seed, uint32_t stream, uint64_t position, uint32_t attempt) {
  uint32_t words[4];
  one_block(seed, stream, KIND_64 << 24 | attempt, position / 2, words);
  return word64(words, (intptr_t)(position % 2));
}

uint64_t martlet_bits64(uint64_t seed, uint32_t stream, uint64_t offset) {
  return attempt64(seed, stream, offset, 0);
}

void martlet_integers(uint64_t seed, uint32_t stream, uint64_t offset, int64_t lower, uint64_t span,
                      int64_t *out, intptr_t count) {
  // 2^64 modulo span: products whose low half is below it are rejected, so that every value has equally many products.
  const uint64_t threshold = span == 0 ? 0 : (0 - span) % span;
  FOR_EACH_CHUNK(KIND_64, 2, {
    for (intptr_t i = 0; i < chunk.take; i++) {
      uint64_t bits = word64(words, chunk.skip + i);
      if (span != 0) {
        __uint128_t product = (__uint128_t)bits * span;
        for (uint32_t attempt = 1; (uint64_t)product < threshold; attempt++) {
          product = (__uint128_t)attempt64(seed, stream, offset + (uint64_t)(done + i), attempt) * span;
        }
        bits = (uint64_t)(product >> 64);
      }
      out[done + i] = (int64_t)((uint64_t)lower + bits);
    }
  })
}

// MARK: Rejection

// The words of an attempt, as two numbers in (0, 1) of 53 bits.
typedef struct {
  uint32_t words[4];
  double u, v;
} Attempt;

static Attempt attempt_at(uint64_t seed, uint32_t stream, uint32_t kind, uint64_t position, uint32_t number) {
  Attempt attempt;
  one_block(seed, stream, kind << 24 | number, position, attempt.words);
  attempt.u = unit53(attempt.words, 0) + 0x1p-54;
  attempt.v = unit53(attempt.words, 1) + 0x1p-54;
  return attempt;
}

// The attempt whose number is used for the power of a concentration below 1.
enum { LAST_ATTEMPT = 0xFFFFFF };

// The logarithm of a gamma number. The normal number has 53 random bits for its radius and 32 for its angle, and 32
// decide about the attempt.
static double log_gamma_number(uint64_t seed, uint32_t stream, uint64_t position, double concentration) {
  const double raised = concentration < 1 ? concentration + 1 : concentration;
  const double d = raised - 1.0 / 3, c = 1 / sqrt(9 * d);
  double log_v = 0;
  for (uint32_t number = 0; number < LAST_ATTEMPT; number++) {
    const Attempt attempt = attempt_at(seed, stream, KIND_GAMMA, position, number);
    double z, other;
    box_muller(attempt.u, attempt.words[2] * 0x1p-32, &z, &other);
    const double root = 1 + c * z, v = root * root * root;
    if (v <= 0) continue;
    log_v = 3 * log(root);
    if (log((attempt.words[3] + 0.5) * 0x1p-32) < 0.5 * z * z + d - d * v + d * log_v) break;
  }
  const double y = log(d) + log_v;
  if (concentration >= 1) return y;
  return y + log(attempt_at(seed, stream, KIND_GAMMA, position, LAST_ATTEMPT).u) / concentration;
}

// log(k!) for k ≥ 0, by Stirling's series from 10 on.
static double log_factorial(double k) {
  static const double small[] = {0, 0, 0x1.62e42fefa39efp-1, 0x1.cab0bfa2a2002p+0, 0x1.96ca77c922cf9p+1,
                                 0x1.326643c4479c9p+2, 0x1.a51273acf01cap+2, 0x1.10ce1f32dcc30p+3,
                                 0x1.5358e82fcb70dp+3, 0x1.99a8921a7f7cfp+3};
  if (k < 10) return small[(int)k];
  const double z = 1 / (k * k);
  return (k + 0.5) * log(k) - k + 0.91893853320467274178 + (1.0 / 12 - z * (1.0 / 360 - z / 1260)) / k;
}

// The logarithm of the probability of k, without cancellation for large rates.
static double log_poisson(double k, double rate) {
  if (k < 10) return k * log(rate) - rate - log_factorial(k);
  const double t = (rate - k) / k, z = 1 / (k * k);
  return k * (log1p(t) - t) - 0.5 * log(k) - 0.91893853320467274178 - (1.0 / 12 - z * (1.0 / 360 - z / 1260)) / k;
}

// Inverts the distribution function for small rates; Hörmann's transformed rejection for others.
static double poisson_number(uint64_t seed, uint32_t stream, uint64_t position, double rate) {
  if (rate < 10) {
    const double u = attempt_at(seed, stream, KIND_POISSON, position, 0).u;
    double probability = exp(-rate), sum = probability, k = 0;
    for (; u > sum && k < 128; sum += probability) probability *= rate / ++k;
    return k;
  }
  const double b = 0.931 + 2.53 * sqrt(rate), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), sure = 0.9277 - 3.6224 / (b - 2);
  for (uint32_t number = 0; number < LAST_ATTEMPT; number++) {
    const Attempt attempt = attempt_at(seed, stream, KIND_POISSON, position, number);
    const double u = attempt.u - 0.5, v = attempt.v, us = 0.5 - fabs(u);
    const double k = floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= sure) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v * inverse_alpha / (a / (us * us) + b)) <= log_poisson(k, rate)) return k;
  }
  return rate;
}

#define REJECTION(SUFFIX, T)                                                                             \
  void martlet_gamma_##SUFFIX(uint64_t seed, uint32_t stream, uint64_t offset, const T *concentrations,  \
                              int isLogarithm, T *out, intptr_t count) {                                 \
    for (intptr_t i = 0; i < count; i++) {                                                               \
      const double y = log_gamma_number(seed, stream, offset + (uint64_t)i, concentrations[i]);          \
      out[i] = (T)(isLogarithm ? y : exp(y));                                                            \
    }                                                                                                    \
  }                                                                                                      \
  void martlet_poisson_##SUFFIX(uint64_t seed, uint32_t stream, uint64_t offset, const T *rates, T *out, \
                                intptr_t count) {                                                        \
    for (intptr_t i = 0; i < count; i++)                                                                 \
      out[i] = (T)poisson_number(seed, stream, offset + (uint64_t)i, rates[i]);                          \
  }

REJECTION(f32, float)
REJECTION(f64, double)
