/// Instruction sets for which each loop is compiled.
#ifndef DOVETAIL_TARGET_H
#define DOVETAIL_TARGET_H

#define DT_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define DT_X86 1
#define DT_AVX2 __attribute__((target("avx2")))
#define DT_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define DT_VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define DT_POPCNT __attribute__((target("popcnt")))
#define DT_VPOPCNT __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,popcnt,bmi2")))
#else
#define DT_X86 0
#endif

#endif
