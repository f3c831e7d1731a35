/// Inner loops of layers, for several instruction sets, all of which give the same bits.
///
/// Output channels come in blocks of 16: weights, biases and sums are padded with zeros to whole blocks.
#ifndef DOVETAIL_SIMD_KERNELS_H
#define DOVETAIL_SIMD_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Output channels of one block.
#define DT_BLOCK 16

/// Instruction sets, each one containing those before it.
typedef enum {
    /// Plain C.
    dt_level_portable = 0,
    /// AVX2.
    dt_level_avx2 = 1,
    /// AVX-512 F, BW, DQ and VL.
    dt_level_avx512 = 2,
    /// The same with VNNI.
    dt_level_vnni = 3,
} dt_level;

/// The last level that this machine has.
dt_level dt_best_level(void);

/// Where the inputs of a line of outputs lie: outputs are `pixel_step` elements apart, and each reads `segment_count`
/// runs of `run` elements, which start at `segments` elements behind the output's own start.
typedef struct {
    const ptrdiff_t *segments;
    int segment_count;
    int run;
    ptrdiff_t pixel_step;
    int pixels;
    int blocks;
} dt_line;

/// `sums[pixel][channel] = bias[channel] + sum of input * weight`, modulo 2^32.
///
/// Runs are even; weights are `[block][segment][pair][16][2]`; sums are `[pixel][blocks * 16]`.
void dt_sum_int16(
    dt_level level, const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias,
    int32_t *sums);

/// `sums[pixel][channel] = (sum of input * weight, from +0, in order) + bias[channel]`, each step rounded to float32.
///
/// Weights are `[block][segment][element][16]`; sums are `[pixel][blocks * 16]`. No bias if it is null.
void dt_sum_float(
    dt_level level, const dt_line *line, const float *input, const float *weights, const float *bias, float *sums);

/// As `dt_sum_int16` with a weight for each channel: `run` is the number of channels, a multiple of 16, of which
/// element `c` belongs to output channel `c`; weights are `[segment][run]`; sums are `[pixel][run]`.
void dt_depthwise_int16(
    dt_level level, const dt_line *line, const int16_t *input, const int16_t *weights, const int32_t *bias,
    int32_t *sums);

/// As `dt_sum_float` with a weight for each channel, laid out as for `dt_depthwise_int16`.
void dt_depthwise_float(
    dt_level level, const dt_line *line, const float *input, const float *weights, const float *bias, float *sums);

/// Which rounding turns a sum into an output.
typedef enum {
    dt_double_rounding = 0,
    dt_half_up_shift = 1,
    dt_single_rounding = 2,
    dt_float_scale = 3,
} dt_family;

/// How the sums of each channel become outputs; the arrays have one entry for each of `channels` padded channels.
typedef struct {
    dt_family family;
    const int32_t *multipliers;
    /// -31...31, positive to the left.
    const int32_t *shifts;
    const float *scales;
    int channels;
    /// Sums are first wrapped to this many bits, at most 32.
    int sum_bits;
    int32_t zero_point;
    int32_t lower;
    int32_t upper;
} dt_requantization;

/// Replaces the sums of `pixels` outputs by output elements.
void dt_requantize(dt_level level, const dt_requantization *requantization, int pixels, int32_t *sums);

/// `result[i] = clamp(D(left[i] + right[i]) + zero_point)`, where `left` and `right` are elements looked up in tables.
///
/// Tables begin with the smallest element, `lowest`; elements beyond a table count as its nearest.
typedef struct {
    const int32_t *left_table;
    const int32_t *right_table;
    int32_t left_lowest;
    int32_t right_lowest;
    int32_t left_count;
    int32_t right_count;
    int32_t multiplier;
    int32_t shift;
    int32_t zero_point;
    int32_t lower;
    int32_t upper;
} dt_addition;

void dt_add(
    dt_level level, const dt_addition *addition, ptrdiff_t count, const int16_t *left, const int16_t *right,
    int32_t *result);

/// How 32-bit sums become bytes; arrays have an entry for each channel of whole blocks.
///
/// What double rounding adds to the product of any sum and its multiplier leaves it inside 32 bits.
typedef struct {
    dt_family family;
    /// Added to the products of each channel, modulo 2^32.
    const int32_t *bias;
    /// 2^30 and above.
    const int32_t *multipliers;
    /// Of double rounding: half a unit of the right shift, and the zero point shifted to the left by it unless
    /// `adds_zero_point`.
    const int32_t *offsets;
    /// 0...31, one of the two 0; for single rounding all to the right.
    const int32_t *left_shifts;
    const int32_t *right_shifts;
    /// Whether a shift to the left is not 0.
    int shifts_left;
    const float *scales;
    /// Whether the zero point is added after rounding; always but for double rounding.
    int adds_zero_point;
    int32_t zero_point;
    /// Inside the range of a byte.
    int32_t lower;
    int32_t upper;
    /// Whether bytes are 0...255 and not -128...127.
    int is_unsigned;
    /// Raised to the largest magnitude of a sum of the first `peak_channels` channels; null when nobody asks.
    int32_t *peak;
    int peak_channels;
} dt_narrowing;

/// Output pixels that read patches of an image of bytes.
typedef struct {
    /// Where the patch of each pixel starts.
    const int32_t *places;
    ptrdiff_t pixels;
    /// Starts of the runs of `run` bytes, from the start of a patch; `run` is a multiple of 4.
    const int32_t *segments;
    int segment_count;
    int run;
    /// Blocks of 16 output channels, of which `channels` are written.
    int blocks;
    ptrdiff_t channels;
    /// Bytes from an output pixel to the next.
    ptrdiff_t stride;
} dt_patches;

/// Whether `dt_sum_uint8` and `dt_depthwise_uint8` run on this level.
int dt_can_sum_uint8(dt_level level);

/// Sums of unsigned inputs by signed weights, narrowed to bytes.
///
/// Weights are `[panel][segment][four][block of the panel][16][4]`, panels of four blocks, the last of what is left.
void dt_sum_uint8(
    const dt_patches *patches, const dt_narrowing *narrowing, const uint8_t *input, const int8_t *weights,
    void *output);

/// A window that slides over an image of bytes, a filter for each channel.
typedef struct {
    int height;
    int width;
    int channels;
    int kernel_height;
    int kernel_width;
    int stride_height;
    int stride_width;
    int dilation_height;
    int dilation_width;
    int padding_top;
    int padding_left;
    int padding_right;
    int output_height;
    int output_width;
    /// Exclusive-or of every byte read, which makes it unsigned.
    uint8_t flip;
    /// What lies in the padding, unsigned.
    uint8_t zero;
} dt_depthwise;

/// Bytes of working memory of `dt_depthwise_uint8`.
ptrdiff_t dt_depthwise_workspace(const dt_depthwise *layer);

/// As `dt_sum_uint8` with a weight for each channel, for images one behind the other; reads up to 15 bytes behind them.
///
/// Weights are `[four rows][kernel column][block][16][4]`. Where fewer channels than 16 divide 16, weights and the arrays
/// of `narrowing` repeat them until the block is full.
void dt_depthwise_uint8(
    const dt_depthwise *layer, const dt_narrowing *narrowing, ptrdiff_t images, const uint8_t *input,
    const int8_t *weights, void *output, void *workspace);

/// Copies bytes, each with an exclusive-or by `flip`.
void dt_copy_bytes(dt_level level, void *target, const void *source, ptrdiff_t count, uint8_t flip);

/// An operand of `dt_add_bytes`: bytes with a zero point and a factor of at most 1, `multiplier * 2^(-31 - shift)`.
typedef struct {
    int is_unsigned;
    int32_t zero_point;
    int32_t multiplier;
    int32_t shift;
} dt_addend;

/// `D(D((left - zero) * 2^20) ± D((right - zero) * 2^20))` as a byte, each `D` with its factor and double
/// rounding, the last one as `narrowing` says; the channel arrays of `narrowing` have 16 equal entries and no bias.
void dt_add_bytes(
    const dt_addend *left, const dt_addend *right, int subtracts, const dt_narrowing *narrowing, ptrdiff_t count,
    const void *left_bytes, const void *right_bytes, void *result);

/// Adds `rows` rows of bytes, `channels` each, to the sums of the channels.
void dt_add_rows(
    dt_level level, const void *bytes, int is_unsigned, ptrdiff_t rows, ptrdiff_t channels, int32_t *sums);

/// Raises the largest bytes of each channel met so far.
void dt_raise_rows(
    dt_level level, const void *bytes, int is_unsigned, ptrdiff_t rows, ptrdiff_t channels, void *largest);

/// Quotients of sums by a positive count, halves away from zero, clamped, as bytes.
void dt_average_bytes(
    dt_level level, const int32_t *sums, int32_t count, ptrdiff_t channels, int32_t lower, int32_t upper,
    void *result);

/// Adds to `totals` how many bytes are equal to each of three values.
void dt_count_values(
    dt_level level, const void *bytes, ptrdiff_t count, const uint8_t values[3], ptrdiff_t totals[3]);

/// How many of the bits of `mask` differ between neighbouring bytes of each of some images of `count` bytes, which lie one
/// behind the other, from a first neighbour of 0.
ptrdiff_t dt_count_toggles(
    dt_level level, const void *bytes, ptrdiff_t images, ptrdiff_t count, uint8_t mask);

/// A window that slides over an image, for counting what its taps meet.
typedef struct {
    int height;
    int width;
    int channels;
    int kernel_height;
    int kernel_width;
    int stride_height;
    int stride_width;
    int dilation_height;
    int dilation_width;
    int padding_top;
    int padding_left;
    int output_height;
    int output_width;
} dt_window;

/// Adds 1 to each of `count` marks, modulo 2^8, for each of some images whose byte there is equal to `value`.
void dt_mark_equal(
    dt_level level, const void *bytes, ptrdiff_t images, ptrdiff_t count, uint8_t value, uint8_t *marks);

/// Entries of the working memory of `dt_count_taps`.
ptrdiff_t dt_count_taps_workspace(const dt_window *window);

/// Adds to `taps`, `[kernel row][kernel column][channels of whole blocks of 16]`, the marks that each tap meets in an
/// image; reads up to 15 marks behind it. Entries of channels that there are not mean nothing.
void dt_count_taps(
    dt_level level, const dt_window *window, const uint8_t *marks, int32_t *taps, int32_t *workspace);

/// Ways to count bits, all of which give the same counts.
typedef enum {
    /// Plain C.
    dt_bits_portable = 0,
    /// A look-up of half bytes in AVX2.
    dt_bits_avx2 = 1,
    /// The POPCNT instruction, on words of 64 bits.
    dt_bits_popcnt = 2,
    /// AVX-512 F, BW, DQ, VL with VPOPCNTDQ.
    dt_bits_vpopcnt = 3,
    /// NEON.
    dt_bits_neon = 4,
} dt_bits_level;

/// Whether this machine has the instructions of a level.
int dt_has_bits_level(dt_bits_level level);

/// The fastest level of this machine.
dt_bits_level dt_best_bits_level(void);

/// Numbers of one sign a bit, in words of 32 bits: `bit i = numbers[i] < 0`, the last word filled with zeros.
///
/// Rows of `count` numbers lie `count` apart; rows of words `word_step` apart.
void dt_pack_signs(
    dt_bits_level level, ptrdiff_t rows, int count, const int8_t *numbers, ptrdiff_t word_step, uint32_t *words);

/// `sums[pixel][channel] = terms[channel] - 2 * count`: the bits that differ between a pixel's words and a channel's.
///
/// `line` counts in words; weights are `[block][segment][word][16]`; terms are padded to whole blocks; sums are
/// `[pixel][blocks * 16]`.
void dt_bit_sums(
    dt_bits_level level, const dt_line *line, const uint32_t *words, const uint32_t *weights, const int32_t *terms,
    int32_t *sums);

/// As `dt_pack_signs` for numbers of -1, 0 and +1: a word of signs, then a word with a bit for each number that is not 0.
void dt_pack_ternary(
    dt_bits_level level, ptrdiff_t rows, int count, const int8_t *numbers, ptrdiff_t word_step, uint32_t *words);

/// Sums of ternary pixels: `terms[channel] + numbers - 2 / planes * count`, where `numbers` are the pixel's numbers that
/// are not 0, and the count is over those only.
///
/// `line` steps count in words, of which every second one tells what is not 0; its runs count in pairs of words. Weights
/// are `[block][segment][pair][planes][16]`: one plane of signs, or two whose mean is a weight of -1, 0 or +1.
void dt_ternary_sums(
    dt_bits_level level, const dt_line *line, int planes, const uint32_t *words, const uint32_t *weights,
    const int32_t *terms, int32_t *sums);

/// `signs[pixel][channel]` = -1 where that count is larger than the channel's limit, +1 elsewhere.
///
/// Limits are padded to whole blocks; `channels` numbers of each pixel are written, pixels `sign_step` bytes apart.
void dt_bit_signs(
    dt_bits_level level, const dt_line *line, const uint32_t *words, const uint32_t *weights, const int32_t *limits,
    int channels, ptrdiff_t sign_step, int8_t *signs);

#endif
