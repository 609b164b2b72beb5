// Discrete Fourier transforms of a few vectors, e^(−2πi jk/r), in place: of the arrays `re` and `im` of r vectors each.
// Included by Fourier.c for each floating element type and instruction set.

// The factors of the multiples of a third, a fifth and an eighth of a turn.
#define MT_SIN_3 (T)0.86602540378443864676
#define MT_COS_51 (T)0.30901699437494742410
#define MT_SIN_51 (T)0.95105651629515357212
#define MT_COS_52 (T) - 0.80901699437494742410
#define MT_SIN_52 (T)0.58778525229247312917
#define MT_COS_8 (T)0.70710678118654752440

#define MT_BUTTERFLY_2(W, re, im) \
  { \
    const W br = re[1], bi = im[1]; \
    re[1] = re[0] - br, im[1] = im[0] - bi; \
    re[0] += br, im[0] += bi; \
  }

#define MT_BUTTERFLY_3(W, re, im) \
  { \
    const W tr = re[1] + re[2], ti = im[1] + im[2]; \
    const W sr = (re[1] - re[2]) * MT_SIN_3, si = (im[1] - im[2]) * MT_SIN_3; \
    const W mr = re[0] - tr * (T)0.5, mi = im[0] - ti * (T)0.5; \
    re[0] += tr, im[0] += ti; \
    re[1] = mr + si, im[1] = mi - sr; \
    re[2] = mr - si, im[2] = mi + sr; \
  }

// Of the vectors a, b, c and d.
#define MT_QUARTERS(W, re, im, a, b, c, d) \
  { \
    const W acr = re[a] + re[c], aci = im[a] + im[c], ar = re[a] - re[c], ai = im[a] - im[c]; \
    const W bdr = re[b] + re[d], bdi = im[b] + im[d], br = re[b] - re[d], bi = im[b] - im[d]; \
    re[a] = acr + bdr, im[a] = aci + bdi; \
    re[b] = ar + bi, im[b] = ai - br; \
    re[c] = acr - bdr, im[c] = aci - bdi; \
    re[d] = ar - bi, im[d] = ai + br; \
  }
#define MT_BUTTERFLY_4(W, re, im) MT_QUARTERS(W, re, im, 0, 1, 2, 3)

#define MT_BUTTERFLY_5(W, re, im) \
  { \
    const W ar = re[1] + re[4], ai = im[1] + im[4], br = re[2] + re[3], bi = im[2] + im[3]; \
    const W cr = re[1] - re[4], ci = im[1] - im[4], dr = re[2] - re[3], di = im[2] - im[3]; \
    const W pr = re[0] + ar * MT_COS_51 + br * MT_COS_52, pi = im[0] + ai * MT_COS_51 + bi * MT_COS_52; \
    const W qr = re[0] + ar * MT_COS_52 + br * MT_COS_51, qi = im[0] + ai * MT_COS_52 + bi * MT_COS_51; \
    const W sr = cr * MT_SIN_51 + dr * MT_SIN_52, si = ci * MT_SIN_51 + di * MT_SIN_52; \
    const W tr = cr * MT_SIN_52 - dr * MT_SIN_51, ti = ci * MT_SIN_52 - di * MT_SIN_51; \
    re[0] += ar + br, im[0] += ai + bi; \
    re[1] = pr + si, im[1] = pi - sr; \
    re[2] = qr + ti, im[2] = qi - tr; \
    re[3] = qr - ti, im[3] = qi + tr; \
    re[4] = pr - si, im[4] = pi + sr; \
  }

#define MT_BUTTERFLY_8(W, re, im) \
  { \
    MT_QUARTERS(W, re, im, 0, 2, 4, 6) \
    MT_QUARTERS(W, re, im, 1, 3, 5, 7) \
    const W r0 = re[0], i0 = im[0], r1 = re[2], i1 = im[2], r2 = re[4], i2 = im[4], r3 = re[6], i3 = im[6]; \
    const W s0 = re[1], t0 = im[1], s2 = im[5], t2 = -re[5]; \
    const W s1 = (re[3] + im[3]) * MT_COS_8, t1 = (im[3] - re[3]) * MT_COS_8; \
    const W s3 = (im[7] - re[7]) * MT_COS_8, t3 = (re[7] + im[7]) * -MT_COS_8; \
    re[0] = r0 + s0, im[0] = i0 + t0, re[4] = r0 - s0, im[4] = i0 - t0; \
    re[1] = r1 + s1, im[1] = i1 + t1, re[5] = r1 - s1, im[5] = i1 - t1; \
    re[2] = r2 + s2, im[2] = i2 + t2, re[6] = r2 - s2, im[6] = i2 - t2; \
    re[3] = r3 + s3, im[3] = i3 + t3, re[7] = r3 - s3, im[7] = i3 - t3; \
  }
