// Bessel functions of orders 0 and 1, of one element in double. Included by Special.c for each instruction set, after
// Math.h and Trigonometry.h.

// exp(−|x|) I₀(x) or I₀(x) itself: 1 + z P(z), z = x²/4, up to 8, and P(8 / |x|) / √|x| times an exponential above.
// exp(x) overflows before I₀ does, so that a factor of exp(14) comes last.
static inline __attribute__((always_inline)) double MT_NAME(besselI0Of)(double x, int isScaled) {
  const double m = __builtin_elementwise_abs(x), z = 0.25 * m * m, u = 8 / m, extra = m > 700 ? 14 : 0;
  const double p = MT_SERIES(z,
      2.1236668367839598912e-22, 2.1584143353488968639e-20, 4.4823848030528373896e-18,
      6.2525340296338011941e-16, 7.5971075912595519113e-14, 7.593782122079155897e-12, 6.151204980816602464e-10,
      3.9367590989359804127e-8, 1.9290123699705242673e-6, 6.9444444394955129702e-5, 1.7361111111741793503e-3,
      2.7777777777732034927e-2, 2.5000000000001595446e-1, 9.9999999999999816712e-1);
  const double q = MT_SERIES(u,
      -1.4273267376902213844e-4, 2.0461810384858679204e-3, -1.3198679305674780286e-2, 5.1304635033722727717e-2,
      -1.3528737127389059829e-1, 2.5772543254385122044e-1, -3.6832993611984572827e-1, 4.0450316139394683152e-1,
      -3.4672045667147214019e-1, 2.3425052736547871173e-1, -1.2542875570331638424e-1, 5.3320210825276855892e-2,
      -1.7964591811303122097e-2, 4.7718728451272278261e-3, -9.900632647355141771e-4, 1.584243314595193107e-4,
      -1.8783218722813309239e-5, 2.5668437238554977333e-6, 2.6586832840524004554e-6, 1.0927842282209939755e-5,
      5.7069036896285541724e-5, 4.382910810919129049e-4, 6.2334731312640258642e-3, 3.9894228040143268544e-1);
  const double near = MT_FMA(z, p, 1), far = q / __builtin_elementwise_sqrt(m);
  if (isScaled) return m <= 8 ? near * MT_NAME(expOf)(-m) : far;
  const double large = MT_NAME(expOf)(m - extra) * far * (m > 700 ? 1202604.2841647767778 : 1);
  return m <= 8 ? near : m < 1000 ? large : m;
}

// exp(−|x|) I₁(x) or I₁(x), in the same way.
static inline __attribute__((always_inline)) double MT_NAME(besselI1Of)(double x, int isScaled) {
  const double m = __builtin_elementwise_abs(x), z = 0.25 * m * m, u = 8 / m, extra = m > 700 ? 14 : 0;
  const double p = MT_SERIES(z,
      1.3885744094947757986e-23, 1.5699791779616121883e-21, 3.4349653116025040743e-19,
      5.2139559692983528487e-17, 6.9058470530481569455e-15, 7.5938553486348110807e-13,
      6.8346661323218532241e-11, 4.920949224454416409e-9, 2.7557319431201299097e-7, 1.1574074069566065582e-5,
      3.4722222222842581312e-4, 6.9444444444395171052e-3, 8.3333333333335249418e-2, 4.9999999999999974877e-1);
  const double q = MT_SERIES(u,
      1.3724214493069456793e-4, -1.9993272027865254141e-3, 1.3044118486830881717e-2, -5.1142271922185821701e-2,
      1.3578350636317692554e-1, -2.6012903207182685172e-1, 3.7354146502129926543e-1, -4.1192938055888091637e-1,
      3.5438706338556239775e-1, -2.4022930558109007074e-1, 1.2902615672228315881e-1, -5.5008059022967115478e-2,
      1.858439485550230795e-2, -4.949707772665247791e-3, 1.0296500911953735757e-3, -1.6520285612698792173e-4,
      1.9601118023771150637e-5, -2.8070274613695643382e-6, -3.2676932838431601253e-6, -1.4049052019455779446e-5,
      -7.9896690769718630194e-5, -7.304851342138672465e-4, -1.8700419393808263686e-2, 3.9894228040143266993e-1);
  const double near = 0.5 * m * MT_FMA(z, p, 1), far = q / __builtin_elementwise_sqrt(m);
  const double large = MT_NAME(expOf)(m - extra) * far * (m > 700 ? 1202604.2841647767778 : 1);
  const double scaled = m <= 8 ? near * MT_NAME(expOf)(-m) : far, plain = m <= 8 ? near : m < 1000 ? large : m;
  return __builtin_elementwise_copysign(isScaled ? scaled : plain, x);
}

// exp(x) K₀(x) or K₀(x) = P(x²/4) − log(x / 2) I₀(x) up to 1, and (√(π/2) + R(1 / x) / x) exp(−x) / √x above.
static inline __attribute__((always_inline)) double MT_NAME(besselK0Of)(double x, int isScaled) {
  const double z = 0.25 * x * x, u = 1 / x;
  const double near = MT_SERIES(z,
      8.0678051324389597604e-8, 3.6120835486656311522e-6, 1.1848050814466503568e-4, 2.6147876053753455336e-3,
      3.4892157457294053679e-2, 2.3069608377459004834e-1, 4.2278433509846745782e-1, -5.7721566490153286123e-1) -
      MT_NAME(logOf)(0.5 * x) * MT_NAME(besselI0Of)(x < 1 ? x : 1, 0);
  const double p = MT_SERIES(u,
      -3.6614843613025183692e-3, -8.4140168768348649985e-1, -1.0293333296949945047e+1,
      -3.7872982555891344316e+1, -5.804966532392375384e+1, -4.2183912211614224878e+1, -1.5092221717117921957e+1,
      -2.530676036701899006, -1.5666426716443507954e-1);
  const double q = MT_SERIES(u,
      1.1941783340841503697, 2.5617431137923529498e+1, 1.5804440844024614659e+2, 4.053639102752996515e+2,
      5.0183059586783378524e+2, 3.1951360915449065569e+2, 1.051516173425471033e+2, 1.6715998704619725848e+1,
      1.0);
  const double far = MT_FMA(u, p / q, 1.25331413731550025121);
  const double below = isScaled ? near * MT_NAME(expOf)(x) : near, above = isScaled ? far : far * MT_NAME(expOf)(-x);
  return x < 0 ? (double)NAN : x <= 1 ? below : above / __builtin_elementwise_sqrt(x);
}

// exp(x) K₁(x) or K₁(x) = 1 / x + log(x / 2) I₁(x) + x/2 P(x²/4) up to 1.
static inline __attribute__((always_inline)) double MT_NAME(besselK1Of)(double x, int isScaled) {
  const double z = 0.25 * x * x, u = 1 / x, logarithm = MT_NAME(logOf)(0.5 * x);
  const double inner = 0.5 * x * MT_SERIES(z,
      -1.0377588667000326259e-8, -5.3571140319947832798e-7, -2.0711251483242925213e-5,
      -5.5767974445433176884e-4, -9.5910949197626302585e-3, -9.078758348042477368e-2, -3.3639216754923360594e-1,
      7.7215664901532860677e-2) +
      (x == 0 ? 0 : logarithm * MT_NAME(besselI1Of)(x < 1 ? x : 1, 0));
  const double p = MT_SERIES(u,
      3.0562532362903523504e-2, 2.4803747980603595777, 2.7700449589687154013e+1, 1.0077845841997389535e+2,
      1.5654370133210679671e+2, 1.1643876739121043803e+2, 4.2809826329872632474e+1, 7.3842957905879166456,
      4.6999280149330844391e-1);
  const double q = MT_SERIES(u,
      4.3688327321929852569e-1, 1.3131913923212574234e+1, 9.8909953118492752658e+1, 2.906965383118808935e+2,
      3.9782628786797228233e+2, 2.7369262101526660664e+2, 9.5820197031530021913e+1, 1.6024008276561135178e+1,
      1.0);
  const double near = u + inner, far = MT_FMA(u, p / q, 1.25331413731550025121);
  const double below = isScaled ? near * MT_NAME(expOf)(x) : near, above = isScaled ? far : far * MT_NAME(expOf)(-x);
  return x < 0 ? (double)NAN : x <= 1 ? below : above / __builtin_elementwise_sqrt(x);
}

// J₀ and J₁ up to 5: a polynomial of x² times the factors of the first two roots, which have two parts.
static inline __attribute__((always_inline)) double MT_NAME(besselJ0Near)(double m) {
  const double z = m * m;
  const double p = MT_SERIES(z,
      -4.4119545190143019399e-34, 4.6443785976483078641e-31, -3.6681604461438262373e-28,
      2.4637813677760794971e-25, -1.4063590495766266532e-22, 6.7280478898675981854e-20,
      -2.6505034107336928482e-17, 8.4131853678464713842e-15, -2.0931214125002456393e-12,
      3.9358273791542184336e-10, -5.3178863352072240401e-8, 4.784356140904224653e-6, -2.5120235414943397665e-4,
      5.6746933251556164336e-3);
  const double first = ((m - 0x1.33d152e971b40p+1) + 1.1766916515308941e-16) * (m + 0x1.33d152e971b40p+1);
  const double second = ((m - 0x1.6148f5b2c2e45p+2) - 8.0885971461467223e-17) * (m + 0x1.6148f5b2c2e45p+2);
  return first * second * p;
}

static inline __attribute__((always_inline)) double MT_NAME(besselJ1Near)(double m) {
  const double z = m * m;
  const double p = MT_SERIES(z,
      -1.3620309845545894674e-35, 1.5112808986508202887e-32, -1.2726510483925271026e-29,
      9.1664367023723024516e-27, -5.6397619909391866317e-24, 2.9249279532406440891e-21,
      -1.2574721137862439315e-18, 4.3897598255122379636e-16, -1.2121603969063441128e-13,
      2.5576334452217788151e-11, -3.9294710537422075654e-9, 4.0859145336524305617e-7, -2.5304774079730521716e-5,
      6.9192283664082531685e-4);
  const double first = ((m - 0x1.ea75575af6f09p+1) + 1.5269184090088067e-16) * (m + 0x1.ea75575af6f09p+1);
  const double second = ((m - 0x1.c0ff5f3b47250p+2) + 9.4141656534103891e-17) * (m + 0x1.c0ff5f3b47250p+2);
  return m * first * second * p;
}

// J(x) and Y(x) above 5, from P and Q of Hankel's expansion, which are rational functions of 25 / x².
static inline __attribute__((always_inline)) double MT_NAME(besselFar)(double x, int order, int isSecond, int isUsual) {
  const double u = 5 / x, w = u * u;
  const double p0 = MT_SERIES(w,
      7.9828451437151779852e-4, 8.2959708175373479007e-2, 1.241108453115300448, 5.452705669479751856,
      8.7532753333722645927, 5.3051696790425662224, 9.9999999999999999563e-1) /
      MT_SERIES(w,
      9.2595890041435916065e-4, 8.5756997843730467433e-2, 1.2551165403049023739, 5.4764498965648863473,
      8.7680245898917240768, 5.3079821790425635043, 1.0);
  const double q0 = MT_SERIES(w,
      -4.9633531875061831386e-5, -4.6345658891173914038e-3, -5.6851777231100660194e-2,
      -2.0862142163547723807e-1, -2.858561944044414795e-1, -1.5053007922491879713e-1, -2.4999999999999995968e-2) /
      MT_SERIES(w,
      4.1173384596383833224e-3, 2.2540252143074839724e-1, 2.4468250377152162249, 8.5994122673717652855,
      1.157301205944709414e+1, 6.0446406689966442401, 1.0);
  const double p1 = MT_SERIES(w,
      7.6291092446940709442e-4, 7.3208475717910667649e-2, 1.1281114874849456911, 5.1154131350540476007,
      8.4279403280837135333, 5.2157897350294050057, 1.0000000000000000051) /
      MT_SERIES(w,
      5.7191995137008943628e-4, 6.8910757869016952723e-2, 1.1060430321928874271, 5.0771795516046664988,
      8.4037439992473187846, 5.2111022350294081617, 1.0);
  const double q1 = MT_SERIES(w,
      1.5859975091975464918e-4, 1.2984062699196522601e-2, 1.598498157564602606e-1, 5.9684752849057264192e-1,
      8.3253079465591073952e-1, 4.4543539776441324983e-1, 7.4999999999999995412e-2) /
      MT_SERIES(w,
      3.0201138930373743389e-3, 1.9056848993629025175e-1, 2.2082495591613588033, 8.0733700332958283856,
      1.1164305226991571915e+1, 5.9500761368588025691, 1.0);
  const double p = order ? p1 : p0, q = u * (order ? q1 : q0);
  const MT_NAME(Circular) at = MT_NAME(circularOf)(x);
  const int isHuge = !isUsual && MT_NAME(isHuge)(x), isOdd = at.turns & 1;
  const double a = isOdd ? at.cosine : at.sine, b = isOdd ? at.sine : at.cosine;
  const double sine = isHuge ? sin(x) : at.turns & 2 ? -a : a, cosine = isHuge ? cos(x) : (at.turns + 1) & 2 ? -b : b;
  const double sum = sine + cosine, difference = sine - cosine;
  // √2 times the cosine and sine of x − (2 order + 1) π/4.
  const double c = order ? difference : sum, s = order ? -sum : difference;
  const double y = (isSecond ? p * s + q * c : p * c - q * s) / __builtin_elementwise_sqrt(3.14159265358979323846 * x);
  return x == (double)INFINITY ? 0 : y;
}

// With isUsual, no x is huge, and the functions call nothing.
static inline __attribute__((always_inline)) double MT_NAME(besselJOf)(double x, int order, int isUsual) {
  const double m = __builtin_elementwise_abs(x);
  const double near = order ? MT_NAME(besselJ1Near)(m) : MT_NAME(besselJ0Near)(m);
  const double y = m > 5 ? MT_NAME(besselFar)(m, order, 0, isUsual) : near;
  return order && x < 0 ? -y : y;
}

// Up to 5, 2/π log(x / r) J(x) + (x² − r²) P(x²) for a root r of Y₀, and with P(x²) / x for one of Y₁.
static inline __attribute__((always_inline)) double MT_NAME(besselYOf)(double x, int order, int isUsual) {
  const int isLow = order == 0 && x < 3;
  const double root = order ? 0x1.193bed4dff243p+1 : isLow ? 0x1.c982eb8d417eap-1 : 0x1.fa9534d98569cp+1;
  const double rest = order ? -4.8259835876454966e-17 : isLow ? 2.6596231539720385e-17 : -1.0764340697562706e-16;
  const double logRoot = order ? 0.7871571181569951 : isLow ? -0.11252280788079415 : 1.3756575956013473;
  const double distance = (x - root) - rest, z = x * x, t = z - (order ? 12.5 : 17);
  const double quotient = x < 0.5 * root ? MT_NAME(logOf)(x) - logRoot : MT_NAME(log1pOf)(distance / root);
  const double first = order ? MT_NAME(besselJ1Near)(x) : MT_NAME(besselJ0Near)(x);
  double p;
  if (order) {
    p = MT_SERIES(t,
        1.7790242932262052375e-29, -1.2388015986810650465e-26, 7.3221787715900027075e-24,
        -3.6364608063765631268e-21, 1.4895808797608114616e-18, -4.9246401858532792698e-16,
        1.2783067035227431954e-13, -2.5119414419667318859e-11, 3.5507769095377316725e-9,
        -3.3384873782481078788e-7, 1.810160262899851117e-5, -3.7903205824773253936e-4,
        -5.0244485499897920736e-3, 1.7298478880663092823e-1) / x;
  } else {
    const double low = MT_SERIES(z,
            2.8235022688186200841e-22, -1.447538025859606884e-19, 5.626267130563810878e-17,
            -1.7560087264656246763e-14, 4.3016673519294290057e-12, -7.9960936195682897692e-10,
            1.0780429652148702369e-7, -9.8947264633449795898e-6, 5.6179317959028453504e-4,
            -1.6744672591055659779e-2, 1.8214429522164177617e-1);
    const double high = MT_SERIES(t,
            1.1517752938714377055e-22, -5.1003344795529119971e-20, 1.828705420511837702e-17,
            -5.1860771041067526251e-15, 1.1212737262485201651e-12, -1.7549733129063507181e-10,
            1.8285199845020505507e-8, -1.0663362838283901283e-6, 1.609975096795358148e-5,
            1.2852749897424422636e-3, -4.1048391507853962673e-2);
    p = isLow ? low : high;
  }
  const double near = MT_FMA(distance * (x + root), p, 0.63661977236758134308 * quotient * first);
  const double y = x > 5 ? MT_NAME(besselFar)(x, order, 1, isUsual) : near;
  return x > 0 ? y : x == 0 ? -(double)INFINITY : (double)NAN;
}
