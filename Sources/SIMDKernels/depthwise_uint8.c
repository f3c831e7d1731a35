#include "SIMDKernels.h"
#include "target.h"

/// Groups of kernel rows up to which lines are kept.
#define DT_MOST_KEPT_GROUPS 8

/// How the lines of a layer lie in the working memory: pixels with the bytes of four rows side by side, `[channel][4]`.
typedef struct {
    /// Whether several pixels of few channels share a vector; then outputs are vectors of a whole line.
    int is_flat;
    /// Vectors of 16 channels of a pixel; 1 if flat.
    int blocks;
    /// Vectors of a line in one block.
    int vectors;
    ptrdiff_t pixel_bytes;
    /// From a tap to the next one of a row.
    ptrdiff_t tap_step;
    /// From a vector of sums to the next one of the same block.
    ptrdiff_t vector_step;
    /// Groups of four kernel rows, and the bytes of the line of each.
    int groups;
    ptrdiff_t line_bytes;
    /// Lines kept from one line of outputs to the next, where each needs but one that is new; 0 where all are made anew.
    int kept;
    /// Where the line of each group lies, if lines are kept.
    ptrdiff_t places[DT_MOST_KEPT_GROUPS];
} dt_lines;

static dt_lines lines_of(const dt_depthwise *layer) {
    dt_lines lines;
    lines.is_flat = layer->channels < DT_BLOCK && DT_BLOCK % layer->channels == 0 && layer->stride_width == 1;
    lines.blocks = (layer->channels + DT_BLOCK - 1) / DT_BLOCK;
    lines.vectors = lines.is_flat ? (layer->output_width * layer->channels + DT_BLOCK - 1) / DT_BLOCK : layer->output_width;
    lines.pixel_bytes = lines.is_flat ? 4 * layer->channels : 64 * (ptrdiff_t)lines.blocks;
    lines.tap_step = lines.pixel_bytes * layer->dilation_width;
    lines.vector_step = lines.is_flat ? 64 : lines.pixel_bytes * layer->stride_width;
    lines.groups = (layer->kernel_height + 3) / 4;
    ptrdiff_t width = (ptrdiff_t)layer->padding_left + layer->width + layer->padding_right;
    // Whole vectors are written, and groups of four vectors read, beyond the last pixel.
    lines.line_bytes = width * lines.pixel_bytes + 4 * (lines.vector_step > 64 ? lines.vector_step : 64);
    const int slides = layer->stride_height == 1 && layer->dilation_height == 1;
    lines.kept = slides && lines.groups > 1 && lines.groups <= DT_MOST_KEPT_GROUPS ? 4 * (lines.groups - 1) + 1 : 0;
    return lines;
}

/// Lines in the working memory.
static int line_count(const dt_lines *lines) { return lines->kept ? lines->kept : lines->groups; }

ptrdiff_t dt_depthwise_workspace(const dt_depthwise *layer) {
    dt_lines lines = lines_of(layer);
    ptrdiff_t empty_row = (ptrdiff_t)layer->width * layer->channels + 64;
    return line_count(&lines) * lines.line_bytes + empty_row;
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

/// A line of the image, which begins at `target`; then the padding to the right.
DT_INLINE DT_VNNI void interleave(
    const dt_depthwise *layer, const dt_lines *lines, const uint8_t *const row[4], uint8_t *target) {
    const __m512i flip = _mm512_set1_epi8((char)layer->flip);
    if (lines->is_flat || layer->channels % DT_BLOCK == 0) {
        const ptrdiff_t count = (ptrdiff_t)layer->width * layer->channels;
        ptrdiff_t place = 0;
        for (; place + 64 <= count; place += 64) { interleave_four(row, place, flip, target + 4 * place); }
        for (; place < count; place += 16) {
            interleave_block(row, place, _mm512_castsi512_si128(flip), target + 4 * place);
        }
        if (lines->is_flat) {
            __builtin_memset(target + 4 * count, layer->zero, (size_t)(layer->padding_right * lines->pixel_bytes));
        }
        return;
    }
    for (int column = 0; column < layer->width; ++column) {
        for (int block = 0; block < lines->blocks; ++block, target += 64) {
            ptrdiff_t place = (ptrdiff_t)column * layer->channels + DT_BLOCK * block;
            interleave_block(row, place, _mm512_castsi512_si128(flip), target);
        }
    }
}

/// Puts four rows of the image side by side, from row `top`; `rows` of them count.
DT_INLINE DT_VNNI void gather_four(
    const dt_depthwise *layer, const dt_lines *lines, const uint8_t *input, const uint8_t *empty_row, int top, int rows,
    uint8_t *line) {
    const ptrdiff_t row_bytes = (ptrdiff_t)layer->width * layer->channels;
    const uint8_t *row[4];
    for (int r = 0; r < 4; ++r) {
        const int place = top + r * layer->dilation_height;
        row[r] = r < rows && place >= 0 && place < layer->height ? input + place * row_bytes : empty_row;
    }
    interleave(layer, lines, row, line + layer->padding_left * lines->pixel_bytes);
}

/// Puts the rows under a line of outputs side by side, but those that are kept from the line before.
DT_VNNI static void gather(
    const dt_depthwise *layer, dt_lines *lines, const uint8_t *input, const uint8_t *empty_row, int output_row,
    uint8_t *memory) {
    const int top = output_row * layer->stride_height - layer->padding_top;
    if (!lines->kept) {
        for (int group = 0; group < lines->groups; ++group) {
            const int rows = layer->kernel_height - 4 * group, first = top + 4 * group * layer->dilation_height;
            gather_four(layer, lines, input, empty_row, first, rows, memory + group * lines->line_bytes);
        }
        return;
    }
    for (int offset = output_row == 0 ? 0 : lines->kept - 1; offset < lines->kept; ++offset) {
        const ptrdiff_t place = (output_row + offset) % lines->kept * lines->line_bytes;
        gather_four(layer, lines, input, empty_row, top + offset, 4, memory + place);
    }
    for (int group = 0; group < lines->groups; ++group) {
        lines->places[group] = (output_row + 4 * group) % lines->kept * lines->line_bytes;
    }
}

/// Adds the products of all taps to `count` vectors of sums, `step` bytes of pixels and `weight_step` of weights apart.
///
/// - `taps`: of a row, and one group of rows, where it is a constant; 0 for what the layer has.
DT_INLINE DT_VNNI void add_taps(
    const dt_lines *lines, const uint8_t *pixel, ptrdiff_t step, const int8_t *weight, ptrdiff_t weight_step,
    int kernel_width, __m512i sum[4], const int count, const int taps) {
    const ptrdiff_t tap_step = lines->tap_step, weight_tap = 64 * (ptrdiff_t)lines->blocks;
    for (int group = 0; group < (taps ? 1 : lines->groups); ++group) {
        const uint8_t *place = pixel + (lines->kept ? lines->places[group] : group * lines->line_bytes);
#pragma clang loop unroll(full)
        for (int tap = 0; tap < (taps ? taps : kernel_width); ++tap, place += tap_step, weight += weight_tap) {
#pragma clang loop unroll(full)
            for (int v = 0; v < count; ++v) {
                __m512i left = _mm512_loadu_si512(place + v * step);
                sum[v] = _mm512_dpbusd_epi32(sum[v], left, _mm512_loadu_si512(weight + v * weight_step));
            }
        }
    }
}

/// Writes `count` bytes, at most 64.
DT_INLINE DT_VNNI void store_bytes(uint8_t *place, __m512i bytes, ptrdiff_t count) {
    if (count >= 64) {
        _mm512_storeu_si512(place, bytes);
    } else {
        _mm512_mask_storeu_epi8(place, ~(__mmask64)0 >> (64 - count), bytes);
    }
}

/// All vectors of a line in one block, four at a time; of the last ones only those that there are get written.
DT_INLINE DT_VNNI void block_line(
    const dt_depthwise *layer, const dt_lines *lines, const dt_narrowing *by, const uint8_t *memory,
    const int8_t *weights, int block, int vectors, uint8_t *output, const dt_family family, const int taps) {
    const dt_row_grid grid = grid_of(by);
    const dt_channels channels = channels_at(by, family, DT_BLOCK * block);
    const __m512i bias = _mm512_loadu_si512(by->bias + DT_BLOCK * block);
    const ptrdiff_t step = lines->vector_step, stride = layer->channels;
    const ptrdiff_t line_bytes = (ptrdiff_t)layer->output_width * stride;
    const ptrdiff_t left = stride - DT_BLOCK * block;
    const int is_contiguous = lines->is_flat || stride == DT_BLOCK, kernel_width = layer->kernel_width;
    const __mmask16 mask = left >= DT_BLOCK ? 0xFFFF : (__mmask16)((1u << left) - 1);
    __m512i largest = _mm512_setzero_si512();
    for (int vector = 0; vector < vectors; vector += 4) {
        __m512i sum[4] = {bias, bias, bias, bias};
        const uint8_t *first = memory + vector * step + 64 * block;
        add_taps(lines, first, step, weights + 64 * block, 0, kernel_width, sum, 4, taps);
        if (by->peak) {
            if (!lines->is_flat && mask == 0xFFFF && vector + 4 <= vectors) {
                for (int v = 0; v < 4; ++v) { largest = _mm512_max_epi32(largest, _mm512_abs_epi32(sum[v])); }
            } else {
                for (int v = 0; v < 4 && vector + v < vectors; ++v) {
                    largest = larger(largest, sum[v], lines->is_flat ? line_bytes - 16 * (vector + v) : left);
                }
            }
        }
        for (int v = 0; v < 4; ++v) { sum[v] = rescaled(by, family, &channels, sum[v]); }
        __m512i bytes = in_order(packed(by, &grid, sum[0], sum[1], sum[2], sum[3]));
        if (is_contiguous) {
            store_bytes(output + 16 * vector, bytes, line_bytes - 16 * vector);
            continue;
        }
        uint8_t *place = output + vector * stride + DT_BLOCK * block;
        const __m128i pixel[4] = {
            _mm512_castsi512_si128(bytes), _mm512_extracti32x4_epi32(bytes, 1), _mm512_extracti32x4_epi32(bytes, 2),
            _mm512_extracti32x4_epi32(bytes, 3)};
        const int count = vectors - vector < 4 ? vectors - vector : 4;
        if (mask == 0xFFFF && count == 4) {
            for (int v = 0; v < 4; ++v) { _mm_storeu_si128((__m128i *)(place + v * stride), pixel[v]); }
        } else {
            for (int v = 0; v < count; ++v) { _mm_mask_storeu_epi8(place + v * stride, mask, pixel[v]); }
        }
    }
    if (by->peak) { raise_peak(by, largest); }
}

/// One pixel in `count` neighbouring blocks, at most 4.
DT_INLINE DT_VNNI void some_blocks(
    const dt_depthwise *layer, const dt_lines *lines, const dt_narrowing *by, const uint8_t *memory,
    const int8_t *weights, int block, int column, uint8_t *output, const dt_family family, const int taps,
    const int count) {
    const dt_row_grid grid = grid_of(by);
    __m512i sum[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    for (int b = 0; b < count; ++b) { sum[b] = _mm512_loadu_si512(by->bias + DT_BLOCK * (block + b)); }
    const uint8_t *first = memory + column * lines->vector_step + 64 * block;
    add_taps(lines, first, 64, weights + 64 * block, 64, layer->kernel_width, sum, count, taps);
    if (by->peak) {
        __m512i largest = _mm512_setzero_si512();
        for (int b = 0; b < count; ++b) { largest = larger(largest, sum[b], layer->channels - DT_BLOCK * (block + b)); }
        raise_peak(by, largest);
    }
    for (int b = 0; b < count; ++b) {
        const dt_channels channels = channels_at(by, family, DT_BLOCK * (block + b));
        sum[b] = rescaled(by, family, &channels, sum[b]);
    }
    const ptrdiff_t place = DT_BLOCK * (ptrdiff_t)block, left = layer->channels - place;
    __m512i bytes = in_order(packed(by, &grid, sum[0], sum[1], sum[2], sum[3]));
    uint8_t *pixel = output + (ptrdiff_t)column * layer->channels + place;
    store_bytes(pixel, bytes, left < DT_BLOCK * count ? left : DT_BLOCK * count);
}

/// A line: whole fours of pixels block by block, then the pixels that are left with several blocks together.
DT_INLINE DT_VNNI void line(
    const dt_depthwise *layer, const dt_lines *lines, const dt_narrowing *by, const uint8_t *memory,
    const int8_t *weights, uint8_t *output, const dt_family family, const int taps) {
    const int blocks = lines->blocks, whole = lines->is_flat ? lines->vectors : lines->vectors / 4 * 4;
    for (int block = 0; block < blocks; ++block) {
        block_line(layer, lines, by, memory, weights, block, whole, output, family, taps);
    }
    for (int column = whole; column < lines->vectors; ++column) {
        int block = 0;
        for (; block + 4 <= blocks; block += 4) {
            some_blocks(layer, lines, by, memory, weights, block, column, output, family, taps, 4);
        }
        switch (blocks - block) {
        case 3: some_blocks(layer, lines, by, memory, weights, block, column, output, family, taps, 3); break;
        case 2: some_blocks(layer, lines, by, memory, weights, block, column, output, family, taps, 2); break;
        case 1: some_blocks(layer, lines, by, memory, weights, block, column, output, family, taps, 1); break;
        default: break;
        }
    }
}

#define DT_LINE(FAMILY)                                                                                             \
    case FAMILY:                                                                                                    \
        if (is_three) {                                                                                             \
            line(layer, lines, by, memory, weights, output, FAMILY, 3);                                             \
        } else {                                                                                                    \
            line(layer, lines, by, memory, weights, output, FAMILY, 0);                                             \
        }                                                                                                           \
        return;

DT_VNNI static void any_line(
    const dt_depthwise *layer, const dt_lines *lines, const dt_narrowing *by, const uint8_t *memory,
    const int8_t *weights, uint8_t *output) {
    const int is_three = lines->groups == 1 && layer->kernel_width == 3;
    switch (by->family) {
        DT_LINE(dt_double_rounding)
        DT_LINE(dt_half_up_shift)
        DT_LINE(dt_single_rounding)
        DT_LINE(dt_float_scale)
    }
}

void dt_depthwise_uint8(
    const dt_depthwise *layer, const dt_narrowing *by, ptrdiff_t images, const uint8_t *input, const int8_t *weights,
    void *output, void *workspace) {
    dt_lines lines = lines_of(layer);
    uint8_t *memory = workspace, *target = output;
    uint8_t *empty_row = memory + line_count(&lines) * lines.line_bytes;
    // Margins of lines stay what they are from image to image.
    __builtin_memset(memory, layer->zero, (size_t)(empty_row - memory));
    __builtin_memset(empty_row, layer->zero ^ layer->flip, (size_t)layer->width * layer->channels + 64);
    for (ptrdiff_t image = 0; image < images; ++image) {
        for (int row = 0; row < layer->output_height; ++row) {
            gather(layer, &lines, input, empty_row, row, memory);
            any_line(layer, &lines, by, memory, weights, target);
            target += (ptrdiff_t)layer->output_width * layer->channels;
        }
        input += (ptrdiff_t)layer->height * layer->width * layer->channels;
    }
}
#else
void dt_depthwise_uint8(
    const dt_depthwise *layer, const dt_narrowing *by, ptrdiff_t images, const uint8_t *input, const int8_t *weights,
    void *output, void *workspace) {}
#endif
