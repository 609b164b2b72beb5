// Casts between element types.

#include "CKernels.h"

// A value fits an integer type if it lies strictly between these bounds. NaN never fits.
#define MT_FITS_INT64(x) ((x) >= -0x1p63 && (x) < 0x1p63)
#define MT_FITS_INT32(x) ((x) > -0x1p31 - 1 && (x) < 0x1p31)
#define MT_FITS_UINT8(x) ((x) > -1 && (x) < 256)
#define MT_FITS_ALWAYS(x) 1

#define MT_CAST(name, From, To, test, convert) \
  static intptr_t name(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner) { \
    intptr_t misfits = 0; \
    for (intptr_t o = 0; o < outer; o++) { \
      const From *xs = (const From *)x_.base + o * x_.outer; \
      To *ys = (To *)y_.base + o * y_.outer; \
      for (intptr_t i = 0; i < inner; i++) { \
        const From x = xs[i * x_.inner]; \
        const int fits = test(x); \
        misfits += !fits; \
        ys[i * y_.inner] = fits ? (To)(convert) : 0; \
      } \
    } \
    return misfits; \
  }

// A value that does not fit an integer type is counted and written as 0.
#define MT_CASTS(from, From, int64Test, int32Test, uint8Test) \
  MT_CAST(from##_f32, From, float, MT_FITS_ALWAYS, x) \
  MT_CAST(from##_f64, From, double, MT_FITS_ALWAYS, x) \
  MT_CAST(from##_i64, From, int64_t, int64Test, x) \
  MT_CAST(from##_i32, From, int32_t, int32Test, x) \
  MT_CAST(from##_u8, From, uint8_t, uint8Test, x) \
  MT_CAST(from##_bool, From, uint8_t, MT_FITS_ALWAYS, x != 0)

MT_CASTS(f32, float, MT_FITS_INT64, MT_FITS_INT32, MT_FITS_UINT8)
MT_CASTS(f64, double, MT_FITS_INT64, MT_FITS_INT32, MT_FITS_UINT8)
MT_CASTS(i64, int64_t, MT_FITS_ALWAYS, MT_FITS_INT32, MT_FITS_UINT8)
MT_CASTS(i32, int32_t, MT_FITS_ALWAYS, MT_FITS_ALWAYS, MT_FITS_UINT8)
MT_CASTS(u8, uint8_t, MT_FITS_ALWAYS, MT_FITS_ALWAYS, MT_FITS_ALWAYS)

#define MT_CASTS_FROM(from) {from##_f32, from##_f64, from##_i64, from##_i32, from##_u8, from##_bool}

intptr_t martlet_cast(MTElement from, MTElement to, MTPlane x, MTPlane y, intptr_t outer, intptr_t inner) {
  static intptr_t (*const casts[6][6])(MTPlane, MTPlane, intptr_t, intptr_t) = {
      MT_CASTS_FROM(f32), MT_CASTS_FROM(f64), MT_CASTS_FROM(i64),
      MT_CASTS_FROM(i32), MT_CASTS_FROM(u8),  MT_CASTS_FROM(u8),
  };
  return casts[from][to](x, y, outer, inner);
}
