// One step of an optimizer over a list of parameters, in one pass over memory. Multiplications and additions round
// separately, in PyTorch's order.

#ifndef MT_BODY
#define MT_FAMILY "Elementwise/Updates.c"
#include <math.h>

#include "CKernels.h"

double martlet_nadam_momentum(MTSettings settings, double step) {
  return settings.beta1 * (1 - 0.5 * pow(0.96, step * settings.rateDecay));
}

#include "../Clones.h"
#elif MT_FLOATING

// A running mean decays to subnormal numbers when its gradients become 0. It is set to 0, because the CPU is slow with
// subnormals. Means of squares are unchanged, since they divide.
static inline T MT_NAME(settled)(T mean) {
  const T least = MT_WIDE ? (T)0x1p-1022 : (T)0x1p-126f;
  return __builtin_elementwise_abs(mean) < least ? 0 : mean;
}

// A variance that rounding has made negative becomes 0.
static inline T MT_NAME(aboveZero)(T variance) { return variance < 0 ? 0 : variance; }

#define MT_LARGEST (MT_WIDE ? (T)0x1.fffffffffffffp1023 : (T)0x1.fffffep127f)
static inline T MT_NAME(within)(T x, T most) { return x > most ? most : x < -most ? -most : x; }

// A square that overflows would make its mean infinite, and the parameter would never change again. The mean becomes
// the largest finite number instead. An infinite gradient still propagates.
static inline int MT_NAME(overflowed)(T *mean, T slope) {
  if (*mean != (T)INFINITY || !(__builtin_elementwise_abs(slope) < (T)INFINITY)) return 0;
  *mean = MT_LARGEST;
  return 1;
}

// Declares the memory of a part and the values that every rule uses. MT_SLOPE(i) is the gradient plus the weight decay
// that is added to it. `kept` is the factor by which a decoupled weight decay shrinks the parameter.
#define MT_PART \
  const MTSettings step = update->settings; \
  T *const w = (T *)update->parameter + start; \
  const T *const g = (const T *)update->gradient + start; \
  const intptr_t count = end - start; \
  const double number = (double)update->steps + 1; \
  const T sign = step.maximize ? -1 : 1, decay = step.decoupled ? 0 : (T)step.weightDecay; \
  const T kept = step.decoupled ? (T)(1 - step.learningRate * step.weightDecay) : 1; \
  (void)g, (void)number, (void)sign, (void)decay, (void)kept;
#define MT_SLOPE(i) (sign * g[i] + decay * w[i])
#define MT_KEPT(name) T *const name##s = update->name ? (T *)update->name + start : NULL;
#define MT_SQRT(x) __builtin_elementwise_sqrt(x)
// Loops that compute squares also sum them, so that one comparison tells whether any is infinite. Only then does
// MT_EACH_OVERFLOW search for it and redo its step, which had divided by infinity. The step is limited to `fitting`,
// the largest gradient whose square times its share does not overflow.
#define MT_SQUARES(share) \
  T squares = 0; \
  const T fitting = (T)(sqrt((double)MT_LARGEST) / sqrt(share));
#define MT_ADD_SQUARE(x) { _Pragma("clang fp reassociate(on)") squares += x; }
#define MT_EACH_OVERFLOW(i, u) \
  if (!(squares < (T)INFINITY)) MT_EACH(i, count) if (MT_NAME(overflowed)(&u[i], MT_SLOPE(i)))

// SGD: v = μv + (1 − τ)g; w −= η(v, or g + μv with Nesterov).
static void MT_NAME(sgdPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first)
  T *const v = firsts;
  const T rate = (T)step.learningRate, momentum = (T)step.momentum;
  const T fresh = update->steps ? (T)(1 - step.dampening) : 1, old = update->steps ? momentum : 0;
  if (v == NULL && decay == 0) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] - rate * (sign * g[i]);
  } else if (v == NULL) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] - rate * MT_SLOPE(i);
  } else if (step.nesterov) {
    MT_EACH_INDEPENDENT(i, count) {
      const T d = MT_SLOPE(i);
      v[i] = MT_NAME(settled)(old * v[i] + fresh * d);
      w[i] = w[i] - rate * (d + momentum * v[i]);
    }
  } else {
    MT_EACH_INDEPENDENT(i, count) {
      v[i] = MT_NAME(settled)(old * v[i] + fresh * MT_SLOPE(i));
      w[i] = w[i] - rate * v[i];
    }
  }
}

#define MT_MOMENTS \
  MT_PART MT_KEPT(first) MT_KEPT(second) \
  T *const m = firsts, *const u = seconds; \
  const T beta1 = (T)step.beta1, beta2 = (T)step.beta2, epsilon = (T)step.epsilon; \
  const T rest1 = (T)(1 - step.beta1), rest2 = (T)(1 - step.beta2); \
  const double unbiased1 = 1 - pow(step.beta1, number), unbiased2 = 1 - pow(step.beta2, number); \
  MT_SQUARES(1 - step.beta2)
#define MT_NEXT_MOMENTS(i, d) \
  m[i] = MT_NAME(settled)(beta1 * m[i] + rest1 * d); \
  u[i] = beta2 * u[i] + rest2 * d * d; \
  MT_ADD_SQUARE(u[i])
#define MT_BOUND_MOMENT(i) m[i] = MT_NAME(within)(m[i], rest1 *fitting);

// Adam (Kingma & Ba 2015, arXiv:1412.6980). m and u are the running means of the gradient and of its square. The third
// state, if kept, is the largest u so far (Reddi, Kale & Kumar 2018, arXiv:1904.09237).
static void MT_NAME(adamPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_MOMENTS MT_KEPT(third)
  const T rate = (T)(step.learningRate / unbiased1), root = (T)sqrt(unbiased2);
  if (thirds == NULL) {
    MT_EACH_INDEPENDENT(i, count) {
      const T d = MT_SLOPE(i);
      MT_NEXT_MOMENTS(i, d)
      w[i] = kept * w[i] - rate * (m[i] / (MT_SQRT(u[i]) / root + epsilon));
    }
    MT_EACH_OVERFLOW(i, u) {
      MT_BOUND_MOMENT(i)
      w[i] = w[i] - rate * (m[i] / (MT_SQRT(u[i]) / root + epsilon));
    }
  } else {
    MT_EACH_INDEPENDENT(i, count) {
      const T d = MT_SLOPE(i);
      MT_NEXT_MOMENTS(i, d)
      // A NaN is kept.
      thirds[i] = thirds[i] >= u[i] || thirds[i] != thirds[i] ? thirds[i] : u[i];
      w[i] = kept * w[i] - rate * (m[i] / (MT_SQRT(thirds[i]) / root + epsilon));
    }
    MT_EACH_OVERFLOW(i, u) {
      MT_BOUND_MOMENT(i)
      thirds[i] = u[i];
      w[i] = w[i] - rate * (m[i] / (MT_SQRT(thirds[i]) / root + epsilon));
    }
  }
}

// RMSProp (Hinton). u is the running mean of squares. The second state, if kept, is the running mean of gradients,
// whose square is subtracted from u. The third is the velocity.
static void MT_NAME(rmsPropPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first) MT_KEPT(second) MT_KEPT(third)
  T *const u = firsts, *const mean = seconds, *const v = thirds;
  const T alpha = (T)step.beta2, rest = (T)(1 - step.beta2), epsilon = (T)step.epsilon;
  const T rate = (T)step.learningRate, momentum = (T)step.momentum;
  MT_SQUARES(1 - step.beta2)
  // The pointers are tested outside the loops.
#define MT_RMSPROP(variance, change) \
  MT_EACH_INDEPENDENT(i, count) { \
    const T d = MT_SLOPE(i); \
    u[i] = alpha * u[i] + rest * d * d; \
    MT_ADD_SQUARE(u[i]) \
    const T square = variance; \
    const T e = d / (MT_SQRT(square) + epsilon); \
    w[i] = w[i] - rate * change; \
  }
#define MT_CENTERED \
  (mean[i] = MT_NAME(settled)(alpha * mean[i] + rest * d), MT_NAME(aboveZero)(u[i] - mean[i] * mean[i]))
#define MT_VELOCITY (v[i] = MT_NAME(settled)(momentum * v[i] + e))
  if (mean == NULL && v == NULL) MT_RMSPROP(u[i], e)
  else if (mean == NULL) MT_RMSPROP(u[i], MT_VELOCITY)
  else if (v == NULL) MT_RMSPROP(MT_CENTERED, e)
  else MT_RMSPROP(MT_CENTERED, MT_VELOCITY)
  MT_EACH_OVERFLOW(i, u) {
    T square = u[i];
    if (mean) {
      mean[i] = MT_NAME(within)(mean[i], rest * fitting);
      square -= mean[i] * mean[i];
    }
    const T e = MT_NAME(within)(MT_SLOPE(i), fitting) / (MT_SQRT(square) + epsilon);
    if (v) v[i] += e;
    w[i] = w[i] - rate * e;
  }
#undef MT_RMSPROP
#undef MT_CENTERED
#undef MT_VELOCITY
}

// Adagrad (Duchi, Hazan & Singer 2011). The first state is the sum of squares.
static void MT_NAME(adagradPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first)
  const T rate = (T)(step.learningRate / (1 + (number - 1) * step.rateDecay)), epsilon = (T)step.epsilon;
  MT_SQUARES(1)
  MT_EACH_INDEPENDENT(i, count) {
    const T d = MT_SLOPE(i);
    firsts[i] = firsts[i] + d * d;
    MT_ADD_SQUARE(firsts[i])
    w[i] = w[i] - rate * (d / (MT_SQRT(firsts[i]) + epsilon));
  }
  MT_EACH_OVERFLOW(i, firsts) {
    w[i] = w[i] - rate * (MT_NAME(within)(MT_SLOPE(i), fitting) / (MT_SQRT(firsts[i]) + epsilon));
  }
}

// Adadelta (Zeiler 2012, arXiv:1212.5701). The states are running means of the squares of gradients and of changes.
static void MT_NAME(adadeltaPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first) MT_KEPT(second)
  T *const u = firsts, *const changes = seconds;
  const T rho = (T)step.beta2, rest = (T)(1 - step.beta2), rate = (T)step.learningRate, epsilon = (T)step.epsilon;
  MT_SQUARES(1 - step.beta2)
  MT_EACH_INDEPENDENT(i, count) {
    const T d = MT_SLOPE(i);
    u[i] = rho * u[i] + rest * d * d;
    MT_ADD_SQUARE(u[i])
    const T change = MT_SQRT(changes[i] + epsilon) / MT_SQRT(u[i] + epsilon) * d;
    changes[i] = rho * changes[i] + rest * change * change;
    w[i] = w[i] - rate * change;
  }
  MT_EACH_OVERFLOW(i, u) {
    const T before = rho > 0 ? changes[i] / rho : 0;
    const T change = MT_SQRT(before + epsilon) / MT_SQRT(u[i]) * MT_NAME(within)(MT_SLOPE(i), fitting);
    changes[i] = changes[i] + rest * change * change;
    w[i] = w[i] - rate * change;
  }
}

// AdaMax (Kingma & Ba 2015, section 7.1). The second state is the largest gradient so far, which decays with time.
static void MT_NAME(adamaxPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first) MT_KEPT(second)
  T *const m = firsts, *const largest = seconds;
  const T beta1 = (T)step.beta1, rest1 = (T)(1 - step.beta1), beta2 = (T)step.beta2, epsilon = (T)step.epsilon;
  const T rate = (T)(step.learningRate / (1 - pow(step.beta1, number)));
  MT_EACH_INDEPENDENT(i, count) {
    const T d = MT_SLOPE(i);
    m[i] = MT_NAME(settled)(beta1 * m[i] + rest1 * d);
    const T old = beta2 * largest[i], fresh = __builtin_elementwise_abs(d) + epsilon;
    // A NaN is kept.
    largest[i] = old >= fresh || old != old ? old : fresh;
    w[i] = w[i] - rate * (m[i] / largest[i]);
  }
}

// NAdam (Dozat 2016). Uses the running mean that the next step would have, with a momentum that grows.
static void MT_NAME(nadamPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_MOMENTS
  (void)unbiased1;
  const double now = martlet_nadam_momentum(step, number), next = martlet_nadam_momentum(step, number + 1);
  const T ofSlope = (T)(step.learningRate * (1 - now) / (1 - update->product));
  const T ofMean = (T)(step.learningRate * next / (1 - update->product * next)), root = (T)sqrt(unbiased2);
  MT_EACH_INDEPENDENT(i, count) {
    const T d = MT_SLOPE(i);
    MT_NEXT_MOMENTS(i, d)
    const T spread = MT_SQRT(u[i]) / root + epsilon;
    w[i] = kept * w[i] - ofSlope * (d / spread) - ofMean * (m[i] / spread);
  }
  MT_EACH_OVERFLOW(i, u) {
    MT_BOUND_MOMENT(i)
    const T spread = MT_SQRT(u[i]) / root + epsilon;
    w[i] = w[i] - ofSlope * (MT_NAME(within)(MT_SLOPE(i), fitting) / spread) - ofMean * (m[i] / spread);
  }
}

// RAdam (Liu et al. 2020, arXiv:1908.03265). Ignores the squares until enough of them have been averaged.
static void MT_NAME(radamPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_MOMENTS
  const double most = 2 / (1 - step.beta2) - 1;
  const double length = most - 2 * number * pow(step.beta2, number) / unbiased2;
  const double rate = step.learningRate / unbiased1;
  if (length > 5) {
    const double rectified = sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
    const T adapted = (T)(rate * rectified * sqrt(unbiased2));
    MT_EACH_INDEPENDENT(i, count) {
      const T d = MT_SLOPE(i);
      MT_NEXT_MOMENTS(i, d)
      w[i] = kept * w[i] - adapted * (m[i] / (MT_SQRT(u[i]) + epsilon));
    }
    MT_EACH_OVERFLOW(i, u) {
      MT_BOUND_MOMENT(i)
      w[i] = w[i] - adapted * (m[i] / (MT_SQRT(u[i]) + epsilon));
    }
  } else {
    const T plain = (T)rate;
    MT_EACH_INDEPENDENT(i, count) {
      const T d = MT_SLOPE(i);
      MT_NEXT_MOMENTS(i, d)
      w[i] = kept * w[i] - plain * m[i];
    }
    MT_EACH_OVERFLOW(i, u) { MT_BOUND_MOMENT(i) }
  }
}

// Lion (Chen et al. 2023, arXiv:2302.06675). Steps by the sign of one running mean and keeps another.
static void MT_NAME(lionPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first)
  T *const m = firsts;
  const T beta1 = (T)step.beta1, rest1 = (T)(1 - step.beta1), beta2 = (T)step.beta2, rest2 = (T)(1 - step.beta2);
  const T rate = (T)step.learningRate;
  MT_EACH_INDEPENDENT(i, count) {
    const T d = MT_SLOPE(i), c = beta1 * m[i] + rest1 * d;
    // The sign of 0 is 0, and that of NaN is NaN.
    const T direction = c > 0 ? 1 : c < 0 ? -1 : c;
    w[i] = kept * w[i] - rate * direction;
    m[i] = MT_NAME(settled)(beta2 * m[i] + rest2 * d);
  }
}

// Rprop (Riedmiller & Braun 1993). Each element has a step size, which grows while the sign of its gradient stays and
// shrinks when the sign changes. The gradient of such a step counts as 0. The second state is the gradient before.
static void MT_NAME(rpropPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first) MT_KEPT(second)
  T *const sizes = firsts, *const before = seconds;
  const T shrinking = (T)step.beta1, growing = (T)step.beta2, least = (T)step.least, most = (T)step.most;
  const T rate = (T)step.learningRate;
  const int isFirst = update->steps == 0;
  MT_EACH_INDEPENDENT(i, count) {
    // The sign of 0 is 0, and that of NaN is NaN.
    const T d = MT_SLOPE(i), direction = d > 0 ? 1 : d < 0 ? -1 : d;
    const T turn = before[i] > 0 ? direction : before[i] < 0 ? -direction : 0;
    const T size = (isFirst ? rate : sizes[i]) * (turn > 0 ? growing : turn < 0 ? shrinking : 1);
    sizes[i] = size > most ? most : size < least ? least : size;
    before[i] = turn < 0 ? 0 : d;
    w[i] = w[i] - (turn < 0 ? 0 : direction) * sizes[i];
  }
}

// ASGD (Polyak & Juditsky 1992). The state is the mean of the parameter over the steps after number `least`.
static void MT_NAME(asgdPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART MT_KEPT(first)
  const double size = step.learningRate / pow(1 + step.rateDecay * step.learningRate * (number - 1), step.beta2);
  const T rate = (T)size, rest = (T)(1 - step.rateDecay * size), share = (T)(1 / fmax(1, number - 1 - step.least));
  MT_EACH_INDEPENDENT(i, count) {
    w[i] = rest * w[i] - rate * MT_SLOPE(i);
    firsts[i] = share == 1 ? w[i] : firsts[i] + share * (w[i] - firsts[i]);
  }
}

static void MT_NAME(scalePart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART
  const T factor = (T)step.learningRate;
  MT_EACH_INDEPENDENT(i, count) w[i] = w[i] * factor;
}

// A NaN is kept.
static void MT_NAME(limitPart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART
  const T most = (T)step.learningRate;
  MT_EACH_INDEPENDENT(i, count) w[i] = w[i] > most ? most : w[i] < -most ? -most : w[i];
}

// Like torch.lerp: exact at both ends.
static void MT_NAME(averagePart)(const MTUpdate *update, intptr_t start, intptr_t end) {
  MT_PART
  const T share = (T)step.learningRate, rest = (T)(1 - step.learningRate);
  if (step.learningRate < 0.5) {
    MT_EACH_INDEPENDENT(i, count) w[i] = w[i] + share * (g[i] - w[i]);
  } else {
    MT_EACH_INDEPENDENT(i, count) w[i] = g[i] - (g[i] - w[i]) * rest;
  }
}

// Defines each rule's loop, which calls its part for the elements of each parameter within from ..< to.
#define MT_UPDATE_LOOP(name) \
  static void MT_NAME(name)(const MTUpdate *update, intptr_t from, intptr_t to) { \
    for (; to > 0; from -= update->count, to -= update->count, update++) { \
      const intptr_t start = from > 0 ? from : 0, end = to < update->count ? to : update->count; \
      if (start < end) MT_NAME(name##Part)(update, start, end); \
    } \
  }
#define MT_UPDATE_ENTRY(name) [MTRule_##name] = MT_NAME(name),
MT_UPDATE(MT_UPDATE_LOOP)
const MTUpdateLoop MT_NAME(martlet_update)[] = {MT_UPDATE(MT_UPDATE_ENTRY)};

// Sums in sixteen lanes, so that the result is the same in every instruction set.
#define MT_LANE_SUM(next) \
  for (; at < count; at += 16) { \
    const intptr_t lanesHere = count - at < 16 ? count - at : 16; \
    if (lanesHere == 16) { \
      MT_EACH(j, 16) { \
        const double x = __builtin_elementwise_abs((double)values[at + j]), sum = lanes[j]; \
        lanes[j] = next; \
      } \
    } else { \
      MT_EACH(j, lanesHere) { \
        const double x = __builtin_elementwise_abs((double)values[at + j]), sum = lanes[j]; \
        lanes[j] = next; \
      } \
    } \
  } \
  for (int half = 8; half > 0; half /= 2) { \
    MT_EACH(j, half) { \
      const double x = lanes[j + half], sum = lanes[j]; \
      lanes[j] = MT_LANE_FOLD; \
    } \
  }

static double MT_NAME(powerSum)(const void *xv, intptr_t count, double p) {
  const T *values = (const T *)xv;
  double lanes[16] = {0};
  intptr_t at = 0;
#define MT_LANE_FOLD x + sum
  if (p == 2) { MT_LANE_SUM(sum + x * x) }
  else if (p == 1) { MT_LANE_SUM(sum + x) }
  else if (p < INFINITY) { MT_LANE_SUM(sum + pow(x, p)) }
#undef MT_LANE_FOLD
#define MT_LANE_FOLD (sum >= x || sum != sum ? sum : x)
  else { MT_LANE_SUM(MT_LANE_FOLD) }
#undef MT_LANE_FOLD
  return lanes[0];
}
const MTPowerSumLoop MT_NAME(martlet_powerSum) = MT_NAME(powerSum);

#undef MT_PART
#undef MT_SLOPE
#undef MT_KEPT
#undef MT_SQRT
#undef MT_LARGEST
#undef MT_SQUARES
#undef MT_ADD_SQUARE
#undef MT_EACH_OVERFLOW
#undef MT_BOUND_MOMENT
#undef MT_MOMENTS
#undef MT_NEXT_MOMENTS
#undef MT_UPDATE_LOOP
#undef MT_UPDATE_ENTRY
#undef MT_LANE_SUM

#endif
