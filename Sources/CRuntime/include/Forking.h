// Locks that a forked process finds free: the thread that holds one in the parent is not there in the child.

#ifndef MARTLET_FORKING_H
#define MARTLET_FORKING_H

#include <pthread.h>

#pragma clang assume_nonnull begin

// The locks of the process, in the order in which a thread may take one while it holds another.
typedef enum __attribute__((enum_extensibility(closed))) MTLock { MTLockWorkspaces, MTLockRandom, MTLockPool } MTLock;

#define MT_LOCKS 3

// A lock that is taken around every fork: what it guards is whole in the child.
pthread_mutex_t *martlet_lock(MTLock which);

// Calls `inChild` in every child, when the locks are free again.
void martlet_after_fork(void (*inChild)(void));

#pragma clang assume_nonnull end

#endif
