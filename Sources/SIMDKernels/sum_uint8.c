#include "SIMDKernels.h"
#include "target.h"

#if DT_X86
#include <immintrin.h>
#include "narrow.inc"

DT_INLINE int32_t four_at(const uint8_t *place) {
    int32_t four;
    __builtin_memcpy(&four, place, sizeof four);
    return four;
}

/// Outputs of `rows` pixels in `width` blocks of channels, sums held in registers; all but the pointers are constants.
DT_INLINE DT_VNNI void tile(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int32_t *places,
    const int8_t *weights, ptrdiff_t channel, uint8_t *output, const dt_family family, const int rows,
    const int width) {
    const uint8_t *row[12];
    __m512i sum[12][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; ++r) {
        row[r] = input + places[r];
#pragma clang loop unroll(full)
        for (int part = 0; part < width; ++part) { sum[r][part] = _mm512_loadu_si512(by->bias + channel + 16 * part); }
    }
    for (int segment = 0; segment < patches->segment_count; ++segment) {
        const ptrdiff_t first = patches->segments[segment], end = first + patches->run;
        for (ptrdiff_t element = first; element < end; element += 4, weights += 64 * width) {
            __m512i right[4];
#pragma clang loop unroll(full)
            for (int part = 0; part < width; ++part) { right[part] = _mm512_loadu_si512(weights + 64 * part); }
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; ++r) {
                __m512i left = _mm512_set1_epi32(four_at(row[r] + element));
#pragma clang loop unroll(full)
                for (int part = 0; part < width; ++part) {
                    sum[r][part] = _mm512_dpbusd_epi32(sum[r][part], left, right[part]);
                }
            }
        }
    }
#pragma clang loop unroll(full)
    for (int part = 0; part < width; ++part) {
        dt_channels channels = channels_at(by, family, channel + 16 * part);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; ++r) { sum[r][part] = rescaled(by, family, &channels, sum[r][part]); }
    }
    dt_row_grid grid = grid_of(by);
    const ptrdiff_t left = patches->channels - channel;
    const int is_whole = left >= 16 * width;
    const __mmask64 mask = is_whole ? ~(__mmask64)0 >> (64 - 16 * width) : ~(__mmask64)0 >> (64 - left);
    const __m512i zero = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; ++r) {
        __m512i bytes = in_order(packed(
            by, &grid, sum[r][0], width > 1 ? sum[r][1] : zero, width > 2 ? sum[r][2] : zero,
            width > 3 ? sum[r][3] : zero));
        uint8_t *place = output + r * patches->stride;
        if (!is_whole || width == 3) {
            _mm512_mask_storeu_epi8(place, mask, bytes);
        } else if (width == 4) {
            _mm512_storeu_si512(place, bytes);
        } else if (width == 2) {
            _mm256_storeu_si256((__m256i *)place, _mm512_castsi512_si256(bytes));
        } else {
            _mm_storeu_si128((__m128i *)place, _mm512_castsi512_si128(bytes));
        }
    }
}

/// All pixels in `width` blocks of channels: whole tiles, the last one moved back over pixels that are done.
DT_INLINE DT_VNNI void panel(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, ptrdiff_t channel,
    uint8_t *output, const dt_family family, const int rows, const int width) {
    if (patches->pixels < rows) {
        for (ptrdiff_t pixel = 0; pixel < patches->pixels; ++pixel) {
            tile(
                patches, by, input, patches->places + pixel, weights, channel, output + pixel * patches->stride,
                family, 1, width);
        }
        return;
    }
    for (ptrdiff_t pixel = 0; pixel < patches->pixels; pixel += rows) {
        if (pixel + rows > patches->pixels) { pixel = patches->pixels - rows; }
        tile(
            patches, by, input, patches->places + pixel, weights, channel, output + pixel * patches->stride, family,
            rows, width);
    }
}

DT_INLINE DT_VNNI void panels(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, uint8_t *output,
    const dt_family family) {
    const ptrdiff_t depth = (ptrdiff_t)patches->segment_count * patches->run;
    for (int block = 0; block < patches->blocks;) {
        int left = patches->blocks - block;
        int width = left >= 4 ? 4 : left;
        const int8_t *start = weights + 16 * block * depth;
        uint8_t *place = output + 16 * block;
        switch (width) {
        case 4: panel(patches, by, input, start, 16 * block, place, family, 6, 4); break;
        case 3: panel(patches, by, input, start, 16 * block, place, family, 8, 3); break;
        case 2: panel(patches, by, input, start, 16 * block, place, family, 10, 2); break;
        default: panel(patches, by, input, start, 16 * block, place, family, 12, 1); break;
        }
        block += width;
    }
}

#define DT_PANELS(NAME, FAMILY)                                                                                     \
    DT_VNNI static void NAME(                                                                                       \
        const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights,             \
        uint8_t *output) {                                                                                          \
        panels(patches, by, input, weights, output, FAMILY);                                                        \
    }

DT_PANELS(double_rounded_panels, dt_double_rounding)
DT_PANELS(half_up_panels, dt_half_up_shift)
DT_PANELS(single_rounded_panels, dt_single_rounding)
DT_PANELS(float_panels, dt_float_scale)
#endif

int dt_can_sum_uint8(dt_level level) { return DT_X86 && level >= dt_level_vnni; }

void dt_sum_uint8(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, void *output) {
#if DT_X86
    switch (by->family) {
    case dt_double_rounding: double_rounded_panels(patches, by, input, weights, output); return;
    case dt_half_up_shift: half_up_panels(patches, by, input, weights, output); return;
    case dt_single_rounding: single_rounded_panels(patches, by, input, weights, output); return;
    case dt_float_scale: float_panels(patches, by, input, weights, output); return;
    }
#endif
}
