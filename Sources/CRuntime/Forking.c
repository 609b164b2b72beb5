#include "Forking.h"

#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t locks[MT_LOCKS] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static void (*_Atomic inChildren)(void);

pthread_mutex_t *martlet_lock(MTLock which) { return &locks[which]; }

void martlet_after_fork(void (*inChild)(void)) { atomic_store(&inChildren, inChild); }

static void hold(void) {
  for (int i = 0; i < MT_LOCKS; i++) pthread_mutex_lock(&locks[i]);
}

static void letGo(void) {
  for (int i = MT_LOCKS - 1; i >= 0; i--) pthread_mutex_unlock(&locks[i]);
}

static void letGoInChild(void) {
  letGo();
  void (*inChild)(void) = atomic_load(&inChildren);
  if (inChild != NULL) inChild();
}

// Runs while there is only one thread, before that thread can have taken a lock.
__attribute__((constructor(101))) static void prepare(void) { pthread_atfork(hold, letGo, letGoInChild); }
