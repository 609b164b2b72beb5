// The most floating-point operations that a core does: multiply-adds on registers alone.
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
