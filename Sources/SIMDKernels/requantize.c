#include "SIMDKernels.h"
#include "target.h"

// A product is rounded before it is used, on every machine.
#pragma clang fp contract(off)

/// SRDHM of a sum shifted to the left; multipliers are never the smallest int32, so that nothing saturates.
DT_INLINE int32_t high_product(int32_t sum, int32_t multiplier, int32_t shift) {
    int32_t shifted = shift > 31 ? 0 : (int32_t)((uint32_t)sum << (shift > 0 ? shift : 0));
    return (int32_t)(((int64_t)shifted * multiplier + (1 << 30)) >> 31);
}

/// Division by a power of two, halves away from zero.
DT_INLINE int32_t divided(int32_t value, int32_t exponent) {
    int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1);
    int32_t threshold = (int32_t)((uint32_t)mask >> 1) + (value < 0);
    return (value >> exponent) + ((value & mask) > threshold);
}

DT_INLINE int64_t scaled(const dt_requantization *by, dt_family family, int channel, int32_t sum) {
    int32_t shift = by->shifts[channel];
    switch (family) {
    case dt_double_rounding:
        return divided(high_product(sum, by->multipliers[channel], shift), shift < 0 ? -shift : 0);
    case dt_half_up_shift: {
        int64_t product = high_product(sum, by->multipliers[channel], shift);
        int64_t half = ((int64_t)1 << (shift < 0 ? -shift : 0)) >> 1;
        return (product + half) >> (shift < 0 ? -shift : 0);
    }
    case dt_single_rounding: {
        int64_t half = ((int64_t)1 << (31 - shift)) >> 1;
        return ((int64_t)sum * by->multipliers[channel] + half) >> (31 - shift);
    }
    case dt_float_scale: {
        float value = __builtin_rintf((float)sum * by->scales[channel]);
        float raised = value > -1e9f ? value : -1e9f;
        return (int32_t)(raised < 1e9f ? raised : 1e9f);
    }
    }
    return 0;
}

DT_INLINE void requantize(const dt_requantization *by, dt_family family, int pixels, int32_t *sums) {
    const int unused = 32 - by->sum_bits;
    const int channels = by->channels;
    const int64_t zero_point = by->zero_point, lower = by->lower, upper = by->upper;
    for (int pixel = 0; pixel < pixels; ++pixel, sums += channels) {
        for (int channel = 0; channel < channels; ++channel) {
            int32_t sum = (int32_t)((uint32_t)sums[channel] << unused) >> unused;
            int64_t value = scaled(by, family, channel, sum) + zero_point;
            value = value < lower ? lower : value;
            sums[channel] = (int32_t)(value > upper ? upper : value);
        }
    }
}

/// Each family gets a loop of its own.
DT_INLINE void requantize_any(const dt_requantization *by, int pixels, int32_t *sums) {
    switch (by->family) {
    case dt_double_rounding: requantize(by, dt_double_rounding, pixels, sums); return;
    case dt_half_up_shift: requantize(by, dt_half_up_shift, pixels, sums); return;
    case dt_single_rounding: requantize(by, dt_single_rounding, pixels, sums); return;
    case dt_float_scale: requantize(by, dt_float_scale, pixels, sums); return;
    }
}

static void requantize_portable(const dt_requantization *by, int pixels, int32_t *sums) {
    requantize_any(by, pixels, sums);
}

/// An entry of a table; places beyond its ends are its ends.
DT_INLINE uint32_t entry(const int32_t *table, int32_t count, int32_t place) {
    int32_t raised = place > 0 ? place : 0;
    return (uint32_t)table[raised < count ? raised : count - 1];
}

/// The sum of two operands, each a look-up of an element.
DT_INLINE void add(
    const dt_addition *addition, ptrdiff_t count, const int16_t *left, const int16_t *right, int32_t *result) {
    const int32_t *left_table = addition->left_table, *right_table = addition->right_table;
    const int32_t left_lowest = addition->left_lowest, right_lowest = addition->right_lowest;
    const int32_t left_count = addition->left_count, right_count = addition->right_count;
    const int32_t multiplier = addition->multiplier, shift = addition->shift;
    for (ptrdiff_t index = 0; index < count; ++index) {
        int32_t sum = (int32_t)(entry(left_table, left_count, left[index] - left_lowest)
            + entry(right_table, right_count, right[index] - right_lowest));
        int64_t value = divided(high_product(sum, multiplier, shift), shift < 0 ? -shift : 0);
        value += addition->zero_point;
        value = value < addition->lower ? addition->lower : value;
        result[index] = (int32_t)(value > addition->upper ? addition->upper : value);
    }
}

static void add_portable(
    const dt_addition *addition, ptrdiff_t count, const int16_t *left, const int16_t *right, int32_t *result) {
    add(addition, count, left, right, result);
}

#if DT_X86
DT_AVX2 static void requantize_avx2(const dt_requantization *by, int pixels, int32_t *sums) {
    requantize_any(by, pixels, sums);
}

DT_AVX512 static void requantize_avx512(const dt_requantization *by, int pixels, int32_t *sums) {
    requantize_any(by, pixels, sums);
}

DT_AVX2 static void add_avx2(
    const dt_addition *addition, ptrdiff_t count, const int16_t *left, const int16_t *right, int32_t *result) {
    add(addition, count, left, right, result);
}

DT_AVX512 static void add_avx512(
    const dt_addition *addition, ptrdiff_t count, const int16_t *left, const int16_t *right, int32_t *result) {
    add(addition, count, left, right, result);
}
#endif

void dt_requantize(dt_level level, const dt_requantization *requantization, int pixels, int32_t *sums) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: requantize_avx512(requantization, pixels, sums); return;
    case dt_level_avx2: requantize_avx2(requantization, pixels, sums); return;
#endif
    default: requantize_portable(requantization, pixels, sums); return;
    }
}

void dt_add(
    dt_level level, const dt_addition *addition, ptrdiff_t count, const int16_t *left, const int16_t *right,
    int32_t *result) {
    switch (level) {
#if DT_X86
    case dt_level_vnni:
    case dt_level_avx512: add_avx512(addition, count, left, right, result); return;
    case dt_level_avx2: add_avx2(addition, count, left, right, result); return;
#endif
    default: add_portable(addition, count, left, right, result); return;
    }
}
