// The number of times that the calling thread has asked the system for memory. Tests count allocations instead of
// timing.

#ifndef MARTLET_CALLOCATIONS_H
#define MARTLET_CALLOCATIONS_H

#include <stdint.h>

// Returns −1 if allocations cannot be counted: without glibc, and under a sanitizer, which has an allocator of its own.
int64_t martlet_allocations(void);

#endif
