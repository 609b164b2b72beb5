// The most that a core does: multiply-adds on registers alone, and plain traffic with memory.
#pragma once

/// Works through `rounds` of independent multiply-adds and returns how many operations they were.
typedef double (*PeakLoop)(long rounds);

/// An instruction set and its loops.
typedef struct {
  const char *name;
  PeakLoop f32, f64;
} PeakSet;

/// Fills `sets`, which has room for four, with the sets that this CPU has, the widest last; returns their number.
int peak_sets(PeakSet *sets);

/// a = b, as STREAM's copy: 8 bytes an element, stored around the caches. Aligned to 16 bytes, a multiple of 4 elements.
void peak_copy(float *a, const float *b, long count);

/// a = b + factor · c, as STREAM's triad: 12 bytes an element, stored likewise.
void peak_triad(float *a, const float *b, const float *c, float factor, long count);

/// The sum of a: 4 bytes an element, read and nothing stored. Aligned likewise, a multiple of 64 elements.
double peak_read(const float *a, long count);
