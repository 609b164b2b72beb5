// How far the loops of elementary functions lie from the C library's functions in a wider type.

#ifndef MARTLET_SWEEP_H
#define MARTLET_SWEEP_H

#include <CKernels.h>

// The largest error found, in units of the last place of the true value, and the argument of it.
//
// gelu's is measured below 0 in units of the larger of the value and x.
typedef struct {
  double error, at;
} MTWorst;

// Over every step-th float, by its bits.
MTWorst martlet_sweep_f32(MTUnary function, uint32_t step);

// Over doubles: `count` each of all exponents, of ranges where functions are not flat, and next to multiples of π/2
// and to powers of two.
MTWorst martlet_sweep_f64(MTUnary function, intptr_t count);

// Whether this machine has a type wide enough to judge doubles by.
int martlet_sweep_judges_f64(void);

#endif
