// The tables of kernels, and the choice of an instruction set at start.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

#define MT_DECLARE(type, isa) \
  extern const MTUnaryLoop martlet_unary_##type##_##isa[]; \
  extern const MTBinaryLoop martlet_binary_##type##_##isa[], martlet_compare_##type##_##isa[]; \
  extern const MTReduceLoop martlet_reduceRows_##type##_##isa[], martlet_reduceColumns_##type##_##isa[]; \
  extern const MTLocateLoop martlet_locate_##type##_##isa[]; \
  extern const MTUnaryLoop martlet_copy_##type##_##isa; \
  extern const MTSelectLoop martlet_select_##type##_##isa; \
  extern const MTGatherLoop martlet_gather_##type##_##isa; \
  extern const MTScatterLoop martlet_scatterAdd_##type##_##isa; \
  extern const MTPlaceLoop martlet_place_##type##_##isa;
#define MT_DECLARE_FLOATING(type, isa) \
  MT_DECLARE(type, isa) \
  extern const MTRowsLoop martlet_rows_##type##_##isa[]; \
  extern const MTCrossEntropyLoop martlet_crossEntropy_##type##_##isa; \
  extern const MTCrossEntropyGradientLoop martlet_crossEntropyGradient_##type##_##isa; \
  extern const MTLayerNormLoop martlet_layerNorm_##type##_##isa; \
  extern const MTLayerNormGradientLoop martlet_layerNormGradient_##type##_##isa; \
  extern const MTNormalizing martlet_normalizing_##type##_##isa; \
  extern const MTResampleLoop martlet_resample_##type##_##isa, martlet_resampleTransposed_##type##_##isa; \
  extern const MTConvolutionLoops martlet_convolution_##type##_##isa; \
  extern const MTPanelLoops martlet_panels_##type##_##isa; \
  extern const MTWinogradLoops martlet_winograd_##type##_##isa; \
  extern const MTRecurrentLoops martlet_recurrent_##type##_##isa[]; \
  extern const MTTemporalLoops martlet_temporal_##type##_##isa; \
  extern const MTAttentionLoops martlet_attention_##type##_##isa; \
  extern const MTPoolLoops martlet_pool_##type##_##isa; \
  extern const MTSmallMatrices martlet_small_##type##_##isa; \
  extern const MTUpdateLoop martlet_update_##type##_##isa[]; \
  extern const MTPowerSumLoop martlet_powerSum_##type##_##isa;

#define MT_FILL(type, isa) \
  table.unary = martlet_unary_##type##_##isa; \
  table.binary = martlet_binary_##type##_##isa; \
  table.compare = martlet_compare_##type##_##isa; \
  table.reduceRows = martlet_reduceRows_##type##_##isa; \
  table.reduceColumns = martlet_reduceColumns_##type##_##isa; \
  table.locate = martlet_locate_##type##_##isa; \
  table.copy = martlet_copy_##type##_##isa; \
  table.select = martlet_select_##type##_##isa; \
  table.gather = martlet_gather_##type##_##isa; \
  table.scatterAdd = martlet_scatterAdd_##type##_##isa; \
  table.place = martlet_place_##type##_##isa;
#define MT_FILL_FLOATING(type, isa) \
  MT_FILL(type, isa) \
  table.rows = martlet_rows_##type##_##isa; \
  table.crossEntropy = martlet_crossEntropy_##type##_##isa; \
  table.crossEntropyGradient = martlet_crossEntropyGradient_##type##_##isa; \
  table.layerNorm = martlet_layerNorm_##type##_##isa; \
  table.layerNormGradient = martlet_layerNormGradient_##type##_##isa; \
  table.normalizing = martlet_normalizing_##type##_##isa; \
  table.resample = martlet_resample_##type##_##isa; \
  table.resampleTransposed = martlet_resampleTransposed_##type##_##isa; \
  table.convolution = martlet_convolution_##type##_##isa; \
  table.panels = martlet_panels_##type##_##isa; \
  table.winograd = martlet_winograd_##type##_##isa; \
  table.recurrent = martlet_recurrent_##type##_##isa; \
  table.temporal = martlet_temporal_##type##_##isa; \
  table.attention = martlet_attention_##type##_##isa; \
  table.pool = martlet_pool_##type##_##isa; \
  table.small = martlet_small_##type##_##isa; \
  table.update = martlet_update_##type##_##isa; \
  table.powerSum = martlet_powerSum_##type##_##isa;

#define MT_SET(isa) \
  MT_DECLARE_FLOATING(f32, isa) \
  MT_DECLARE_FLOATING(f64, isa) \
  MT_DECLARE(i64, isa) \
  MT_DECLARE(i32, isa) \
  MT_DECLARE(u8, isa) \
  static void choose_##isa(void) { \
    MTKernels table = {0}; \
    MT_FILL_FLOATING(f32, isa) tables[0] = table; \
    MT_FILL_FLOATING(f64, isa) tables[1] = table; \
    memset(&table, 0, sizeof table); \
    MT_FILL(i64, isa) tables[2] = table; \
    MT_FILL(i32, isa) tables[3] = table; \
    MT_FILL(u8, isa) tables[4] = table; \
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
