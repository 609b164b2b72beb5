// One step of a recurrence over a part of a batch, and its gradient. Each runs in one pass, between matrix products.
//
// A row whose sequence has ended keeps its state and passes the gradient of the state on.

#ifndef MT_BODY
#define MT_FAMILY "Recurrence/Recurrence.c"
#include "../Clones.h"
#elif MT_FLOATING

#include "../Elementwise/Math.h"

static inline __attribute__((always_inline)) T MT_NAME(gate)(T x) {
  const T magnitude = __builtin_elementwise_abs(x), most = MT_MODERATE;
  const T bounded = most < magnitude ? most : magnitude;
  return MT_NAME(sigmoidFrom)(x, MT_NAME(moderateExp)(-bounded));
}

static inline int MT_NAME(hasEnded)(const MTRecurrentStep *s, intptr_t row) {
  return s->lengths != NULL && s->step >= s->lengths[row];
}

// Row `row` of [rows, count], or null if x is null.
static inline T *MT_NAME(row)(const void *x, intptr_t row, intptr_t count) {
  return x == NULL ? NULL : (T *)x + row * count;
}

#define MT_ROW(name, count) T *const name = MT_NAME(row)(s->name, r, count);

#define MT_EACH_UNIT(j) _Pragma("clang loop vectorize(assume_safety)") for (intptr_t j = first; j < end; j++)

// The start of every step's loop. A row whose sequence has ended copies its state; otherwise the body runs for each
// unit.
#define MT_FORWARD(name, gateCount) \
  static void MT_NAME(name##Step)(const MTRecurrentStep *s, MTRecurrentPart part) { \
    const intptr_t n = s->hidden, first = part.firstUnit, end = part.endUnit; \
    const T *const bias = s->bias; \
    for (intptr_t r = part.firstRow; r < part.endRow; r++) { \
      MT_ROW(gates, gateCount * n) \
      MT_ROW(projected, gateCount * n) \
      MT_ROW(state, n) MT_ROW(next, n) MT_ROW(cell, n) MT_ROW(nextCell, n) MT_ROW(candidate, n) \
      (void)candidate; \
      if (MT_NAME(hasEnded)(s, r)) { \
        MT_EACH_UNIT(j) next[j] = state[j]; \
        if (cell != NULL) MT_EACH_UNIT(j) nextCell[j] = cell[j]; \
        continue; \
      } \
      MT_EACH_UNIT(j) {
#define MT_BACKWARD(name, gateCount) \
  static void MT_NAME(name##Back)(const MTRecurrentStep *s, MTRecurrentPart part) { \
    const intptr_t n = s->hidden, first = part.firstUnit, end = part.endUnit; \
    for (intptr_t r = part.firstRow; r < part.endRow; r++) { \
      MT_ROW(gates, gateCount * n) \
      MT_ROW(dGates, gateCount * n) MT_ROW(dProjected, gateCount * n) \
      MT_ROW(state, n) MT_ROW(next, n) MT_ROW(cell, n) MT_ROW(nextCell, n) MT_ROW(candidate, n) \
      MT_ROW(g, n) MT_ROW(gCell, n) MT_ROW(dState, n) MT_ROW(dCell, n) \
      (void)gates, (void)dProjected, (void)state, (void)next, (void)nextCell, (void)candidate; \
      if (g != NULL) MT_EACH_UNIT(j) dState[j] += g[j]; \
      if (gCell != NULL) MT_EACH_UNIT(j) dCell[j] += gCell[j]; \
      (void)cell; \
      if (MT_NAME(hasEnded)(s, r)) { \
        MT_EACH(k, gateCount) MT_EACH_UNIT(j) dGates[k * n + j] = 0; \
        if (dProjected != NULL) MT_EACH(k, gateCount) MT_EACH_UNIT(j) dProjected[k * n + j] = 0; \
        continue; \
      } \
      MT_EACH_UNIT(j) {
#define MT_END \
      } \
    } \
  }

// The sum of the input's and the state's contributions to gate k, for unit j.
#define MT_SUM(k) (gates[(k) * n + j] + (projected[(k) * n + j] + bias[(k) * n + j]))

MT_FORWARD(tanh, 1)
  next[j] = MT_NAME(tanhOf)(MT_SUM(0));
MT_END

MT_BACKWARD(tanh, 1)
  dGates[j] = dState[j] * (1 - next[j] * next[j]);
  dState[j] = 0;
MT_END

MT_FORWARD(sigmoid, 1)
  next[j] = MT_NAME(gate)(MT_SUM(0));
MT_END

MT_BACKWARD(sigmoid, 1)
  dGates[j] = dState[j] * next[j] * (1 - next[j]);
  dState[j] = 0;
MT_END

MT_FORWARD(relu, 1)
  const T x = MT_SUM(0);
  next[j] = x < 0 ? 0 : x;
MT_END

MT_BACKWARD(relu, 1)
  dGates[j] = next[j] > 0 ? dState[j] : 0;
  dState[j] = 0;
MT_END

// The gates are in PyTorch's order: input, forget, candidate, output.
MT_FORWARD(lstm, 4)
  const T i = MT_NAME(gate)(MT_SUM(0)), f = MT_NAME(gate)(MT_SUM(1)), o = MT_NAME(gate)(MT_SUM(3));
  const T c = MT_NAME(tanhOf)(MT_SUM(2)), kept = f * cell[j] + i * c;
  gates[j] = i;
  gates[n + j] = f;
  gates[2 * n + j] = c;
  gates[3 * n + j] = o;
  nextCell[j] = kept;
  next[j] = o * MT_NAME(tanhOf)(kept);
MT_END

MT_BACKWARD(lstm, 4)
  const T i = gates[j], f = gates[n + j], c = gates[2 * n + j], o = gates[3 * n + j];
  const T seen = MT_NAME(tanhOf)(nextCell[j]), d = dCell[j] + dState[j] * o * (1 - seen * seen);
  dGates[j] = d * c * i * (1 - i);
  dGates[n + j] = d * cell[j] * f * (1 - f);
  dGates[2 * n + j] = d * i * (1 - c * c);
  dGates[3 * n + j] = dState[j] * seen * o * (1 - o);
  dCell[j] = d * f;
  dState[j] = 0;
MT_END

// The gates are in PyTorch's order: reset, update, candidate. The reset gate multiplies the state's contribution to the
// candidate.
MT_FORWARD(gru, 3)
  const T reset = MT_NAME(gate)(MT_SUM(0)), update = MT_NAME(gate)(MT_SUM(1));
  const T fromState = projected[2 * n + j] + bias[2 * n + j];
  const T new = MT_NAME(tanhOf)(gates[2 * n + j] + reset * fromState);
  gates[j] = reset;
  gates[n + j] = update;
  gates[2 * n + j] = new;
  candidate[j] = fromState;
  next[j] = new + update * (state[j] - new);
MT_END

MT_BACKWARD(gru, 3)
  const T reset = gates[j], update = gates[n + j], new = gates[2 * n + j], d = dState[j];
  const T dNew = d * (1 - update) * (1 - new * new);
  dGates[j] = dProjected[j] = dNew * candidate[j] * reset * (1 - reset);
  dGates[n + j] = dProjected[n + j] = d * (state[j] - new) * update * (1 - update);
  dGates[2 * n + j] = dNew;
  dProjected[2 * n + j] = dNew * reset;
  dState[j] = d * update;
MT_END

#define MT_STEP_ENTRY(name) [MTRecurrence_##name] = {MT_NAME(name##Step), MT_NAME(name##Back)},
const MTRecurrentLoops MT_NAME(martlet_recurrent)[] = {MT_RECURRENCE(MT_STEP_ENTRY)};

#undef MT_ROW
#undef MT_EACH_UNIT
#undef MT_FORWARD
#undef MT_BACKWARD
#undef MT_END
#undef MT_SUM
#undef MT_STEP_ENTRY
#endif
