// The tables of kernels, and the choice of an instruction set at start.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

#define MT_DECLARE_LIST(loop, name, type, isa) extern const loop martlet_##name##_##type##_##isa[];
#define MT_DECLARE_ONE(loop, name, type, isa) extern const loop martlet_##name##_##type##_##isa;
#define MT_FILL(loop, name, type, isa) table->name = martlet_##name##_##type##_##isa;

#define MT_REAL(LIST, ONE, type, isa) MT_TABLE(LIST, ONE, type, isa) MT_TABLE_REAL(LIST, ONE, type, isa)
#define MT_FLOATING(LIST, ONE, type, isa) MT_REAL(LIST, ONE, type, isa) MT_TABLE_FLOATING(LIST, ONE, type, isa)

static MTKernels tables[MTElement_bool];
static const char *chosen;
#define MT_EXPORT(name, ...) const MTKernels *const martlet_kernels_##name = tables + MTElement_##name;
MT_EXPORT(f32)
MT_EXPORT(f64)
MT_INTEGERS(MT_EXPORT, )
MT_COMPLEXES(MT_EXPORT, )

#define MT_DECLARE_INTEGER(name, type, isa) MT_REAL(MT_DECLARE_LIST, MT_DECLARE_ONE, name, isa)
#define MT_DECLARE_COMPLEX(name, type, isa) MT_TABLE(MT_DECLARE_LIST, MT_DECLARE_ONE, name, isa)
#define MT_CHOOSE(name, list, isa) \
  table = tables + MTElement_##name; \
  list(MT_FILL, MT_FILL, name, isa)
#define MT_CHOOSE_INTEGER(name, type, isa) MT_CHOOSE(name, MT_REAL, isa)
#define MT_CHOOSE_COMPLEX(name, type, isa) MT_CHOOSE(name, MT_TABLE, isa)

#define MT_SET(isa) \
  MT_FLOATING(MT_DECLARE_LIST, MT_DECLARE_ONE, f32, isa) \
  MT_FLOATING(MT_DECLARE_LIST, MT_DECLARE_ONE, f64, isa) \
  MT_INTEGERS(MT_DECLARE_INTEGER, isa) \
  MT_COMPLEXES(MT_DECLARE_COMPLEX, isa) \
  static void choose_##isa(void) { \
    MTKernels *table; \
    MT_CHOOSE(f32, MT_FLOATING, isa) \
    MT_CHOOSE(f64, MT_FLOATING, isa) \
    MT_INTEGERS(MT_CHOOSE_INTEGER, isa) \
    MT_COMPLEXES(MT_CHOOSE_COMPLEX, isa) \
    chosen = #isa; \
  }

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
