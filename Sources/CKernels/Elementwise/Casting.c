// Casts between element types.

#include "CKernels.h"

// A floating-point value fits an integer type if these hold after its fraction is cut off. NaN never fits.
#define MT_FITS_i64(x) ((x) >= -0x1p63 && (x) < 0x1p63)
#define MT_FITS_i32(x) ((x) > -0x1p31 - 1 && (x) < 0x1p31)
#define MT_FITS_i16(x) ((x) > -0x1p15 - 1 && (x) < 0x1p15)
#define MT_FITS_i8(x) ((x) > -129 && (x) < 128)
#define MT_FITS_u64(x) ((x) > -1 && (x) < 0x1p64)
#define MT_FITS_u32(x) ((x) > -1 && (x) < 0x1p32)
#define MT_FITS_u16(x) ((x) > -1 && (x) < 0x1p16)
#define MT_FITS_u8(x) ((x) > -1 && (x) < 256)

// Writes y, or counts a value that does not fit.
#define MT_CAST(name, From, To, convert) \
  static intptr_t name(MTPlane x_, MTPlane y_, intptr_t outer, intptr_t inner) { \
    intptr_t misfits = 0; \
    for (intptr_t o = 0; o < outer; o++) { \
      const From *xs = (const From *)x_.base + o * x_.outer; \
      To *ys = (To *)y_.base + o * y_.outer; \
      for (intptr_t i = 0; i < inner; i++) { \
        const From x = xs[i * x_.inner]; \
        To y; \
        convert; \
        ys[i * y_.inner] = y; \
      } \
    } \
    return misfits; \
  }

#define MT_CAST_ROUNDING(to, To, from, From) \
  MT_CAST(from##_##to, From, To, misfits += !MT_FITS_##to(x); y = MT_FITS_##to(x) ? (To)x : 0)
#define MT_CAST_INTEGER(to, To, from, From) \
  MT_CAST(from##_##to, From, To, misfits += __builtin_add_overflow(x, (From)0, &y))
#define MT_CAST_COMPLEX(to, To, from, From) MT_CAST(from##_##to, From, To, y = (To)x)
// The cast of a complex element to a real one keeps its real part. There is none to an integer.
#define MT_COMPLEX_CASTS(from, From) \
  MT_CAST(from##_f32, From, float, y = (float)x) \
  MT_CAST(from##_f64, From, double, y = (double)x) \
  MT_CAST(from##_bool, From, uint8_t, y = x != 0) \
  MT_COMPLEXES(MT_CAST_COMPLEX, from, From)
#define MT_CASTS(from, From, integer) \
  MT_COMPLEX_CASTS(from, From) \
  MT_INTEGERS(integer, from, From)

MT_CASTS(f32, float, MT_CAST_ROUNDING)
MT_CASTS(f64, double, MT_CAST_ROUNDING)
MT_CASTS(i64, int64_t, MT_CAST_INTEGER)
MT_CASTS(i32, int32_t, MT_CAST_INTEGER)
MT_CASTS(i16, int16_t, MT_CAST_INTEGER)
MT_CASTS(i8, int8_t, MT_CAST_INTEGER)
MT_CASTS(u64, uint64_t, MT_CAST_INTEGER)
MT_CASTS(u32, uint32_t, MT_CAST_INTEGER)
MT_CASTS(u16, uint16_t, MT_CAST_INTEGER)
MT_CASTS(u8, uint8_t, MT_CAST_INTEGER)
MT_COMPLEX_CASTS(c64, float _Complex)
MT_COMPLEX_CASTS(c128, double _Complex)

typedef intptr_t (*MTCastLoop)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner);
#define MT_CAST_ENTRY(to, To, from) [MTElement_##to] = from##_##to,
#define MT_COMPLEX_ENTRIES(from) \
  MT_CAST_ENTRY(f32, , from) MT_CAST_ENTRY(f64, , from) MT_CAST_ENTRY(bool, , from) MT_COMPLEXES(MT_CAST_ENTRY, from)
#define MT_CASTS_FROM(type, from) \
  [MTElement_##type] = {MT_COMPLEX_ENTRIES(from) MT_INTEGERS(MT_CAST_ENTRY, from)},
#define MT_CASTS_FROM_COMPLEX(type) [MTElement_##type] = {MT_COMPLEX_ENTRIES(type)},

intptr_t martlet_cast(MTElement from, MTElement to, MTPlane x, MTPlane y, intptr_t outer, intptr_t inner) {
  static const MTCastLoop casts[][MTElement_bool + 1] = {
      MT_CASTS_FROM(f32, f32) MT_CASTS_FROM(f64, f64) MT_CASTS_FROM(i64, i64) MT_CASTS_FROM(i32, i32)
      MT_CASTS_FROM(i16, i16) MT_CASTS_FROM(i8, i8) MT_CASTS_FROM(u64, u64) MT_CASTS_FROM(u32, u32)
      MT_CASTS_FROM(u16, u16) MT_CASTS_FROM(u8, u8) MT_CASTS_FROM(bool, u8)
      MT_CASTS_FROM_COMPLEX(c64) MT_CASTS_FROM_COMPLEX(c128)};
  return casts[from][to](x, y, outer, inner);
}
