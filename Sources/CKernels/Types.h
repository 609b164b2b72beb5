// The element types of one instruction set: included by Clones.h, once for each set.

#define MT_FLOATING 1
#define T float
#define S float
#define I int32_t
#define U uint32_t
#define MT_TYPE f32
#define MT_WIDE 0
#include MT_FAMILY
#undef T
#undef S
#undef I
#undef U
#undef MT_TYPE
#undef MT_WIDE

#define T double
#define S double
#define I int64_t
#define U uint64_t
#define MT_TYPE f64
#define MT_WIDE 1
#include MT_FAMILY
#undef T
#undef S
#undef I
#undef U
#undef MT_TYPE
#undef MT_WIDE
#undef MT_FLOATING

#define MT_FLOATING 0
// Sums of integers wrap on overflow, as in NumPy. Their bits are those of an int64_t. Arithmetic wraps in U, which has at
// least 32 bits: C would compute the products of narrower types in int, where they may overflow.
#define S uint64_t

#define MT_WIDE 1
#define T int64_t
#define U uint64_t
#define MT_TYPE i64
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE

#define T uint64_t
#define U uint64_t
#define MT_TYPE u64
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE
#undef MT_WIDE

#define MT_WIDE 0
#define T int32_t
#define U uint32_t
#define MT_TYPE i32
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE

#define T uint32_t
#define U uint32_t
#define MT_TYPE u32
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE

#define T int16_t
#define U uint32_t
#define MT_TYPE i16
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE

#define T uint16_t
#define U uint32_t
#define MT_TYPE u16
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE

#define T int8_t
#define U uint32_t
#define MT_TYPE i8
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE

#define T uint8_t
#define U uint32_t
#define MT_TYPE u8
#include MT_FAMILY
#undef T
#undef U
#undef MT_TYPE
#undef MT_WIDE
#undef S

// Complex elements of two parts, real and imaginary, of the type P.
#define MT_COMPLEX 1
#define P float
#define T float _Complex
#define S T
#define MT_PART_TYPE f32
#define MT_TYPE c64
#include MT_FAMILY
#undef P
#undef T
#undef MT_PART_TYPE
#undef MT_TYPE

#define P double
#define T double _Complex
#define MT_PART_TYPE f64
#define MT_TYPE c128
#include MT_FAMILY
#undef P
#undef T
#undef S
#undef MT_PART_TYPE
#undef MT_TYPE
#undef MT_COMPLEX
#undef MT_FLOATING
