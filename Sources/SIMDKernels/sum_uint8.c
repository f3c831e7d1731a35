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

/// Writes `count` channels of a pixel, at most 16 times `width`; `part` is its place among the pixels of a vector.
DT_INLINE DT_VNNI void store_pixel(uint8_t *place, __m512i bytes, ptrdiff_t count, const int part, const int width) {
    if (width >= 3) {
        if (count >= 64) {
            _mm512_storeu_si512(place, bytes);
        } else {
            _mm512_mask_storeu_epi8(place, ~(__mmask64)0 >> (64 - count), bytes);
        }
    } else if (width == 2) {
        __m256i half = part == 0 ? _mm512_castsi512_si256(bytes) : _mm512_extracti64x4_epi64(bytes, 1);
        if (count >= 32) {
            _mm256_storeu_si256((__m256i *)place, half);
        } else {
            _mm256_mask_storeu_epi8(place, ~(__mmask32)0 >> (32 - count), half);
        }
    } else {
        __m128i quarter = part == 0 ? _mm512_castsi512_si128(bytes)
            : part == 1             ? _mm512_extracti32x4_epi32(bytes, 1)
            : part == 2             ? _mm512_extracti32x4_epi32(bytes, 2)
                                    : _mm512_extracti32x4_epi32(bytes, 3);
        if (count >= 16) {
            _mm_storeu_si128((__m128i *)place, quarter);
        } else {
            _mm_mask_storeu_epi8(place, (__mmask16)(0xFFFF >> (16 - count)), quarter);
        }
    }
}

/// Clamps and writes the outputs of a tile: whole vectors of one, two or four pixels.
DT_INLINE DT_VNNI void store(
    const dt_patches *patches, const dt_narrowing *by, ptrdiff_t channel, __m512i sum[12][4], uint8_t *output,
    const int rows, const int width) {
    const dt_row_grid grid = grid_of(by);
    const __m512i zero = _mm512_setzero_si512();
    const int together = width >= 3 ? 1 : 4 / width;
    const ptrdiff_t left = patches->channels - channel;
    const ptrdiff_t count = left < 16 * width ? left : 16 * width;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r += together) {
        __m512i four[4];
#pragma clang loop unroll(full)
        for (int part = 0; part < 4; ++part) {
            const int row = width >= 3 ? r : r + part / width;
            const int block = width >= 3 ? part : part % width;
            four[part] = row < rows && block < width ? sum[row][block] : zero;
        }
        __m512i bytes = in_order(packed(by, &grid, four[0], four[1], four[2], four[3]));
#pragma clang loop unroll(full)
        for (int part = 0; part < together && r + part < rows; ++part) {
            store_pixel(output + (r + part) * patches->stride, bytes, count, part, width);
        }
    }
}

/// Outputs of `rows` pixels in `width` blocks of channels, sums held in registers; all but the pointers are constants.
DT_INLINE DT_VNNI void tile(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int32_t *places,
    const int8_t *weights, ptrdiff_t channel, uint8_t *output, const dt_family family, const int peaks,
    const int rows, const int width) {
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
    if (peaks) {
        __m512i largest = _mm512_setzero_si512();
#pragma clang loop unroll(full)
        for (int part = 0; part < width; ++part) {
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; ++r) {
                largest = larger(largest, sum[r][part], by->peak_channels - channel - 16 * part);
            }
        }
        raise_peak(by, largest);
    }
#pragma clang loop unroll(full)
    for (int part = 0; part < width; ++part) {
        dt_channels channels = channels_at(by, family, channel + 16 * part);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; ++r) { sum[r][part] = rescaled(by, family, &channels, sum[r][part]); }
    }
    store(patches, by, channel, sum, output, rows, width);
}

/// All pixels in `width` blocks of channels: whole tiles, the last one moved back over pixels that are done.
DT_INLINE DT_VNNI void panel(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, ptrdiff_t channel,
    uint8_t *output, const dt_family family, const int peaks, const int rows, const int width) {
    if (patches->pixels < rows) {
        for (ptrdiff_t pixel = 0; pixel < patches->pixels; ++pixel) {
            tile(
                patches, by, input, patches->places + pixel, weights, channel, output + pixel * patches->stride,
                family, peaks, 1, width);
        }
        return;
    }
    for (ptrdiff_t pixel = 0; pixel < patches->pixels; pixel += rows) {
        if (pixel + rows > patches->pixels) { pixel = patches->pixels - rows; }
        tile(
            patches, by, input, patches->places + pixel, weights, channel, output + pixel * patches->stride, family,
            peaks, rows, width);
    }
}

DT_INLINE DT_VNNI void panels(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, uint8_t *output,
    const dt_family family, const int peaks) {
    const ptrdiff_t depth = (ptrdiff_t)patches->segment_count * patches->run;
    for (int block = 0; block < patches->blocks;) {
        int left = patches->blocks - block;
        int width = left >= 4 ? 4 : left;
        const int8_t *start = weights + 16 * block * depth;
        uint8_t *place = output + 16 * block;
        switch (width) {
        case 4: panel(patches, by, input, start, 16 * block, place, family, peaks, 6, 4); break;
        case 3: panel(patches, by, input, start, 16 * block, place, family, peaks, 8, 3); break;
        case 2: panel(patches, by, input, start, 16 * block, place, family, peaks, 10, 2); break;
        default: panel(patches, by, input, start, 16 * block, place, family, peaks, 12, 1); break;
        }
        block += width;
    }
}

#define DT_PANELS(NAME, FAMILY)                                                                                     \
    DT_VNNI static void NAME(                                                                                       \
        const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights,             \
        uint8_t *output) {                                                                                          \
        panels(patches, by, input, weights, output, FAMILY, 0);                                                     \
    }                                                                                                               \
    DT_VNNI static void NAME##_with_peaks(                                                                          \
        const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights,             \
        uint8_t *output) {                                                                                          \
        panels(patches, by, input, weights, output, FAMILY, 1);                                                     \
    }

DT_PANELS(double_rounded_panels, dt_double_rounding)
DT_PANELS(half_up_panels, dt_half_up_shift)
DT_PANELS(single_rounded_panels, dt_single_rounding)
DT_PANELS(float_panels, dt_float_scale)

#define DT_CASE(FAMILY, NAME)                                                                                       \
    case FAMILY: (by->peak ? NAME##_with_peaks : NAME)(patches, by, input, weights, output); return;
#endif

int dt_can_sum_uint8(dt_level level) { return DT_X86 && level >= dt_level_vnni; }

void dt_sum_uint8(
    const dt_patches *patches, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, void *output) {
#if DT_X86
    switch (by->family) {
        DT_CASE(dt_double_rounding, double_rounded_panels)
        DT_CASE(dt_half_up_shift, half_up_panels)
        DT_CASE(dt_single_rounding, single_rounded_panels)
        DT_CASE(dt_float_scale, float_panels)
    }
#endif
}
