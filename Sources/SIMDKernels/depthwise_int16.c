#include "SIMDKernels.h"
#include "target.h"

typedef int16_t dt_shorts __attribute__((vector_size(2 * DT_BLOCK), aligned(2)));
typedef uint32_t dt_words __attribute__((vector_size(4 * DT_BLOCK), aligned(4)));
typedef int32_t dt_integers __attribute__((vector_size(4 * DT_BLOCK), aligned(4)));

/// A weight for each channel: `run` channels of each pixel; unsigned so that sums wrap.
DT_INLINE void depthwise(
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums) {
    for (int pixel = 0; pixel < line->pixels; ++pixel, input += line->pixel_step, sums += line->run) {
        for (int channel = 0; channel < line->run; channel += DT_BLOCK) {
            dt_words sum = *(const dt_words *)(bias + channel);
            for (int segment = 0; segment < line->segment_count; ++segment) {
                const dt_shorts *left = (const dt_shorts *)(input + line->segments[segment] + channel);
                const dt_shorts *right = (const dt_shorts *)(weights + (ptrdiff_t)segment * line->run + channel);
                dt_integers product =
                    __builtin_convertvector(*left, dt_integers) * __builtin_convertvector(*right, dt_integers);
                sum += (dt_words)product;
            }
            *(dt_words *)(sums + channel) = sum;
        }
    }
}

#define DT_ARGUMENTS \
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums

static void depthwise_portable(DT_ARGUMENTS) { depthwise(line, input, weights, bias, sums); }
#if DT_X86
DT_AVX2 static void depthwise_avx2(DT_ARGUMENTS) { depthwise(line, input, weights, bias, sums); }
DT_AVX512 static void depthwise_avx512(DT_ARGUMENTS) { depthwise(line, input, weights, bias, sums); }
#endif

void dt_depthwise_int16(
    dt_level level, const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias,
    int32_t *sums) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: depthwise_avx512(line, input, weights, bias, sums); return;
    case dt_level_avx2: depthwise_avx2(line, input, weights, bias, sums); return;
#endif
    default: depthwise_portable(line, input, weights, bias, sums); return;
    }
}
