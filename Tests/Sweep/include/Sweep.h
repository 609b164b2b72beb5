// Compares the loops of elementary functions with the C library's functions in a wider type.

#ifndef MARTLET_SWEEP_H
#define MARTLET_SWEEP_H

#include <CKernels.h>

// The largest error found, in units of the last place of the true value, and its argument.
//
// Below 0, the unit is that of the larger of the value and x for gelu, and of the value, log Γ(1 − x) and 1 for
// logGamma.
typedef struct {
  double error, at;
} MTWorst;

// Tests every step-th float, by its bits.
MTWorst martlet_sweep_f32(MTUnary function, uint32_t step);

// Tests doubles: `count` each over all exponents, in ranges where functions are not flat, next to multiples of π/2 and
// next to powers of two.
MTWorst martlet_sweep_f64(MTUnary function, intptr_t count);

// Returns 1 if this machine has a type wide enough to judge doubles, else 0.
int martlet_sweep_judges_f64(void);

#endif
