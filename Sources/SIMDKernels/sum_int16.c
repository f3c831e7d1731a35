#include "SIMDKernels.h"
#include "target.h"

/// Sixteen channels of one pixel, in plain C; unsigned so that sums wrap.
DT_INLINE void block_portable(
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums) {
    uint32_t sum[DT_BLOCK];
    for (int channel = 0; channel < DT_BLOCK; ++channel) { sum[channel] = (uint32_t)bias[channel]; }
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const int16_t *run = input + line->segments[segment];
        for (int element = 0; element < line->run; element += 2, weights += 2 * DT_BLOCK) {
            int32_t first = run[element], second = run[element + 1];
            for (int channel = 0; channel < DT_BLOCK; ++channel) {
                sum[channel] += (uint32_t)(first * weights[2 * channel]);
                sum[channel] += (uint32_t)(second * weights[2 * channel + 1]);
            }
        }
    }
    for (int channel = 0; channel < DT_BLOCK; ++channel) { sums[channel] = (int32_t)sum[channel]; }
}

static void sum_portable(
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums) {
    ptrdiff_t stride = (ptrdiff_t)line->segment_count * line->run * DT_BLOCK;
    for (int pixel = 0; pixel < line->pixels; ++pixel) {
        for (int block = 0; block < line->blocks; ++block) {
            block_portable(
                line, input + pixel * line->pixel_step, weights + block * stride, bias + block * DT_BLOCK,
                sums + (ptrdiff_t)pixel * line->blocks * DT_BLOCK + block * DT_BLOCK);
        }
    }
}

#if DT_X86
#include <immintrin.h>

DT_INLINE int32_t pair_at(const int16_t *place) {
    int32_t pair;
    __builtin_memcpy(&pair, place, sizeof pair);
    return pair;
}

#define DT_TILE_NAME tile_avx2
#define DT_TARGET DT_AVX2
#define DT_VECTOR __m256i
#define DT_LANES 8
#define DT_LOAD(place) _mm256_loadu_si256((const __m256i *)(place))
#define DT_STORE(place, value) _mm256_storeu_si256((__m256i *)(place), value)
#define DT_SPREAD(pair) _mm256_set1_epi32(pair)
#define DT_DOT(sum, left, right) _mm256_add_epi32(sum, _mm256_madd_epi16(left, right))
#include "sum_int16_tile.inc"

#define DT_TILE_NAME tile_avx512
#define DT_TARGET DT_AVX512
#define DT_VECTOR __m512i
#define DT_LANES 16
#define DT_LOAD(place) _mm512_loadu_si512(place)
#define DT_STORE(place, value) _mm512_storeu_si512(place, value)
#define DT_SPREAD(pair) _mm512_set1_epi32(pair)
#define DT_DOT(sum, left, right) _mm512_add_epi32(sum, _mm512_madd_epi16(left, right))
#include "sum_int16_tile.inc"

#define DT_TILE_NAME tile_vnni
#define DT_TARGET DT_VNNI
#define DT_VECTOR __m512i
#define DT_LANES 16
#define DT_LOAD(place) _mm512_loadu_si512(place)
#define DT_STORE(place, value) _mm512_storeu_si512(place, value)
#define DT_SPREAD(pair) _mm512_set1_epi32(pair)
#define DT_DOT(sum, left, right) _mm512_dpwssd_epi32(sum, left, right)
#include "sum_int16_tile.inc"

/// Walks over the tiles of a line: `ROWS` pixels by up to `WIDTH` blocks, then what is left.
#define DT_WALK(TILE, ROWS, WIDTH)                                                                                  \
    do {                                                                                                            \
        ptrdiff_t stride = (ptrdiff_t)line->segment_count * line->run * DT_BLOCK;                                   \
        for (int block = 0; block < line->blocks;) {                                                                \
            int width = line->blocks - block >= WIDTH ? WIDTH : 1;                                                  \
            const int16_t *tile_weights = weights + block * stride;                                                 \
            const int32_t *tile_bias = bias + block * DT_BLOCK;                                                     \
            for (int pixel = 0; pixel < line->pixels;) {                                                            \
                int left = line->pixels - pixel;                                                                    \
                const int16_t *place = input + pixel * line->pixel_step;                                            \
                int32_t *tile_sums = sums + ((ptrdiff_t)pixel * line->blocks + block) * DT_BLOCK;                   \
                if (left >= ROWS && width == WIDTH) {                                                               \
                    TILE(line, place, tile_weights, tile_bias, tile_sums, ROWS, WIDTH);                             \
                    pixel += ROWS;                                                                                  \
                } else if (left >= ROWS) {                                                                          \
                    TILE(line, place, tile_weights, tile_bias, tile_sums, ROWS, 1);                                 \
                    pixel += ROWS;                                                                                  \
                } else if (left >= 2) {                                                                             \
                    for (int part = 0; part < width; ++part) {                                                      \
                        TILE(                                                                                       \
                            line, place, tile_weights + part * stride, tile_bias + part * DT_BLOCK,                 \
                            tile_sums + part * DT_BLOCK, 2, 1);                                                     \
                    }                                                                                               \
                    pixel += 2;                                                                                     \
                } else if (width == WIDTH) {                                                                        \
                    TILE(line, place, tile_weights, tile_bias, tile_sums, 1, WIDTH);                                \
                    pixel += 1;                                                                                     \
                } else {                                                                                            \
                    TILE(line, place, tile_weights, tile_bias, tile_sums, 1, 1);                                    \
                    pixel += 1;                                                                                     \
                }                                                                                                   \
            }                                                                                                       \
            block += width;                                                                                         \
        }                                                                                                           \
    } while (0)

DT_AVX2 static void sum_avx2(
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums) {
    DT_WALK(tile_avx2, 4, 1);
}

DT_AVX512 static void sum_avx512(
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums) {
    DT_WALK(tile_avx512, 8, 2);
}

DT_VNNI static void sum_vnni(
    const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias, int32_t *sums) {
    DT_WALK(tile_vnni, 8, 2);
}
#endif

void dt_sum_int16(
    dt_level level, const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias,
    int32_t *sums) {
    switch (level) {
#if DT_X86
    case dt_level_vnni: sum_vnni(line, input, weights, bias, sums); return;
    case dt_level_avx512: sum_avx512(line, input, weights, bias, sums); return;
    case dt_level_avx2: sum_avx2(line, input, weights, bias, sums); return;
#endif
    default: sum_portable(line, input, weights, bias, sums); return;
    }
}
