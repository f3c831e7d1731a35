#include "SIMDKernels.h"
#include "target.h"

// Loops that the compiler turns into vectors, once for each instruction set.

#define DT_ROWS(NAME, TARGET)                                                                                       \
    TARGET static void add_rows_##NAME(                                                                             \
        const uint8_t *bytes, int is_unsigned, ptrdiff_t rows, ptrdiff_t channels, int32_t *sums) {                 \
        for (ptrdiff_t row = 0; row < rows; ++row, bytes += channels) {                                             \
            if (is_unsigned) {                                                                                      \
                for (ptrdiff_t channel = 0; channel < channels; ++channel) { sums[channel] += bytes[channel]; }     \
            } else {                                                                                                \
                const int8_t *place = (const int8_t *)bytes;                                                        \
                for (ptrdiff_t channel = 0; channel < channels; ++channel) { sums[channel] += place[channel]; }     \
            }                                                                                                       \
        }                                                                                                           \
    }                                                                                                               \
    TARGET static void raise_rows_##NAME(                                                                           \
        const uint8_t *restrict bytes, int is_unsigned, ptrdiff_t rows, ptrdiff_t channels,                         \
        uint8_t *restrict largest) {                                                                                \
        const uint8_t flip = is_unsigned ? 0 : 0x80;                                                                \
        for (ptrdiff_t row = 0; row < rows; ++row, bytes += channels) {                                             \
            for (ptrdiff_t channel = 0; channel < channels; ++channel) {                                            \
                uint8_t one = bytes[channel] ^ flip, other = largest[channel] ^ flip;                               \
                largest[channel] = (one > other ? one : other) ^ flip;                                              \
            }                                                                                                       \
        }                                                                                                           \
    }                                                                                                               \
    TARGET static void average_##NAME(                                                                              \
        const int32_t *restrict sums, int32_t count, ptrdiff_t channels, int32_t lower, int32_t upper,              \
        uint8_t *restrict result) {                                                                                 \
        const double half = count / 2;                                                                              \
        for (ptrdiff_t channel = 0; channel < channels; ++channel) {                                                \
            double sum = sums[channel];                                                                             \
            int32_t quotient = (int32_t)((sum > 0 ? sum + half : sum - half) / count);                              \
            quotient = quotient < lower ? lower : quotient;                                                         \
            result[channel] = (uint8_t)(quotient > upper ? upper : quotient);                                       \
        }                                                                                                           \
    }

DT_ROWS(portable, )
#if DT_X86
DT_ROWS(avx2, DT_AVX2)
DT_ROWS(avx512, DT_AVX512)
#endif

void dt_add_rows(
    dt_level level, const void *bytes, int is_unsigned, ptrdiff_t rows, ptrdiff_t channels, int32_t *sums) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: add_rows_avx512(bytes, is_unsigned, rows, channels, sums); return;
    case dt_level_avx2: add_rows_avx2(bytes, is_unsigned, rows, channels, sums); return;
#endif
    default: add_rows_portable(bytes, is_unsigned, rows, channels, sums); return;
    }
}

void dt_raise_rows(
    dt_level level, const void *bytes, int is_unsigned, ptrdiff_t rows, ptrdiff_t channels, void *largest) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: raise_rows_avx512(bytes, is_unsigned, rows, channels, largest); return;
    case dt_level_avx2: raise_rows_avx2(bytes, is_unsigned, rows, channels, largest); return;
#endif
    default: raise_rows_portable(bytes, is_unsigned, rows, channels, largest); return;
    }
}

void dt_average_bytes(
    dt_level level, const int32_t *sums, int32_t count, ptrdiff_t channels, int32_t lower, int32_t upper,
    void *result) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: average_avx512(sums, count, channels, lower, upper, result); return;
    case dt_level_avx2: average_avx2(sums, count, channels, lower, upper, result); return;
#endif
    default: average_portable(sums, count, channels, lower, upper, result); return;
    }
}
