// Makes OpenBLAS choose newer kernels. It chooses them by the CPU's model, and takes those for SSE if it does not know
// the model. Debian 12's version 0.3.21 does so on Intel's Sapphire Rapids, where products then take four times as
// long. The CPU reports its features without its name. So the choice is repeated before main, while no thread can be in
// a product.

#if defined(__linux__) && defined(__x86_64__)

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static int isForSSE(const char *core) {
  static const char *const cores[] = {"Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Opteron", "Barcelona"};
  for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
    if (strcmp(core, cores[i]) == 0) return 1;
  }
  return 0;
}

// Runs before other constructors, and after OpenBLAS's own if it is linked statically. The functions are looked up by
// name: a build of OpenBLAS for one CPU has no choice of kernels and lacks the last two functions.
__attribute__((constructor(102))) static void chooseNewerKernels(void) {
  static const char variable[] = "OPENBLAS_CORETYPE";
  char *(*coreName)(void) = (char *(*)(void))dlsym(RTLD_DEFAULT, "openblas_get_corename");
  void (*forget)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit");
  void (*choose)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init");
  if (coreName == NULL || forget == NULL || choose == NULL || getenv(variable) != NULL) return;
  __builtin_cpu_init();
  if (!isForSSE(coreName()) || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  const int hasAVX512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  setenv(variable, hasAVX512 ? "SkylakeX" : "Haswell", 1);
  forget();
  choose();
  unsetenv(variable);
}

#endif
