// Plans of discrete Fourier transforms: the radices of their passes, and the factors, which are computed in double.

#include <math.h>

#include "CKernels.h"

int martlet_fourier_factor(MTFourier *plan, intptr_t n) {
  static const intptr_t radices[] = {3, 5, 7, 11, 13, 17, 19, 23, 29, MT_LARGEST_RADIX};
  intptr_t twos = 0;
  plan->n = n, plan->passes = 0;
  for (; n % 2 == 0; n /= 2) twos++;
  // Eights, and for what is left one or two fours, or a two. A single transform begins best with an eight or a four.
  const intptr_t fours = twos % 3 == 2 ? 1 : twos % 3 == 1 && twos > 1 ? 2 : 0;
  for (intptr_t k = 0; k < (twos - 2 * fours) / 3; k++) plan->radices[plan->passes++] = 8;
  for (intptr_t k = 0; k < fours; k++) plan->radices[plan->passes++] = 4;
  if (twos == 1) plan->radices[plan->passes++] = 2;
  for (int k = sizeof radices / sizeof *radices - 1; k >= 0; k--)
    for (; n % radices[k] == 0; n /= radices[k]) plan->radices[plan->passes++] = radices[k];
  return n == 1;
}

// e^(−2πi k/n) for k in 0 ..< n, from an angle of at most an eighth of a turn.
static void turn(int64_t k, int64_t n, double *cosine, double *sine) {
  const int64_t quarter = 4 * k / n, rest = 4 * k - quarter * n;
  const int isLarge = 2 * rest > n;
  const double angle = 1.57079632679489661923 * ((double)(isLarge ? n - rest : rest) / (double)n);
  const double c = isLarge ? sin(angle) : cos(angle), s = isLarge ? cos(angle) : sin(angle);
  const double cosines[] = {c, -s, -c, s}, sines[] = {-s, -c, s, c};
  *cosine = cosines[quarter], *sine = sines[quarter];
}

typedef struct {
  void *next;
  int isWide;
} Writer;

static void write(Writer *to, double value) {
  if (to->isWide) *(double *)to->next = value;
  else *(float *)to->next = (float)value;
  to->next = (char *)to->next + (to->isWide ? sizeof(double) : sizeof(float));
}

static void writeTurn(Writer *to, int64_t k, int64_t n) {
  double c, s;
  turn(k, n, &c, &s);
  write(to, c), write(to, s);
}

// Writes the cosines, or the sines, of the multiples 0 ..< count of `step` n-ths of a turn.
static void writeParts(Writer *to, int64_t step, intptr_t count, int64_t n, int isSine) {
  for (intptr_t i = 0; i < count; i++) {
    double parts[2];
    turn(step * i % n, n, parts, parts + 1);
    write(to, parts[isSine]);
  }
}

intptr_t martlet_fourier_count(const MTFourier *plan, int isReal) {
  if (isReal) return 2 * (plan->n / 4 + 1);
  if (plan->inner) return 2 * (plan->n + plan->inner->n);
  if (plan->columns) return 2 * plan->columns->n * MT_FOURIER_LINES;
  intptr_t count = 0, m = plan->n;
  for (intptr_t k = 0; k < plan->passes; k++) {
    const intptr_t r = plan->radices[k];
    m /= r;
    count += 2 * (r - 1) * m + (MT_IS_ANY_RADIX(r) ? 2 * r : 0);
  }
  return count;
}

static void fillPasses(const MTFourier *plan, Writer *to) {
  intptr_t length = plan->n;
  for (intptr_t pass = 0; pass < plan->passes; pass++) {
    const intptr_t r = plan->radices[pass], m = length / r;
    for (int isSine = 0; isSine < 2 && MT_IS_ANY_RADIX(r); isSine++) writeParts(to, 1, r, r, isSine);
    for (int isSine = 0; isSine < 2; isSine++)
      for (intptr_t k = 1; k < r; k++) writeParts(to, k, m, length, isSine);
    length = m;
  }
}

static void fillSteps(const MTFourier *plan, Writer *to) {
  for (intptr_t k = 0; k < plan->columns->n; k++)
    for (int isSine = 0; isSine < 2; isSine++) writeParts(to, k, MT_FOURIER_LINES, plan->n, isSine);
  Writer coarse = {(void *)plan->coarse, 1};
  for (intptr_t k = 0; k < plan->side; k++) writeTurn(&coarse, k, plan->n);
  for (intptr_t k = 0; k < plan->n; k += plan->side) writeTurn(&coarse, k, plan->n);
}

// e^(−πi k²/n), and its conjugate around index 0 of m elements, divided by m.
static void fillChirp(const MTFourier *plan, Writer *to) {
  const intptr_t n = plan->n, m = plan->inner->n;
  for (intptr_t k = 0; k < n; k++) writeTurn(to, (int64_t)((__int128)k * k % (2 * n)), 2 * n);
  for (intptr_t k = 0; k < m; k++) {
    const intptr_t distance = k < n ? k : m - k;
    double c = 0, s = 0;
    if (distance < n) turn((int64_t)((__int128)distance * distance % (2 * n)), 2 * n, &c, &s);
    write(to, c / (double)m), write(to, -s / (double)m);
  }
}

void martlet_fourier_fill(const MTFourier *plan, int isReal, int isWide) {
  Writer to = {(void *)plan->factors, isWide};
  if (isReal) for (intptr_t k = 0; k <= plan->n / 4; k++) writeTurn(&to, k, plan->n);
  else if (plan->inner) fillChirp(plan, &to);
  else if (plan->columns) fillSteps(plan, &to);
  else fillPasses(plan, &to);
}
