#include "SIMDKernels.h"
#include "target.h"

// A product is rounded before it is added: a fused step would give other bits where the machine has it.
#pragma clang fp contract(off)

typedef float dt_floats __attribute__((vector_size(4 * DT_BLOCK), aligned(4)));

/// Sums of `rows` neighbouring pixels by `width` neighbouring blocks; both are constants.
DT_INLINE void tile(
    const dt_line *line, const float *input, const float *weights, const float *bias, float *sums, const int rows,
    const int width) {
    const ptrdiff_t stride = (ptrdiff_t)line->segment_count * line->run * DT_BLOCK;
    dt_floats sum[8][2];
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; ++row) {
#pragma clang loop unroll(full)
        for (int part = 0; part < width; ++part) { sum[row][part] = (dt_floats){0}; }
    }
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const float *run = input + line->segments[segment];
        for (int element = 0; element < line->run; ++element, weights += DT_BLOCK) {
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; ++row) {
                float left = run[element + row * line->pixel_step];
#pragma clang loop unroll(full)
                for (int part = 0; part < width; ++part) {
                    sum[row][part] += left * *(const dt_floats *)(weights + part * stride);
                }
            }
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; ++row) {
#pragma clang loop unroll(full)
        for (int part = 0; part < width; ++part) {
            if (bias) { sum[row][part] += *(const dt_floats *)(bias + part * DT_BLOCK); }
            *(dt_floats *)(sums + (ptrdiff_t)row * line->blocks * DT_BLOCK + part * DT_BLOCK) = sum[row][part];
        }
    }
}

/// Walks over the tiles of a line: `rows` pixels by `width` blocks, then what is left.
DT_INLINE void walk(
    const dt_line *line, const float *input, const float *weights, const float *bias, float *sums, const int rows,
    const int width) {
    const ptrdiff_t stride = (ptrdiff_t)line->segment_count * line->run * DT_BLOCK;
    for (int block = 0; block < line->blocks;) {
        int count = line->blocks - block >= width ? width : 1;
        const float *tile_weights = weights + block * stride;
        const float *tile_bias = bias ? bias + block * DT_BLOCK : 0;
        for (int pixel = 0; pixel < line->pixels;) {
            const float *place = input + pixel * line->pixel_step;
            float *tile_sums = sums + ((ptrdiff_t)pixel * line->blocks + block) * DT_BLOCK;
            int isFull = line->pixels - pixel >= rows;
            if (isFull && count == width) {
                tile(line, place, tile_weights, tile_bias, tile_sums, rows, width);
            } else if (isFull) {
                tile(line, place, tile_weights, tile_bias, tile_sums, rows, 1);
            } else if (count == width) {
                tile(line, place, tile_weights, tile_bias, tile_sums, 1, width);
            } else {
                tile(line, place, tile_weights, tile_bias, tile_sums, 1, 1);
            }
            pixel += isFull ? rows : 1;
        }
        block += count;
    }
}

/// A weight for each channel: `run` channels of each pixel.
DT_INLINE void depthwise(
    const dt_line *line, const float *input, const float *weights, const float *bias, float *sums) {
    for (int pixel = 0; pixel < line->pixels; ++pixel, input += line->pixel_step, sums += line->run) {
        for (int channel = 0; channel < line->run; channel += DT_BLOCK) {
            dt_floats sum = {0};
            for (int segment = 0; segment < line->segment_count; ++segment) {
                dt_floats left = *(const dt_floats *)(input + line->segments[segment] + channel);
                sum += left * *(const dt_floats *)(weights + (ptrdiff_t)segment * line->run + channel);
            }
            if (bias) { sum += *(const dt_floats *)(bias + channel); }
            *(dt_floats *)(sums + channel) = sum;
        }
    }
}

#define DT_ARGUMENTS \
    const dt_line *line, const float *input, const float *weights, const float *bias, float *sums

static void sum_portable(DT_ARGUMENTS) { walk(line, input, weights, bias, sums, 2, 1); }
static void depthwise_portable(DT_ARGUMENTS) { depthwise(line, input, weights, bias, sums); }

#if DT_X86
DT_AVX2 static void sum_avx2(DT_ARGUMENTS) { walk(line, input, weights, bias, sums, 4, 1); }
DT_AVX2 static void depthwise_avx2(DT_ARGUMENTS) { depthwise(line, input, weights, bias, sums); }
DT_AVX512 static void sum_avx512(DT_ARGUMENTS) { walk(line, input, weights, bias, sums, 8, 2); }
DT_AVX512 static void depthwise_avx512(DT_ARGUMENTS) { depthwise(line, input, weights, bias, sums); }
#endif

void dt_sum_float(
    dt_level level, const dt_line *line, const float *input, const float *weights, const float *bias, float *sums) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: sum_avx512(line, input, weights, bias, sums); return;
    case dt_level_avx2: sum_avx2(line, input, weights, bias, sums); return;
#endif
    default: sum_portable(line, input, weights, bias, sums); return;
    }
}

void dt_depthwise_float(
    dt_level level, const dt_line *line, const float *input, const float *weights, const float *bias, float *sums) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: depthwise_avx512(line, input, weights, bias, sums); return;
    case dt_level_avx2: depthwise_avx2(line, input, weights, bias, sums); return;
#endif
    default: depthwise_portable(line, input, weights, bias, sums); return;
    }
}
