// Includes the file MT_FAMILY once for each instruction set and element type.
//
// A body sees T (the element), S (the type of sums), MT_FLOATING, MT_WIDE (64 bits) and MT_COMPLEX. MT_NAME(exp) is the
// name of a function for this type and instruction set, MT_OF_PARTS(exp) that for the parts P of a complex T.
// MT_FMA(a, b, c), or MT_FUSED for vectors, rounds once on instruction sets with a fused multiply-add, where MT_FUSES is
// 1; the others multiply and add. An instruction set has MT_REGISTERS registers of MT_REGISTER bytes.

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"

#pragma clang fp contract(off)
// A loop that calls the library (pow) stays scalar. The test for NaN is x != x.
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang diagnostic ignored "-Wtautological-compare"

#define MT_BODY
#define MT_JOIN3_(a, b, c) a##_##b##_##c
#define MT_JOIN3(a, b, c) MT_JOIN3_(a, b, c)
#define MT_NAME(name) MT_JOIN3(name, MT_TYPE, MT_ISA)
#define MT_OF_PARTS(name) MT_JOIN3(name, MT_PART_TYPE, MT_ISA)
#define MT_FMA(a, b, c) MT_FUSED((T)(a), (T)(b), (T)(c))
#define MT_EACH(i, count) for (intptr_t i = 0; i < (count); i++)
// The bytes of a cache line, and the distance in bytes at which loops prefetch. The CPU's own prefetching stops at
// pages.
#define MT_LINE 64
#define MT_AHEAD 4096
// A loop whose iterations are independent. If an operand is also the result, each iteration reads and writes the same
// element.
#define MT_EACH_INDEPENDENT(i, count) _Pragma("clang loop vectorize(assume_safety)") MT_EACH(i, count)

#if defined(__x86_64__)

#define MT_ISA v2
#define MT_REGISTER 16
#define MT_REGISTERS 16
#define MT_FUSED(a, b, c) ((a) * (b) + (c))
#define MT_FUSES 0
#pragma clang attribute push(__attribute__((target("arch=x86-64-v2"))), apply_to = function)
#include "Types.h"
#pragma clang attribute pop
#undef MT_ISA
#undef MT_REGISTER
#undef MT_FUSED
#undef MT_FUSES

#define MT_FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define MT_FUSES 1

#define MT_ISA v3
#define MT_REGISTER 32
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "Types.h"
#pragma clang attribute pop
#undef MT_ISA
#undef MT_REGISTER
#undef MT_REGISTERS

#define MT_ISA v4
#define MT_REGISTER 64
#define MT_REGISTERS 32
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,no-prefer-256-bit"))), apply_to = function)
#include "Types.h"
#pragma clang attribute pop
#undef MT_ISA

#else

#define MT_ISA plain
#define MT_REGISTER 16
#define MT_REGISTERS 32
#define MT_FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define MT_FUSES 1
#include "Types.h"

#endif
