#include "CRuntime.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local MTThread martlet_thread_state;

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
// Atomic, because an ending thread reads it while a beginning thread may write the same value again.
typedef void (*Leaving)(MTThread *);
static _Atomic(Leaving) leaving;

static void leave(void *state) {
  MTThread *thread = state;
  free(thread->releases);
  thread->releases = NULL;
  thread->releaseCapacity = 0;
  free(thread->layers);
  thread->layers = NULL;
  thread->layerCapacity = 0;
  atomic_load(&leaving)(thread);
}

static void makeKey(void) { pthread_key_create(&key, leave); }

void martlet_at_thread_exit(void (*leave)(MTThread *)) {
  atomic_store(&leaving, leave);
  pthread_once(&once, makeKey);
  pthread_setspecific(key, &martlet_thread_state);
}

void martlet_profile_taking(intptr_t bytes) {
  MTThread *thread = martlet_thread();
  if (thread->operationStart == 0) thread->operationStart = martlet_nanoseconds();
  thread->operationBytes += bytes;
}

// Reallocates a list with twice the capacity.
static void *grown(void *list, intptr_t *capacity, intptr_t size) {
  *capacity = *capacity == 0 ? 64 : 2 * *capacity;
  void *larger = realloc(list, (size_t)(*capacity * size));
  if (larger == NULL) abort();
  return larger;
}

void martlet_grow_layers(intptr_t size) {
  MTThread *thread = martlet_thread();
  thread->layers = grown(thread->layers, &thread->layerCapacity, size);
}

void martlet_defer_release(void *reference) {
  MTThread *thread = martlet_thread();
  if (thread->releaseCount == thread->releaseCapacity)
    thread->releases = grown(thread->releases, &thread->releaseCapacity, sizeof(void *));
  thread->releases[thread->releaseCount++] = reference;
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

// A frame begins with the caller's frame pointer and the return address. The walk stops at a pointer that is
// misaligned, does not grow or jumps too far: such a frame has no frame pointer.
__attribute__((noinline, no_sanitize("address", "thread"))) intptr_t martlet_callers(void **addresses, intptr_t capacity) {
  void **frame = __builtin_frame_address(0);
  intptr_t count = 0;
  while (count < capacity) {
    void **next = frame[0];
    if (frame[1] == NULL) break;
    addresses[count++] = frame[1];
    const uintptr_t here = (uintptr_t)frame, there = (uintptr_t)next;
    if (there % sizeof(void *) != 0 || there <= here || there - here > (1 << 20)) break;
    frame = next;
  }
  return count;
}

#else

intptr_t martlet_callers(void **addresses, intptr_t capacity) {
  (void)addresses, (void)capacity;
  return 0;
}

#endif
