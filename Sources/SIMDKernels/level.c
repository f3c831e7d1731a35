#include "SIMDKernels.h"

dt_level dt_best_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (wide && __builtin_cpu_supports("avx512vnni")) { return dt_level_vnni; }
    if (wide) { return dt_level_avx512; }
    if (__builtin_cpu_supports("avx2")) { return dt_level_avx2; }
#endif
    return dt_level_portable;
}
