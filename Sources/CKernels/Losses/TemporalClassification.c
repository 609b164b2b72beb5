// Connectionist temporal classification (Graves et al. 2006, DOI 10.1145/1143844.1143891): the likelihood of a sequence
// of labels under scores for each step, summed over all alignments with blanks between labels.
//
// L labels have 2L + 1 states: the labels, with a blank before, between and after them. Sums of probabilities are kept
// as logarithms, in double.

#ifndef MT_BODY
#define MT_FAMILY "Losses/TemporalClassification.c"
#include "../Clones.h"
#elif MT_FLOATING

// log(exp(a) + exp(b)).
static double MT_NAME(logAdd)(double a, double b) {
  const double most = a > b ? a : b, least = a > b ? b : a;
  return most == -INFINITY ? most : most + log1p(exp(least - most));
}

#define MT_LABEL(state) ((state) % 2 ? labels[(state) / 2] : blank)
// True if a state can be reached from the state two before it: the blank between two different labels may be skipped.
#define MT_SKIPS(state) ((state) % 2 && (state) > 1 && labels[(state) / 2] != labels[(state) / 2 - 1])

// Returns the log-likelihood of the labels from the scores x [steps, classes] of one sequence; steps are `stride`
// elements apart. `forward` [steps, states] receives the log-likelihoods of the label prefixes.
static double MT_NAME(temporal)(const void *xv, intptr_t stride, intptr_t steps, const int64_t *labels, intptr_t count,
                                int64_t blank, double *forward) {
  const T *x = xv;
  const intptr_t states = 2 * count + 1;
  if (steps == 0) return count == 0 ? 0 : -INFINITY;
  MT_EACH(s, states) forward[s] = s < 2 ? (double)x[MT_LABEL(s)] : -INFINITY;
  for (intptr_t t = 1; t < steps; t++) {
    const double *before = forward + (t - 1) * states;
    double *now = forward + t * states;
    MT_EACH(s, states) {
      double sum = before[s];
      if (s > 0) sum = MT_NAME(logAdd)(sum, before[s - 1]);
      if (MT_SKIPS(s)) sum = MT_NAME(logAdd)(sum, before[s - 2]);
      now[s] = sum + (double)x[t * stride + MT_LABEL(s)];
    }
  }
  const double *last = forward + (steps - 1) * states;
  return states > 1 ? MT_NAME(logAdd)(last[states - 1], last[states - 2]) : last[0];
}

// Adds g times the gradient of the negative log-likelihood to dx. The gradient is minus the share of the alignments
// that pass through each label at each step. `backward` is scratch space for 2 · states elements.
static void MT_NAME(temporalGradient)(const void *xv, void *dxv, intptr_t stride, intptr_t steps, const int64_t *labels,
                                      intptr_t count, int64_t blank, const double *forward, double *backward,
                                      double likelihood, double g) {
  const T *x = xv;
  T *dx = dxv;
  const intptr_t states = 2 * count + 1;
  if (likelihood == -INFINITY || steps == 0) return;
  double *now = backward, *after = backward + states;
  MT_EACH(s, states) now[s] = s >= states - 2 ? 0 : -INFINITY;
  for (intptr_t t = steps - 1; t >= 0; t--) {
    if (t < steps - 1) {
      double *const kept = after;
      after = now;
      now = kept;
      const T *next = x + (t + 1) * stride;
      MT_EACH(s, states) {
        double sum = after[s] + (double)next[MT_LABEL(s)];
        if (s + 1 < states) sum = MT_NAME(logAdd)(sum, after[s + 1] + (double)next[MT_LABEL(s + 1)]);
        if (s + 2 < states && MT_SKIPS(s + 2))
          sum = MT_NAME(logAdd)(sum, after[s + 2] + (double)next[MT_LABEL(s + 2)]);
        now[s] = sum;
      }
    }
    MT_EACH(s, states) {
      const double share = exp(forward[t * states + s] + now[s] - likelihood);
      dx[t * stride + MT_LABEL(s)] -= (T)(g * share);
    }
  }
}

const MTTemporalLoops MT_NAME(martlet_temporal) = {MT_NAME(temporal), MT_NAME(temporalGradient)};

#undef MT_LABEL
#undef MT_SKIPS
#endif
