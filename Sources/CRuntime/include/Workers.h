// A pool of threads for loops that are split. It is created when first needed and runs one job at a time.

#ifndef MARTLET_WORKERS_H
#define MARTLET_WORKERS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Calls `body` once for each of 0, 1, … pieces - 1, on at most as many threads, one of which is the caller. Returns
// when all calls have returned. Runs on the caller alone if it is called from within a piece, or while another thread's
// job runs. While a thread runs a piece, its `threadLimit` is 1.
void martlet_run_pieces(intptr_t pieces, void (*body)(void *context, intptr_t piece), void *context);

#pragma clang assume_nonnull end

#endif
