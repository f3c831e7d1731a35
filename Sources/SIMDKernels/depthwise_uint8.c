#include "SIMDKernels.h"
#include "target.h"

static int blocks_of(const dt_depthwise *layer) { return (layer->channels + DT_BLOCK - 1) / DT_BLOCK; }

static int padded_width(const dt_depthwise *layer) {
    return layer->padding_left + layer->width + layer->padding_right;
}

/// Groups of four kernel rows.
static int row_groups(const dt_depthwise *layer) { return (layer->kernel_height + 3) / 4; }

/// Bytes of a line of pixels with the bytes of four rows side by side.
static ptrdiff_t line_bytes(const dt_depthwise *layer) {
    return (ptrdiff_t)padded_width(layer) * blocks_of(layer) * 64;
}

ptrdiff_t dt_depthwise_workspace(const dt_depthwise *layer) {
    ptrdiff_t empty_row = (ptrdiff_t)layer->width * layer->channels + 64;
    return row_groups(layer) * line_bytes(layer) + empty_row;
}

#if DT_X86
#include <immintrin.h>
#include "narrow.inc"

/// The bytes of sixteen channels in four rows, channel by channel.
DT_INLINE DT_VNNI void interleave_block(const uint8_t *const row[4], ptrdiff_t place, __m128i flip, uint8_t *target) {
    __m128i byte[4];
    for (int r = 0; r < 4; ++r) { byte[r] = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(row[r] + place)), flip); }
    __m128i first = _mm_unpacklo_epi8(byte[0], byte[1]), second = _mm_unpacklo_epi8(byte[2], byte[3]);
    __m128i third = _mm_unpackhi_epi8(byte[0], byte[1]), fourth = _mm_unpackhi_epi8(byte[2], byte[3]);
    __m128i *out = (__m128i *)target;
    _mm_storeu_si128(out, _mm_unpacklo_epi16(first, second));
    _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(first, second));
    _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(third, fourth));
    _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(third, fourth));
}

/// Four blocks that lie one behind the other.
DT_INLINE DT_VNNI void interleave_four(const uint8_t *const row[4], ptrdiff_t place, __m512i flip, uint8_t *target) {
    __m512i byte[4];
    for (int r = 0; r < 4; ++r) { byte[r] = _mm512_xor_si512(_mm512_loadu_si512(row[r] + place), flip); }
    __m512i first = _mm512_unpacklo_epi8(byte[0], byte[1]), second = _mm512_unpacklo_epi8(byte[2], byte[3]);
    __m512i third = _mm512_unpackhi_epi8(byte[0], byte[1]), fourth = _mm512_unpackhi_epi8(byte[2], byte[3]);
    __m512i a = _mm512_unpacklo_epi16(first, second), b = _mm512_unpackhi_epi16(first, second);
    __m512i c = _mm512_unpacklo_epi16(third, fourth), d = _mm512_unpackhi_epi16(third, fourth);
    __m512i low = _mm512_shuffle_i32x4(a, b, 0x44), high = _mm512_shuffle_i32x4(a, b, 0xEE);
    __m512i low_rest = _mm512_shuffle_i32x4(c, d, 0x44), high_rest = _mm512_shuffle_i32x4(c, d, 0xEE);
    _mm512_storeu_si512(target, _mm512_shuffle_i32x4(low, low_rest, 0x88));
    _mm512_storeu_si512(target + 64, _mm512_shuffle_i32x4(low, low_rest, 0xDD));
    _mm512_storeu_si512(target + 128, _mm512_shuffle_i32x4(high, high_rest, 0x88));
    _mm512_storeu_si512(target + 192, _mm512_shuffle_i32x4(high, high_rest, 0xDD));
}

/// A line of the image without its padding: `[pixel][block][16][4]`.
DT_INLINE DT_VNNI void interleave(const dt_depthwise *layer, const uint8_t *const row[4], uint8_t *target) {
    const __m512i flip = _mm512_set1_epi8((char)layer->flip);
    const int blocks = blocks_of(layer);
    if (layer->channels % DT_BLOCK == 0) {
        const ptrdiff_t count = (ptrdiff_t)layer->width * layer->channels;
        ptrdiff_t place = 0;
        for (; place + 64 <= count; place += 64) { interleave_four(row, place, flip, target + 4 * place); }
        for (; place < count; place += 16) {
            interleave_block(row, place, _mm512_castsi512_si128(flip), target + 4 * place);
        }
        return;
    }
    for (int column = 0; column < layer->width; ++column) {
        for (int block = 0; block < blocks; ++block, target += 64) {
            ptrdiff_t place = (ptrdiff_t)column * layer->channels + DT_BLOCK * block;
            interleave_block(row, place, _mm512_castsi512_si128(flip), target);
        }
    }
}

/// The sums of `count` neighbouring pixels, at most 4, in one block, narrowed and stored.
DT_INLINE DT_VNNI void pixels(
    const dt_depthwise *layer, const dt_narrowing *by, const dt_channels *channels, const dt_row_grid *grid,
    const uint8_t *lines, const int8_t *weights, int block, int column, uint8_t *output, const dt_family family,
    const int count) {
    const ptrdiff_t pixel_bytes = 64 * (ptrdiff_t)blocks_of(layer), group_bytes = line_bytes(layer);
    const ptrdiff_t step = pixel_bytes * layer->stride_width;
    const int groups = row_groups(layer);
    __m512i sum[4];
    for (int p = 0; p < 4; ++p) { sum[p] = _mm512_loadu_si512(by->bias + DT_BLOCK * block); }
    const uint8_t *first = lines + column * step + 64 * block;
    const int8_t *weight = weights + 64 * block;
    for (int group = 0; group < groups; ++group, first += group_bytes) {
        const uint8_t *place = first;
        for (int tap = 0; tap < layer->kernel_width; ++tap) {
            __m512i right = _mm512_loadu_si512(weight);
#pragma clang loop unroll(full)
            for (int p = 0; p < count; ++p) {
                sum[p] = _mm512_dpbusd_epi32(sum[p], _mm512_loadu_si512(place + p * step), right);
            }
            place += pixel_bytes * layer->dilation_width;
            weight += pixel_bytes;
        }
    }
#pragma clang loop unroll(full)
    for (int p = 0; p < count; ++p) { sum[p] = rescaled(by, family, channels, sum[p]); }
    __m512i bytes = in_order(packed(by, grid, sum[0], sum[1], sum[2], sum[3]));
    const int left = layer->channels - DT_BLOCK * block;
    uint8_t *place = output + (ptrdiff_t)column * layer->channels + DT_BLOCK * block;
    const __m128i pixel[4] = {
        _mm512_castsi512_si128(bytes), _mm512_extracti32x4_epi32(bytes, 1), _mm512_extracti32x4_epi32(bytes, 2),
        _mm512_extracti32x4_epi32(bytes, 3)};
    for (int p = 0; p < count; ++p, place += layer->channels) {
        if (left >= DT_BLOCK) {
            _mm_storeu_si128((__m128i *)place, pixel[p]);
        } else {
            _mm_mask_storeu_epi8(place, (__mmask16)((1u << left) - 1), pixel[p]);
        }
    }
}

DT_INLINE DT_VNNI void line(
    const dt_depthwise *layer, const dt_narrowing *by, const uint8_t *lines, const int8_t *weights, uint8_t *output,
    const dt_family family) {
    const dt_row_grid grid = grid_of(by);
    for (int block = 0; block < blocks_of(layer); ++block) {
        const dt_channels channels = channels_at(by, family, DT_BLOCK * block);
        int column = 0;
        for (; column + 4 <= layer->output_width; column += 4) {
            pixels(layer, by, &channels, &grid, lines, weights, block, column, output, family, 4);
        }
        for (; column < layer->output_width; ++column) {
            pixels(layer, by, &channels, &grid, lines, weights, block, column, output, family, 1);
        }
    }
}

DT_VNNI static void any_line(
    const dt_depthwise *layer, const dt_narrowing *by, const uint8_t *lines, const int8_t *weights, uint8_t *output) {
    switch (by->family) {
    case dt_double_rounding: line(layer, by, lines, weights, output, dt_double_rounding); return;
    case dt_half_up_shift: line(layer, by, lines, weights, output, dt_half_up_shift); return;
    case dt_single_rounding: line(layer, by, lines, weights, output, dt_single_rounding); return;
    case dt_float_scale: line(layer, by, lines, weights, output, dt_float_scale); return;
    }
}

/// Puts the rows under a line of outputs side by side.
DT_VNNI static void gather(
    const dt_depthwise *layer, const uint8_t *input, const uint8_t *empty_row, int top, uint8_t *lines) {
    const ptrdiff_t row_bytes = (ptrdiff_t)layer->width * layer->channels;
    const ptrdiff_t margin = (ptrdiff_t)layer->padding_left * blocks_of(layer) * 64;
    for (int group = 0; group < row_groups(layer); ++group) {
        const uint8_t *row[4];
        for (int r = 0; r < 4; ++r) {
            int tap = 4 * group + r, place = top + tap * layer->dilation_height;
            int is_inside = tap < layer->kernel_height && place >= 0 && place < layer->height;
            row[r] = is_inside ? input + place * row_bytes : empty_row;
        }
        interleave(layer, row, lines + group * line_bytes(layer) + margin);
    }
}

void dt_depthwise_uint8(
    const dt_depthwise *layer, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, void *output,
    void *workspace) {
    uint8_t *lines = workspace, *target = output;
    uint8_t *empty_row = lines + row_groups(layer) * line_bytes(layer);
    __builtin_memset(lines, layer->zero, (size_t)(empty_row - lines));
    __builtin_memset(empty_row, layer->zero ^ layer->flip, (size_t)layer->width * layer->channels + 64);
    for (int row = 0; row < layer->output_height; ++row) {
        gather(layer, input, empty_row, row * layer->stride_height - layer->padding_top, lines);
        any_line(layer, by, lines, weights, target);
        target += (ptrdiff_t)layer->output_width * layer->channels;
    }
}
#else
void dt_depthwise_uint8(
    const dt_depthwise *layer, const dt_narrowing *by, const uint8_t *input, const int8_t *weights, void *output,
    void *workspace) {}
#endif
