#include "CAllocations.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

// The program's own malloc takes precedence over the library's, for every loaded object.
static _Thread_local int64_t allocations;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t bytes) {
  allocations++;
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  allocations++;
  return __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes) {
  allocations++;
  return __libc_realloc(block, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  allocations++;
  *block = __libc_memalign(alignment, bytes);
  return *block == NULL;
}

int64_t martlet_allocations(void) { return allocations; }

#else

int64_t martlet_allocations(void) { return -1; }

#endif
