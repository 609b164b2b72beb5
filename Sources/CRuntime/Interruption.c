// For sigaction under a strict C standard.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "Interruption.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int interruption;

static void note(int signal) { atomic_store(&interruption, signal); }

void martlet_catch_interruptions(void) {
  atomic_store(&interruption, 0);
  const int signals[] = {SIGINT, SIGTERM};
  for (int i = 0; i < 2; i++) {
    struct sigaction action;
    if (sigaction(signals[i], NULL, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    // SA_RESETHAND brings back the default, which ends the program, for the second signal.
    action.sa_handler = note;
    action.sa_flags = SA_RESTART | SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(signals[i], &action, NULL);
  }
}

int martlet_interruption(void) { return atomic_load(&interruption); }
