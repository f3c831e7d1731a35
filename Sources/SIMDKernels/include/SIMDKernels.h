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

#endif
