// One step of an optimizer over a list of parameters, in one pass over their memory. Multiplications and additions
// round separately, in the order in which PyTorch writes them.

#ifndef MT_BODY
#define MT_FAMILY "Update.c"
#include "Clones.h"
#elif MT_FLOATING

// Calls `part` for what lies in from ..< to of each parameter, elements being counted through the list.
#define MT_EACH_PART(part) \
  for (; to > 0; from -= update->count, to -= update->count, update++) { \
    const intptr_t start = from > 0 ? from : 0, end = to < update->count ? to : update->count; \
    if (start < end) part(update, start, end, step); \
  }

// A running mean of gradients that have stopped goes on shrinking: 0 instead of what the CPU is slow with.
static inline T MT_NAME(settled)(T mean) {
  const T least = MT_WIDE ? (T)0x1p-1022 : (T)0x1p-126f;
  return __builtin_elementwise_abs(mean) < least ? 0 : mean;
}

// g += λw; v = μv + (1 − τ)g; w −= η(v, or g + μv with Nesterov).
static void MT_NAME(sgdPart)(const MTUpdate *update, intptr_t start, intptr_t end, MTSGD step) {
  T *w = (T *)update->parameter + start, *v = update->first ? (T *)update->first + start : NULL;
  const T *g = (const T *)update->gradient + start;
  const intptr_t count = end - start;
  const T rate = (T)step.learningRate, decay = (T)step.weightDecay, momentum = (T)step.momentum;
  const T fresh = update->steps ? (T)(1 - step.dampening) : 1, kept = update->steps ? momentum : 0;
  if (v == NULL && decay == 0) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] - rate * g[i];
  } else if (v == NULL) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] - rate * (g[i] + decay * w[i]);
  } else if (step.nesterov) {
    MT_EACH_INDEPENDENT(i, count) {
      const T d = g[i] + decay * w[i];
      v[i] = MT_NAME(settled)(kept * v[i] + fresh * d);
      w[i] = w[i] - rate * (d + momentum * v[i]);
    }
  } else {
    MT_EACH_INDEPENDENT(i, count) {
      v[i] = MT_NAME(settled)(kept * v[i] + fresh * (g[i] + decay * w[i]));
      w[i] = w[i] - rate * v[i];
    }
  }
}

// Kingma & Ba 2015, arXiv:1412.6980: m and u are the running means of the gradient and of its square. The decay is
// added to the gradient, or decoupled (Loshchilov & Hutter 2019, arXiv:1711.05101).
static void MT_NAME(adamPart)(const MTUpdate *update, intptr_t start, intptr_t end, MTAdam step) {
  T *w = (T *)update->parameter + start, *m = (T *)update->first + start, *u = (T *)update->second + start;
  const T *g = (const T *)update->gradient + start;
  const intptr_t count = end - start;
  const T beta1 = (T)step.beta1, beta2 = (T)step.beta2, rest1 = (T)(1 - step.beta1), rest2 = (T)(1 - step.beta2);
  const T rate = (T)(step.learningRate / (1 - pow(step.beta1, (double)update->steps + 1)));
  const T root = (T)sqrt(1 - pow(step.beta2, (double)update->steps + 1));
  const T epsilon = (T)step.epsilon, decay = step.decoupled ? 0 : (T)step.weightDecay;
  const T kept = step.decoupled ? (T)(1 - step.learningRate * step.weightDecay) : 1;
  MT_EACH_INDEPENDENT(i, count) {
    const T d = g[i] + decay * w[i];
    m[i] = MT_NAME(settled)(beta1 * m[i] + rest1 * d);
    u[i] = beta2 * u[i] + rest2 * (d * d);
    w[i] = kept * w[i] - rate * (m[i] / (__builtin_elementwise_sqrt(u[i]) / root + epsilon));
  }
}

static void MT_NAME(sgd)(const MTUpdate *update, intptr_t from, intptr_t to, MTSGD step) {
  MT_EACH_PART(MT_NAME(sgdPart))
}

static void MT_NAME(adam)(const MTUpdate *update, intptr_t from, intptr_t to, MTAdam step) {
  MT_EACH_PART(MT_NAME(adamPart))
}

const MTSGDLoop MT_NAME(martlet_sgd) = MT_NAME(sgd);
const MTAdamLoop MT_NAME(martlet_adam) = MT_NAME(adam);

#endif
