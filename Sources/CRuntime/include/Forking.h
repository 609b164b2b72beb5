// Locks that are free in a forked process, although the parent's thread that held one does not exist in the child.

#ifndef MARTLET_FORKING_H
#define MARTLET_FORKING_H

#include <pthread.h>

#pragma clang assume_nonnull begin

// The locks of the process. A thread that holds one may only take a later one.
typedef enum __attribute__((enum_extensibility(closed))) MTLock {
  MTLockWorkspaces,
  MTLockRandom,
  MTLockFourier,
  MTLockPool,
} MTLock;

#define MT_LOCKS 4

// A lock that is taken around every fork, so that the data it protects is consistent in the child.
pthread_mutex_t *martlet_lock(MTLock which);

// Calls `inChild` in every child process, once the locks are free again.
void martlet_after_fork(void (*inChild)(void));

#pragma clang assume_nonnull end

#endif
