// The tables of kernels, and the choice of an instruction set at start.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

#define MT_DECLARE_LIST(loop, name, type, isa) extern const loop martlet_##name##_##type##_##isa[];
#define MT_DECLARE_ONE(loop, name, type, isa) extern const loop martlet_##name##_##type##_##isa;
#define MT_FILL(loop, name, type, isa) table->name = martlet_##name##_##type##_##isa;

#define MT_FLOATING(LIST, ONE, type, isa) MT_TABLE(LIST, ONE, type, isa) MT_TABLE_FLOATING(LIST, ONE, type, isa)

#define MT_SET(isa) \
  MT_FLOATING(MT_DECLARE_LIST, MT_DECLARE_ONE, f32, isa) \
  MT_FLOATING(MT_DECLARE_LIST, MT_DECLARE_ONE, f64, isa) \
  MT_TABLE(MT_DECLARE_LIST, MT_DECLARE_ONE, i64, isa) \
  MT_TABLE(MT_DECLARE_LIST, MT_DECLARE_ONE, i32, isa) \
  MT_TABLE(MT_DECLARE_LIST, MT_DECLARE_ONE, u8, isa) \
  static void choose_##isa(void) { \
    MTKernels *table = tables; \
    MT_FLOATING(MT_FILL, MT_FILL, f32, isa) table++; \
    MT_FLOATING(MT_FILL, MT_FILL, f64, isa) table++; \
    MT_TABLE(MT_FILL, MT_FILL, i64, isa) table++; \
    MT_TABLE(MT_FILL, MT_FILL, i32, isa) table++; \
    MT_TABLE(MT_FILL, MT_FILL, u8, isa) \
    chosen = #isa; \
  }

static MTKernels tables[5];
static const char *chosen;
const MTKernels *const martlet_kernels_f32 = tables, *const martlet_kernels_f64 = tables + 1,
                *const martlet_kernels_i64 = tables + 2, *const martlet_kernels_i32 = tables + 3,
                *const martlet_kernels_u8 = tables + 4;

#if defined(__x86_64__)

MT_SET(v2)
MT_SET(v3)
MT_SET(v4)

int martlet_has_instruction_set(const char *name) {
  __builtin_cpu_init();
  if (strcmp(name, "v2") == 0) return __builtin_cpu_supports("x86-64-v2") != 0;
  if (strcmp(name, "v3") == 0) return __builtin_cpu_supports("x86-64-v3") != 0;
  if (strcmp(name, "v4") == 0) return __builtin_cpu_supports("x86-64-v4") != 0;
  return 0;
}

static void choose(const char *name) {
  if (strcmp(name, "v4") == 0) choose_v4();
  else if (strcmp(name, "v3") == 0) choose_v3();
  else choose_v2();
}

static const char *best(void) {
  return martlet_has_instruction_set("v4") ? "v4" : martlet_has_instruction_set("v3") ? "v3" : "v2";
}

#else

MT_SET(plain)

int martlet_has_instruction_set(const char *name) { return strcmp(name, "plain") == 0; }
static void choose(const char *name) { choose_plain(); }
static const char *best(void) { return "plain"; }

#endif

// Runs before other constructors, which may already compute.
__attribute__((constructor(101))) static void chooseAtStart(void) {
  const char *wanted = getenv("MARTLET_ISA");
  if (wanted == NULL || *wanted == 0) wanted = best();
  if (!martlet_has_instruction_set(wanted)) {
    fprintf(stderr, "MARTLET_ISA=%s: this CPU has no such instruction set; the best it has is %s\n", wanted, best());
    exit(2);
  }
  choose(wanted);
}

const char *martlet_instruction_set(void) { return chosen; }
