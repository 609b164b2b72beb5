// How often the calling thread has asked the system for memory: allocations are counted in tests, not timed.

#ifndef MARTLET_CALLOCATIONS_H
#define MARTLET_CALLOCATIONS_H

#include <stdint.h>

// −1 where they cannot be counted: off glibc, and under a sanitizer, which has an allocator of its own.
int64_t martlet_allocations(void);

#endif
