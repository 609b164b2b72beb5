// Orthogonal polynomials of one element in double, by their recurrences. Included by Special.c for each instruction
// set.

// The families are those of Swift's OrthogonalPolynomial, in its order: the Chebyshev polynomials T, U, V and W, the
// Hermite polynomials of physics and of probability, the Laguerre and the Legendre polynomials.
static double MT_NAME(orthogonalPolynomialOf)(double family, double degree, double x) {
  const int f = (int)family, n = (int)degree;
  const double first[] = {x, 2 * x, 2 * x - 1, 2 * x + 1, 2 * x, x, 1 - x, x};
  double last = 1, y = first[f];
  for (int k = 1; k < n; k++) {
    // A polynomial that overflows stays infinite, with the sign of the highest power.
    const double before = last - last == 0 ? last : 0;
    last = y;
    if (f < 4)
      y = 2 * x * y - before;
    else if (f == 4)
      y = 2 * (x * y - k * before);
    else if (f == 5)
      y = x * y - k * before;
    else
      y = ((f == 6 ? 2 * k + 1 - x : (2 * k + 1) * x) * y - k * before) / (k + 1);
  }
  return n ? y : 1;
}
