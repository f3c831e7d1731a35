#include "bits.h"
#include "target.h"

int dt_has_bits_level(dt_bits_level level) {
    switch (level) {
    case dt_bits_portable: return 1;
#if DT_X86
    case dt_bits_avx2: __builtin_cpu_init(); return __builtin_cpu_supports("avx2") != 0;
    case dt_bits_popcnt: __builtin_cpu_init(); return __builtin_cpu_supports("popcnt") != 0;
    case dt_bits_vpopcnt:
        return dt_best_level() >= dt_level_avx512 && __builtin_cpu_supports("avx512vpopcntdq")
            && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi2");
#elif defined(__aarch64__)
    case dt_bits_neon: return 1;
#endif
    default: return 0;
    }
}

dt_bits_level dt_best_bits_level(void) {
    static const dt_bits_level levels[] = {dt_bits_vpopcnt, dt_bits_neon, dt_bits_avx2, dt_bits_popcnt};
    for (size_t index = 0; index < sizeof levels / sizeof *levels; ++index) {
        if (dt_has_bits_level(levels[index])) { return levels[index]; }
    }
    return dt_bits_portable;
}

void dt_pack_signs(
    dt_bits_level level, ptrdiff_t rows, int count, const int8_t *numbers, ptrdiff_t word_step, uint32_t *words) {
    switch (level) {
#if DT_X86
    case dt_bits_vpopcnt: dt_bits_pack_vpopcnt(rows, count, numbers, word_step, words); return;
    case dt_bits_avx2: dt_bits_pack_avx2(rows, count, numbers, word_step, words); return;
#endif
    default: dt_bits_pack_portable(rows, count, numbers, word_step, words); return;
    }
}

void dt_bit_sums(
    dt_bits_level level, const dt_line *line, const uint32_t *words, const uint32_t *weights, const int32_t *terms,
    int32_t *sums) {
    const dt_bits_output output = {.sums = sums, .terms = terms};
    switch (level) {
#if DT_X86
    case dt_bits_vpopcnt: dt_bits_sums_vpopcnt(&output, line, words, weights); return;
    case dt_bits_popcnt: dt_bits_sums_popcnt(&output, line, words, weights); return;
    case dt_bits_avx2: dt_bits_sums_avx2(&output, line, words, weights); return;
#elif defined(__aarch64__)
    case dt_bits_neon: dt_bits_sums_neon(&output, line, words, weights); return;
#endif
    default: dt_bits_sums_portable(&output, line, words, weights); return;
    }
}

void dt_pack_ternary(
    dt_bits_level level, ptrdiff_t rows, int count, const int8_t *numbers, ptrdiff_t word_step, uint32_t *words) {
    switch (level) {
#if DT_X86
    case dt_bits_vpopcnt: dt_bits_pack_ternary_vpopcnt(rows, count, numbers, word_step, words); return;
#endif
    default: dt_bits_pack_ternary_portable(rows, count, numbers, word_step, words); return;
    }
}

void dt_ternary_sums(
    dt_bits_level level, const dt_line *line, int planes, const uint32_t *words, const uint32_t *weights,
    const int32_t *terms, int32_t *sums) {
    const dt_bits_output output = {.sums = sums, .terms = terms, .planes = planes};
    switch (level) {
#if DT_X86
    case dt_bits_vpopcnt: dt_bits_ternary_vpopcnt(&output, line, words, weights); return;
    case dt_bits_popcnt: dt_bits_ternary_popcnt(&output, line, words, weights); return;
    case dt_bits_avx2: dt_bits_ternary_avx2(&output, line, words, weights); return;
#elif defined(__aarch64__)
    case dt_bits_neon: dt_bits_ternary_neon(&output, line, words, weights); return;
#endif
    default: dt_bits_ternary_portable(&output, line, words, weights); return;
    }
}

void dt_bit_signs(
    dt_bits_level level, const dt_line *line, const uint32_t *words, const uint32_t *weights, const int32_t *limits,
    int channels, ptrdiff_t sign_step, int8_t *signs) {
    const dt_bits_output output = {.terms = limits, .signs = signs, .sign_step = sign_step, .channels = channels};
    switch (level) {
#if DT_X86
    case dt_bits_vpopcnt: dt_bits_signs_vpopcnt(&output, line, words, weights); return;
    case dt_bits_popcnt: dt_bits_signs_popcnt(&output, line, words, weights); return;
    case dt_bits_avx2: dt_bits_signs_avx2(&output, line, words, weights); return;
#elif defined(__aarch64__)
    case dt_bits_neon: dt_bits_signs_neon(&output, line, words, weights); return;
#endif
    default: dt_bits_signs_portable(&output, line, words, weights); return;
    }
}
