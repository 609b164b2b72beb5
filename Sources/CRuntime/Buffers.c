// OpenBLAS maps a buffer for each thread that runs a product, when the thread first needs it. If the system refuses the
// memory, OpenBLAS repeats the request for ever. So the buffers are mapped before the first product, each after a trial
// mapping of the same size.

#include "CRuntime.h"

#if defined(__linux__)

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>

#define MOST_BUFFERS 64

intptr_t martlet_reserve_buffers(intptr_t count) {
  // The functions are looked up by name because other BLAS libraries do not have them.
  void *(*take)(int) = (void *(*)(int))dlsym(RTLD_DEFAULT, "blas_memory_alloc");
  void (*give)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, "blas_memory_free");
  if (take == NULL || give == NULL) return count;
  void *buffers[MOST_BUFFERS];
  const intptr_t most = count > MOST_BUFFERS ? MOST_BUFFERS : count;
  intptr_t taken = 0;
  const size_t bytes = MT_BUFFER_BYTES + 65536;
  for (; taken < most; taken++) {
    void *trial = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (trial == MAP_FAILED) break;
    munmap(trial, bytes);
    buffers[taken] = take(0);
  }
  for (intptr_t i = 0; i < taken; i++) give(buffers[i]);
  return taken == most ? count : taken;
}

#else

intptr_t martlet_reserve_buffers(intptr_t count) { return count; }

#endif
