#include "CRuntime.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#define MOST_WORKERS 255
// The time that a worker waits for the next job, or a caller for the last piece, before it sleeps.
#define WAIT_NANOSECONDS 100000

// The number of the job (upper half) and the number of its pieces that are not yet taken (lower half). A piece is taken
// by exchanging the whole value, so that a late thread cannot take a piece of the next job by mistake.
static _Atomic(uint64_t) ticket;
static void (*jobBody)(void *, intptr_t);
static void *jobContext;
static intptr_t jobPieces;
static _Atomic(intptr_t) unfinished;

static atomic_flag isBusy = ATOMIC_FLAG_INIT;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t workCame = PTHREAD_COND_INITIALIZER, workEnded = PTHREAD_COND_INITIALIZER;
static _Atomic(int) sleepers, callerSleeps;
static int workers;  // read and written only by the thread that holds isBusy

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static inline uint32_t untaken(void) { return (uint32_t)atomic_load(&ticket); }

// Takes pieces and runs them until none is left.
static void work(void) {
  uint64_t seen = atomic_load(&ticket);
  while ((uint32_t)seen > 0) {
    if (!atomic_compare_exchange_weak(&ticket, &seen, seen - 1)) continue;
    jobBody(jobContext, jobPieces - (intptr_t)(uint32_t)seen);
    if (atomic_fetch_sub(&unfinished, 1) == 1 && atomic_load(&callerSleeps)) {
      pthread_mutex_lock(&lock);
      pthread_cond_signal(&workEnded);
      pthread_mutex_unlock(&lock);
    }
    seen = atomic_load(&ticket);
  }
}

// Waits until there is work, and yields to other threads meanwhile. Returns 0 when it is time to sleep.
static int awaitWork(void) {
  const int64_t end = martlet_nanoseconds() + WAIT_NANOSECONDS;
  do {
    for (int i = 0; i < 32; i++) {
      if (untaken() > 0) return 1;
      relax();
    }
    sched_yield();
  } while (martlet_nanoseconds() < end);
  return 0;
}

static void *labour(void *unused) {
  martlet_thread()->threadLimit = 1;
  for (;;) {
    work();
    if (awaitWork()) continue;
    pthread_mutex_lock(&lock);
    atomic_fetch_add(&sleepers, 1);
    while (untaken() == 0) pthread_cond_wait(&workCame, &lock);
    atomic_fetch_sub(&sleepers, 1);
    pthread_mutex_unlock(&lock);
  }
  return unused;
}

// A forked process has only the thread that forked.
static void startAnew(void) {
  workers = 0;
  ticket = 0;
  sleepers = callerSleeps = 0;
  atomic_flag_clear(&isBusy);
  pthread_mutex_init(&lock, NULL);
  pthread_cond_init(&workCame, NULL);
  pthread_cond_init(&workEnded, NULL);
}

// Starts the missing workers. They block all signals, so that signals reach the program's own threads.
static void hire(int wanted) {
  static int isPrepared;
  if (!isPrepared) isPrepared = pthread_atfork(NULL, NULL, startAnew) == 0;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (pthread_t thread; workers < wanted && pthread_create(&thread, NULL, labour, NULL) == 0; workers++)
    pthread_detach(thread);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// Hands a job to the workers, and wakes those that sleep.
static void begin(intptr_t pieces, void (*body)(void *, intptr_t), void *context) {
  const int helpers = pieces > MOST_WORKERS ? MOST_WORKERS : (int)pieces - 1;
  if (workers < helpers) hire(helpers);
  jobBody = body;
  jobContext = context;
  jobPieces = pieces;
  atomic_store(&unfinished, pieces);
  atomic_store(&ticket, ((atomic_load(&ticket) >> 32) + 1) << 32 | (uint64_t)pieces);
  if (atomic_load(&sleepers) == 0) return;
  // A worker that has just found no work is waiting once the lock is free, so it gets the signal.
  pthread_mutex_lock(&lock);
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < helpers; i++) pthread_cond_signal(&workCame);
}

// Waits for the pieces that workers have taken. Sleeps if they take long.
static void awaitEnd(void) {
  const int64_t end = martlet_nanoseconds() + WAIT_NANOSECONDS;
  do {
    for (int i = 0; i < 64; i++) {
      if (atomic_load(&unfinished) == 0) return;
      relax();
    }
  } while (martlet_nanoseconds() < end);
  pthread_mutex_lock(&lock);
  atomic_store(&callerSleeps, 1);
  while (atomic_load(&unfinished) > 0) pthread_cond_wait(&workEnded, &lock);
  atomic_store(&callerSleeps, 0);
  pthread_mutex_unlock(&lock);
}

void martlet_run_pieces(intptr_t pieces, void (*body)(void *, intptr_t), void *context) {
  MTThread *thread = martlet_thread();
  const intptr_t limit = thread->threadLimit;
  if (pieces < 2 || limit == 1 || atomic_flag_test_and_set(&isBusy)) {
    for (intptr_t piece = 0; piece < pieces; piece++) body(context, piece);
    return;
  }
  begin(pieces, body, context);
  thread->threadLimit = 1;
  work();
  thread->threadLimit = limit;
  awaitEnd();
  atomic_flag_clear(&isBusy);
}
