// A pool of threads for loops that are split: made when first needed, one job at a time.

#ifndef MARTLET_WORKERS_H
#define MARTLET_WORKERS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Calls `body` with 0, 1, … pieces - 1, each once, on up to as many threads, of which the caller is one; all are done
// when this returns. On the caller alone when it is called from within a piece, and while another thread's job runs.
// While a thread runs a piece, its `threadLimit` is 1.
void martlet_run_pieces(intptr_t pieces, void (*body)(void *context, intptr_t piece), void *context);

#pragma clang assume_nonnull end

#endif
