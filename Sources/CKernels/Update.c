// One step of an optimizer over one parameter, in one pass over its memory. Multiplications and additions
// round separately, in the order in which PyTorch writes them.

#ifndef MT_BODY
#define MT_FAMILY "Update.c"
#include "Clones.h"
#elif MT_FLOATING

// g += λw; v = μv + (1 − τ)g; w −= η(v, or g + μv with Nesterov).
static void MT_NAME(sgd)(void *parameter, const void *gradient, void *velocity, intptr_t count, MTSGD step) {
  T *w = parameter, *v = velocity;
  const T *g = gradient;
  const T rate = (T)step.learningRate, decay = (T)step.weightDecay, momentum = (T)step.momentum;
  const T fresh = step.first ? 1 : (T)(1 - step.dampening), kept = step.first ? 0 : momentum;
  if (v == NULL && decay == 0) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] - rate * g[i];
  } else if (v == NULL) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] - rate * (g[i] + decay * w[i]);
  } else if (step.nesterov) {
    MT_EACH_INDEPENDENT(i, count) {
      const T d = g[i] + decay * w[i];
      v[i] = kept * v[i] + fresh * d;
      w[i] = w[i] - rate * (d + momentum * v[i]);
    }
  } else {
    MT_EACH_INDEPENDENT(i, count) {
      v[i] = kept * v[i] + fresh * (g[i] + decay * w[i]);
      w[i] = w[i] - rate * v[i];
    }
  }
}

// Kingma & Ba 2015, arXiv:1412.6980: m and u are the running means of the gradient and of its square. The decay is
// added to the gradient, or decoupled (Loshchilov & Hutter 2019, arXiv:1711.05101).
static void MT_NAME(adam)(void *parameter, const void *gradient, void *first, void *second, intptr_t count,
                          MTAdam step) {
  T *w = parameter, *m = first, *u = second;
  const T *g = gradient;
  const T beta1 = (T)step.beta1, beta2 = (T)step.beta2, rest1 = (T)(1 - step.beta1), rest2 = (T)(1 - step.beta2);
  const T rate = (T)(step.learningRate / step.correction1), root = (T)sqrt(step.correction2);
  const T epsilon = (T)step.epsilon, decay = step.decoupled ? 0 : (T)step.weightDecay;
  const T kept = step.decoupled ? (T)(1 - step.learningRate * step.weightDecay) : 1;
  MT_EACH_INDEPENDENT(i, count) {
    const T d = g[i] + decay * w[i];
    m[i] = beta1 * m[i] + rest1 * d;
    u[i] = beta2 * u[i] + rest2 * (d * d);
    w[i] = kept * w[i] - rate * (m[i] / (__builtin_elementwise_sqrt(u[i]) / root + epsilon));
  }
}

const MTSGDLoop MT_NAME(martlet_sgd) = MT_NAME(sgd);
const MTAdamLoop MT_NAME(martlet_adam) = MT_NAME(adam);

#endif
