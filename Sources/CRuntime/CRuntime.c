#include "CRuntime.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local MTThread martlet_thread_state;

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void (*leaving)(MTThread *);

static void leave(void *state) {
  MTThread *thread = state;
  free(thread->releases);
  thread->releases = NULL;
  thread->releaseCapacity = 0;
  leaving(thread);
}

static void makeKey(void) { pthread_key_create(&key, leave); }

void martlet_at_thread_exit(void (*leave)(MTThread *)) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  leaving = leave;
  pthread_mutex_unlock(&lock);
  pthread_once(&once, makeKey);
  pthread_setspecific(key, &martlet_thread_state);
}

void martlet_profile_taking(intptr_t bytes) {
  MTThread *thread = martlet_thread();
  if (thread->operationStart == 0) thread->operationStart = martlet_nanoseconds();
  thread->operationBytes += bytes;
}

void martlet_defer_release(void *reference) {
  MTThread *thread = martlet_thread();
  if (thread->releaseCount == thread->releaseCapacity) {
    const intptr_t capacity = thread->releaseCapacity == 0 ? 64 : 2 * thread->releaseCapacity;
    void **grown = realloc(thread->releases, (size_t)capacity * sizeof(void *));
    if (grown == NULL) abort();
    thread->releases = grown;
    thread->releaseCapacity = capacity;
  }
  thread->releases[thread->releaseCount++] = reference;
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

// A frame begins with the caller's frame pointer and the return address. The walk stops where a pointer is
// misaligned, does not grow, or leaps: a frame without one.
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
