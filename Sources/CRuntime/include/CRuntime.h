// Parts of the runtime that need C: state of a thread that costs one load to read, the references to a block of memory,
// and the frames of the callers.

#ifndef MARTLET_CRUNTIME_H
#define MARTLET_CRUNTIME_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "Forking.h"
#include "Interruption.h"
#include "SourceLines.h"
#include "Terminal.h"
#include "Workers.h"

#define MT_SIZE_CLASSES 160

#pragma clang assume_nonnull begin

typedef struct MTThread {
  intptr_t unrecorded;      // depth of noGrad
  intptr_t observers;       // the number of scopes with a profiler or an observer of nodes
  intptr_t evaluating;      // depth of scopes in which every layer is in evaluation
  intptr_t standIns;        // depth of scopes in which tensors have stand-ins
  intptr_t naiveProducts;   // not 0 if products run without BLAS
  intptr_t threadLimit;     // the most threads that share this one's work; 0 for no limit
  intptr_t isKnown;         // not 0 if the pool has seen this thread
  intptr_t blasCalls, copies;  // counts for the tests
  intptr_t multiplyAdds;       // in products of matrices and convolutions
  // The layers whose outputs are being computed; each was called by the one before it.
  void *_Nullable layers;
  intptr_t layerCount, layerCapacity, isDescribing;
  void *_Nullable profiler;    // the profiler that records this thread's operations, or null
  int64_t operationStart;      // the time of the current operation's first allocation, or 0 if there was none
  intptr_t operationBytes;     // the bytes allocated for the current operation
  // Free blocks of this thread, a list per size class. The first word of a block points to the next.
  void *_Nullable blocks[MT_SIZE_CLASSES];
  intptr_t cachedBytes;
  _Atomic(intptr_t) pendingBytes;  // taken minus freed since the last report to the pool; only this thread writes it
  struct MTThread *_Nullable next, *_Nullable previous;
  // References that are released one after the other, so that releases do not nest.
  void *_Nullable *_Nullable releases;
  intptr_t releaseCount, releaseCapacity, isReleasing;
  void *_Nullable nodeObserver;  // the observer of this thread's new nodes, or null
} MTThread;

extern _Thread_local MTThread martlet_thread_state;

static inline MTThread *martlet_thread(void) { return &martlet_thread_state; }

// Reads a clock that is never set.
static inline int64_t martlet_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Counts memory that is about to be allocated for the current operation.
void martlet_profile_taking(intptr_t bytes);

static inline intptr_t martlet_pending(MTThread *thread) {
  return atomic_load_explicit(&thread->pendingBytes, memory_order_relaxed);
}
static inline void martlet_set_pending(MTThread *thread, intptr_t bytes) {
  atomic_store_explicit(&thread->pendingBytes, bytes, memory_order_relaxed);
}

// The header of a block, in the cache line before its memory. Any thread may release a block.
typedef struct MTBlock {
  _Atomic(intptr_t) references;
  intptr_t version;  // grows with every change in place
  intptr_t sizeClass;
} MTBlock;

#define MT_BLOCK_HEAD 64

static inline MTBlock *martlet_block(void *memory) { return (MTBlock *)((char *)memory - MT_BLOCK_HEAD); }

static inline void martlet_begin_block(void *memory, intptr_t sizeClass) {
  MTBlock *block = martlet_block(memory);
  atomic_init(&block->references, 1);
  block->version = 0;
  block->sizeClass = sizeClass;
}

static inline void martlet_retain_block(void *memory) {
  atomic_fetch_add_explicit(&martlet_block(memory)->references, 1, memory_order_relaxed);
}

// True if there is no other reference. Then no other thread can add one meanwhile.
static inline int martlet_is_unique_block(void *memory) {
  return atomic_load_explicit(&martlet_block(memory)->references, memory_order_acquire) == 1;
}

// Releases a reference. True if it was the last one.
static inline int martlet_release_block(void *memory) {
  return martlet_is_unique_block(memory) ||
         atomic_fetch_sub_explicit(&martlet_block(memory)->references, 1, memory_order_acq_rel) == 1;
}

// Calls `leave` with this thread's state when the thread ends.
void martlet_at_thread_exit(void (*leave)(MTThread *));

// Makes room for more layers, of `size` bytes each.
void martlet_grow_layers(intptr_t size);

// Appends a reference to this thread's list of releases.
void martlet_defer_release(void *reference);

// Starts releasing the references of the list. Returns 0 if an outer release already does so.
static inline int martlet_begin_releases(void) {
  MTThread *thread = martlet_thread();
  if (thread->isReleasing) return 0;
  thread->isReleasing = 1;
  return 1;
}

// The next reference to release, or null after the last one, which also ends the work on the list.
static inline void *_Nullable martlet_next_release(void) {
  MTThread *thread = martlet_thread();
  if (thread->releaseCount > 0) return thread->releases[--thread->releaseCount];
  thread->isReleasing = 0;
  return NULL;
}

// OpenBLAS's buffers take 128 MB of addresses on x86-64, and less elsewhere.
#define MT_BUFFER_BYTES 134217728

// Makes OpenBLAS map buffers for `count` threads. Returns the number that the system granted.
intptr_t martlet_reserve_buffers(intptr_t count);

// Writes the return addresses of the callers, innermost first, and returns their number: 0 if frames cannot be walked.
intptr_t martlet_callers(void *_Nullable *_Nonnull addresses, intptr_t capacity);

#pragma clang assume_nonnull end

#endif
