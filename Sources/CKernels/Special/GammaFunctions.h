// The gamma function's logarithm and its derivatives, the Hurwitz zeta function and the incomplete gamma functions, of
// one element; all but the logarithm in double alone. Included by Special.c for each floating type and instruction set,
// after Math.h and Trigonometry.h.

// x S(1 / x²) = log Γ(x) − (x − ½) log x + x − ½ log 2π, Stirling's remainder times x, for x ≥ 4.5.
static inline __attribute__((always_inline)) T MT_NAME(stirling)(T z) {
#if MT_WIDE
  return MT_SERIES(z,
      -1.0819068124728802365e-2, 5.1766415090032145735e-3, -1.8681972724177761439e-3, 8.4056416142087432551e-4,
      -5.9522147227154387134e-4, 7.9365066846758558014e-4, -2.7777777773514508876e-3, 8.3333333333332908544e-2);
#else
  return MT_SERIES(z, 7.528786957e-4f, -2.777044653e-3f, 8.333333136e-2f);
#endif
}

// log Γ(2 + t) / t for −0.72 ≤ t ≤ ½.
static inline __attribute__((always_inline)) T MT_NAME(logGammaNear)(T t) {
#if MT_WIDE
  return MT_SERIES(t,
      8.9681923943845233579e-8, 8.797523845718761858e-8, 2.5375457178374320914e-8, -2.2394749715932187764e-7,
      1.7481029593059582135e-7, -3.951379150860968122e-7, 9.8450546452684435741e-7, -2.0509438774197985968e-6,
      4.3652962660937069056e-6, -9.4383053878949242074e-6, 2.0508936864229773771e-5, -4.4926246721386757394e-5,
      9.9457329733698083246e-5, -2.2315476756743203658e-4, 5.0966953608853088562e-4, -1.1927539108936660738e-3,
      2.8905103303588365157e-3, -7.3855510287007392536e-3, 2.058080842779048901e-2, -6.7352301053197791879e-2,
      3.2246703342411319068e-1, 4.2278433509846713886e-1);
#else
  return MT_SERIES(t,
      2.397124660e-4f, -1.982852139e-4f, 4.374918040e-4f, -1.214503151e-3f, 2.903448188e-3f, -7.381547703e-3f,
      2.057992633e-2f, -6.735252038e-2f, 3.224670503e-1f, 4.227843369e-1f);
#endif
}

// log Γ(x) for x ≥ 0. Up to 4.5 it is that of y = 2 + t, where y in 1.28 ... 2.5 differs from x by an integer, and
// the logarithm of the factors between x and y.
static inline __attribute__((always_inline)) T MT_NAME(logGammaAbove)(T x) {
  const int isFar = x >= (T)4.5, isLow = x < (T)1.28;
  const T t = x < (T)0.25 ? x : isLow ? x - 1 : x < (T)2.5 ? x - 2 : x < (T)3.5 ? x - 3 : x - 4;
  const T low = x < (T)0.25 ? x * (x + 1) : x, high = x < (T)3.5 ? x - 1 : (x - 1) * (x - 2);
  const T factors = isLow ? low : x < (T)2.5 ? 1 : high;
  const T logarithm = MT_NAME(logOf)(isFar ? x : factors);
  const T near = MT_FMA(t, MT_NAME(logGammaNear)(t), isLow ? -logarithm : logarithm);
  const T rest = (T)0.41893853320467274178 + MT_NAME(stirling)(1 / (x * x)) / x;
  return isFar ? (x - (T)0.5) * (logarithm - 1) + rest : near;
}

// log |Γ(x)| for every x, below 0 by the reflection Γ(x) Γ(−x) = −π / (x sin πx).
static inline __attribute__((always_inline)) T MT_NAME(logGammaOf)(T x) {
  const T m = __builtin_elementwise_abs(x), above = MT_NAME(logGammaAbove)(m);
  const T sine = __builtin_elementwise_abs(MT_NAME(sincOf)(m));
  const T reflected = m < (T)0x1p-60 ? above : -MT_NAME(logOf)(sine * m * m) - above;
  const T below = sine == 0 || m == (T)INFINITY ? (T)INFINITY : reflected;
  return x < 0 ? below : above;
}

#if MT_WIDE

// ψ(x), the derivative of log Γ. Its root 1.4616 has two parts, so that ψ keeps its digits next to it.
static double MT_NAME(digammaOf)(double x) {
  if (x == 0) return -__builtin_copysign((double)INFINITY, x);
  if (x < 0) {
    const double r = x - __builtin_elementwise_roundeven(x), pi = 3.14159265358979323846;
    return r == 0 || x == -(double)INFINITY ? (double)NAN : MT_NAME(digammaOf)(1 - x) - pi / tan(pi * r);
  }
  if (x >= 8) {
    const double z = 1 / (x * x);
    const double rest = MT_SERIES(z,
          -1.7270735334527250607e-2, 7.4995369129960417833e-3, -4.1658980946016271583e-3,
          3.9682500083219106765e-3, -8.3333333239079620828e-3, 8.3333333333325847126e-2);
    return log(x) - (0.5 / x + z * rest);
  }
  double sum = 0;
  if (x < 1) {
    sum = -1 / x;
    x += 1;
  }
  for (; x >= 2; sum += 1 / x) x -= 1;
  const double t = x - 1.5, distance = (x - 0x1.762d86356be3fp+0) - 9.5499954299656977e-17;
  return sum + distance * MT_SERIES(t,
          -1.7655908733761869982e-4, 2.5987569895327629528e-4, -1.4698447758606671269e-4,
          2.2699497045075388435e-4, -4.8472549347007133201e-4, 7.2345293176121524406e-4,
          -1.0368440095615268246e-3, 1.5565946775973395639e-3, -2.3454203464331575341e-3,
          3.5190129743751934922e-3, -5.279946319554717769e-3, 7.9269439253538488268e-3,
          -1.1908219413802049765e-2, 1.7907252487584722608e-2, -2.6975796691557434504e-2,
          4.0760833810576181374e-2, -6.1922133274686780744e-2, 9.4988724454977085467e-2,
          -1.484049230538901869e-1, 2.4054248424077394819e-1, -4.236274212814605682e-1,
          9.5105587603183289317e-1);
}

// (q + k)⁻ˢ, corrected for the rounding error of q + k.
static double MT_NAME(power)(double s, double q, double k) {
  const double a = q + k, lost = k - (a - q), correction = 1 - s * lost / a;
  return s == 2 ? correction / a / a : s == 3 ? correction / a / a / a : pow(a, -s) * correction;
}

// ζ(s, q) = Σ (q + k)⁻ˢ over k ≥ 0, for s > 1: the Euler–Maclaurin formula from a = q + n on, and then the first n
// terms, of which at most 60 count.
static double MT_NAME(zetaOf)(double s, double q) {
  static const double bernoulli[] = {8.3333333333333333333e-2, -1.3888888888888888889e-3, 3.3068783068783068783e-5,
                                     -8.2671957671957671958e-7, 2.0876756987868098979e-8, -5.2841901386874931848e-10,
                                     1.3382536530684678833e-11, -3.3896802963225828668e-13, 8.5860620562778445641e-15,
                                     -2.174868698558061873e-16, 5.5090028283602295152e-18, -1.3954464685812523341e-19};
  if (!(s > 1) || q != q) return s == 1 ? (double)INFINITY : (double)NAN;
  if (q <= 0) {
    // For an integer s, the sum over all integers k is that of both directions from the fraction of q.
    const double f = q - floor(q), sign = fmod(s, 2) == 0 ? 1 : -1;
    if (!(f > 0)) return (double)INFINITY;
    if (s != floor(s)) return (double)NAN;
    const double root = 3.14159265358979323846 / sin(3.14159265358979323846 * fmin(f, 1 - f));
    const double both = s == 2 ? root * root : MT_NAME(zetaOf)(s, f) + sign * MT_NAME(zetaOf)(s, 1 - f);
    return both - sign * MT_NAME(zetaOf)(s, 1 - q);
  }
  if (q == (double)INFINITY || s == (double)INFINITY) return q < 1 ? (double)INFINITY : q == 1;
  const double n = fmin(60, ceil(fmax(0, 5 + s - q))), a = q + n, term = MT_NAME(power)(s, q, n);
  const double inverse = 1 / a / a;
  double sum = (s == 2 ? 1 / a : pow(a, 1 - s) / (s - 1)) + 0.5 * term, factor = term * s / a;
  for (int k = 0; k < 12 && fabs(bernoulli[k] * factor) > sum * 0x1p-56; k++) {
    sum += bernoulli[k] * factor;
    factor *= (s + 2 * k + 1) * (s + 2 * k + 2) * inverse;
  }
  for (double k = n - 1; k >= 0; k -= 1) sum += MT_NAME(power)(s, q, k);
  return sum;
}

// ψ₁(x), the derivative of ψ: five terms of Σ (x + k)⁻², of which four have one denominator, and from 5 on
// 1 / a + ½ / a² + P(1 / a²) / a³. Below 0 it is reflected: ψ₁(x) + ψ₁(1 − x) = π² / sin² πx.
static inline __attribute__((always_inline)) double MT_NAME(trigammaOf)(double x) {
  const double m = x < 0 ? 1 - x : x, first = 1 / m, b = m < 5 ? m : 5, u = 1 / (m < 5 ? m + 5 : m), z = u * u;
  const double p = (b + 1) * (b + 2), q = (b + 3) * (b + 4), pp = p * p, qq = q * q;
  const double pairs = MT_FMA(2, p, 1) * qq + MT_FMA(2, q, 1) * pp;
  const double rest = u * z * MT_SERIES(z,
      14.394841800203728074, -4.9306878805253100738, 1.0927492670863812041, -0.25152742376389572542,
      7.573682913900796697e-2, -3.3333177615422190058e-2, 2.3809523215842202273e-2, -3.3333333332452805106e-2,
      1.6666666666666644974e-1);
  const double far = u + MT_FMA(0.5, z, rest), above = m < 5 ? first * first + (pairs / (pp * qq) + far) : far;
  const double sine = x * MT_NAME(sincOf)(x), root = 1 / sine;
  return x >= 0 || x != x ? above : sine == 0 || x == -(double)INFINITY ? (double)INFINITY : root * root - above;
}

// The nth derivative of ψ, (−1)ⁿ⁺¹ n! ζ(n + 1, x), for n ≥ 1.
static double MT_NAME(polygammaOf)(double n, double factorial, double x) {
  const double y = factorial * MT_NAME(zetaOf)(n + 1, x);
  return fmod(n, 2) == 1 ? y : -y;
}

// log(1 + u) − u, without cancellation.
static double MT_NAME(log1pLessArgument)(double u) {
  const double s = u / (2 + u);
  return u > -0.29 && u < 0.41 ? s * (MT_NAME(logRest)(s * s) - u) : log1p(u) - u;
}

// xᵃ e⁻ˣ / Γ(a + 1).
static double MT_NAME(gammaTerm)(double a, double x) {
  if (a < 10) return x < 700 ? pow(x, a) * exp(-x) / tgamma(a + 1) : exp(a * log(x) - x - MT_NAME(logGammaAbove)(a + 1));
  const double exponent = a * MT_NAME(log1pLessArgument)((x - a) / a);
  return exp(exponent - MT_NAME(stirling)(1 / (a * a)) / a) / sqrt(6.28318530717958647693 * a);
}

// The regularised incomplete gamma function, P(a, x) or Q(a, x) = 1 − P(a, x): for large a and x close to a Temme's
// expansion (1979, DOI 10.1137/0510071), below a the power series, and above a the continued fraction.
static double MT_NAME(incompleteGamma)(double a, double x, int isUpper) {
  if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (a == (double)INFINITY && x == a)) return (double)NAN;
  if (a == 0 || x == (double)INFINITY) return !isUpper;
  if (x == 0 || a == (double)INFINITY) return isUpper;
  const double mu = (x - a) / a;
  if (a > 500 && fabs(mu) < 0.2) {
    const double half = -MT_NAME(log1pLessArgument)(mu), eta = __builtin_copysign(sqrt(2 * half), mu);
    const double c0 = MT_SERIES(eta,
          -2.5514193994946249767e-11, 9.1476995822367902342e-10, -4.3820360184533531866e-9,
          1.0261809784240308043e-8, 6.7078535434014985804e-9, -1.7665952736826079304e-7,
          8.296711340953086005e-7, -1.8540622107151599607e-6, -2.1854485106799921615e-6,
          3.9192631785224377817e-5, -1.787551440329218107e-4, 3.5273368606701940035e-4,
          1.1574074074074074074e-3, -1.4814814814814814815e-2, 8.3333333333333333333e-2,
          -3.3333333333333333333e-1);
    const double c1 = MT_SERIES(eta,
          1.1951628599778147324e-8, -5.752545603517704964e-8, 1.3786334469157209593e-7,
          4.6471278028074343423e-9, -1.6120900894563446004e-6, 7.6491609160811100846e-6,
          -1.8098550334489977837e-5, -4.0187757201646090535e-7, 2.0576131687242798354e-4,
          -9.9022633744855967078e-4, 2.6455026455026455026e-3, -3.4722222222222222222e-3,
          -1.8518518518518518519e-3);
    const double c2 = MT_SERIES(eta,
          -6.2989921383800550229e-7, 1.3721957309062933206e-6, 3.4235787340961380742e-8,
          -1.2760635188618727713e-5, 5.2923448829120125416e-5, -1.0736653226365160522e-4,
          2.0093878600823045267e-6, 7.7160493827160493827e-4, -2.6813271604938271605e-3,
          4.1335978835978835979e-3);
    const double c3 = MT_SERIES(eta,
          -5.6749528269915965675e-6, 1.1082654115347302361e-5, -2.3965051138672966519e-7,
          -7.5618016718839764107e-5, 2.6772063206283885296e-4, -4.6918949439525571213e-4,
          2.2947209362139917695e-4, 6.4943415637860082305e-4);
    const double c4 = MT_SERIES(eta,
          -3.9683650471794346644e-5, 6.6414982154651221867e-5, -1.4638452578843418178e-6,
          -2.9907248030319017973e-4, 7.8403922172006662747e-4, -8.618882909167116986e-4);
    const double series = c0 + (c1 + (c2 + (c3 + c4 / a) / a) / a) / a;
    const double rest = exp(-a * half) / sqrt(6.28318530717958647693 * a) * series, z = eta * sqrt(0.5 * a);
    return 0.5 * erfc(isUpper ? z : -z) + (isUpper ? rest : -rest);
  }
  if (isUpper && a < 0.5 && x < 1) {
    // 1 − xᵃ / Γ(a + 1) (1 + a Σ (−x)ᵏ / (k! (a + k))), without the difference of numbers close to 1.
    const double exponent = a * log(x) - (a * MT_NAME(logGammaNear)(a) - log1p(a));
    double sum = 0, term = a;
    for (double k = 1; fabs(term) > fabs(sum) * 0x1p-56; k += 1) sum += (term *= -x / k) / (a + k);
    return -expm1(exponent) - exp(exponent) * sum;
  }
  if (x < a || x < 1) {
    double sum = 1, term = 1;
    for (double k = a + 1; term > sum * 0x1p-56; k += 1) sum += term *= x / k;
    const double lower = MT_NAME(gammaTerm)(a, x) * sum;
    return isUpper ? 1 - lower : lower;
  }
  // Lentz's method. After n steps `fraction` holds the first n partial fractions.
  double b = x + 1 - a, c = 0x1p1000, d = 1 / b, fraction = d, change = 0;
  for (double k = 1; k < 10000 && fabs(change - 1) > 0x1p-53; k += 1) {
    const double numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    change = d * c;
    fraction *= change;
  }
  const double upper = MT_NAME(gammaTerm)(a, x) * a * fraction;
  return isUpper ? upper : 1 - upper;
}
#endif
