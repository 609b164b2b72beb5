#ifndef MARTLET_RANDOM_H
#define MARTLET_RANDOM_H

#include <stdint.h>

// Random numbers without state, from Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
// 1, 2, 3" (2011), DOI 10.1145/2063384.2063405.
//
// Element i of a fill depends only on (seed, stream, offset + i). So a fill has the same bits if it is split at any
// place or runs on several threads. The key is the seed, low word first. The counter of a block is
//
//   (block, low word; block, high word; stream; kind << 24 | attempt)
//
// where kind is 0 for 32-bit elements, four to a block, 1 for doubles of 53 bits and 2 for 64-bit integers, both two to
// a block, and 3 for gamma and 4 for Poisson numbers, one to a block. attempt counts the numbers rejected at that place,
// and is 0 for the first two kinds. Uniform and normal fills
// read the same words, so a caller must advance the offset by the number of elements drawn. `offset + count` must not
// exceed 2^64.

/// Computes ten rounds of Philox4x32 on one counter.
void martlet_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// Fills with uniform numbers in [lower, upper), never equal to upper, from 24 or 53 random bits per element.
///
/// The bounds must be finite, with lower <= upper. Equal bounds give lower.
void martlet_uniform_f32(uint64_t seed, uint32_t stream, uint64_t offset, float lower, float upper,
                         float *out, intptr_t count);
void martlet_uniform_f64(uint64_t seed, uint32_t stream, uint64_t offset, double lower, double upper,
                         double *out, intptr_t count);

/// Fills with normal numbers of the given mean and standard deviation, by the transform of Box and Muller (1958), DOI
/// 10.1214/aoms/1177706645. Elements 2k and 2k + 1 are one pair.
///
/// The numbers are finite for moderate means and deviations: they lie within 6.7 deviations in f32, 8.6 in f64.
void martlet_normal_f32(uint64_t seed, uint32_t stream, uint64_t offset, float mean, float deviation,
                        float *out, intptr_t count);
void martlet_normal_f64(uint64_t seed, uint32_t stream, uint64_t offset, double mean, double deviation,
                        double *out, intptr_t count);

/// Fills with unbiased integers in lower ..< lower + span. A span of 0 stands for all 2^64 values.
///
/// Multiplies and rejects as in Lemire, "Fast random integer generation in an interval" (2019), DOI 10.1145/3230636.
/// lower + span - 1 must fit an int64_t unless span is 0.
void martlet_integers(uint64_t seed, uint32_t stream, uint64_t offset, int64_t lower, uint64_t span,
                      int64_t *out, intptr_t count);

/// Fills with gamma numbers of the given concentrations, which must be finite and above 0, or with their logarithms.
///
/// The method is that of Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), DOI
/// 10.1145/358407.358414, with the power of a uniform number for concentrations below 1. It computes in double,
/// with the C library's logarithm.
void martlet_gamma_f32(uint64_t seed, uint32_t stream, uint64_t offset, const float *concentrations, int isLogarithm,
                       float *out, intptr_t count);
void martlet_gamma_f64(uint64_t seed, uint32_t stream, uint64_t offset, const double *concentrations, int isLogarithm,
                       double *out, intptr_t count);

/// Fills with Poisson numbers of the given rates, which must be finite and at least 0.
///
/// Rates from 10 on are rejected as in Hörmann, "The transformed rejection method for generating Poisson random
/// variables" (1993), DOI 10.1016/0167-6687(93)90997-4.
void martlet_poisson_f32(uint64_t seed, uint32_t stream, uint64_t offset, const float *rates, float *out,
                         intptr_t count);
void martlet_poisson_f64(uint64_t seed, uint32_t stream, uint64_t offset, const double *rates, double *out,
                         intptr_t count);

/// Returns the 64 raw bits from which `martlet_integers` computes the element at this offset.
uint64_t martlet_bits64(uint64_t seed, uint32_t stream, uint64_t offset);

#endif
