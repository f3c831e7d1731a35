#include "SIMDKernels.h"
#include "target.h"

#if DT_X86
#define DT_COUNTING __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq")))
#endif

DT_INLINE ptrdiff_t count_equal(const uint8_t *bytes, ptrdiff_t count, uint8_t value) {
    ptrdiff_t total = 0;
    while (count > 0) {
        // Chunks whose count fits into 16 bits, so that sums of vectors stay narrow.
        ptrdiff_t chunk = count < 4096 ? count : 4096;
        uint16_t equal = 0;
        for (ptrdiff_t index = 0; index < chunk; ++index) { equal += bytes[index] == value; }
        total += equal;
        bytes += chunk;
        count -= chunk;
    }
    return total;
}

DT_INLINE ptrdiff_t count_toggles(const uint8_t *bytes, ptrdiff_t count, uint8_t mask) {
    if (count == 0) { return 0; }
    const uint64_t wide = 0x0101010101010101u * (uint64_t)mask;
    ptrdiff_t total = __builtin_popcount(bytes[0] & mask), index = 1;
    for (; index + 8 <= count; index += 8) {
        uint64_t here, before;
        __builtin_memcpy(&here, bytes + index, sizeof here);
        __builtin_memcpy(&before, bytes + index - 1, sizeof before);
        total += __builtin_popcountll((here ^ before) & wide);
    }
    for (; index < count; ++index) { total += __builtin_popcount((bytes[index] ^ bytes[index - 1]) & mask); }
    return total;
}

/// Adds how many of `columns` pixels, `step` bytes apart, have `value` in each channel.
DT_INLINE void count_columns(
    const uint8_t *restrict pixel, ptrdiff_t columns, ptrdiff_t step, int channels, uint8_t value,
    uint16_t *restrict counts) {
    for (ptrdiff_t column = 0; column < columns; ++column, pixel += step) {
        for (int channel = 0; channel < channels; ++channel) { counts[channel] += pixel[channel] == value; }
    }
}

ptrdiff_t dt_count_taps_workspace(const dt_window *window) {
    return (ptrdiff_t)(window->stride_width + 1) * window->channels;
}

/// The columns that a tap meets: `first`, then every `stride_width`-th, `count` of them inside the image.
DT_INLINE void columns_of(const dt_window *window, int tap, int *first, int *count) {
    int start = tap * window->dilation_width - window->padding_left, outputs = window->output_width;
    int skipped = start < 0 ? (-start + window->stride_width - 1) / window->stride_width : 0;
    *first = start + skipped * window->stride_width;
    int room = *first >= window->width ? 0 : (window->width - 1 - *first) / window->stride_width + 1;
    int left = outputs > skipped ? outputs - skipped : 0;
    *count = room < left ? room : left;
}

/// What a tap meets in a row: all pixels of its phase but those before its first and behind its last column.
DT_INLINE void count_row(
    const dt_window *window, const uint8_t *row, uint8_t value, const uint16_t *phases, int tap, uint16_t *counts) {
    const int stride = window->stride_width, channels = window->channels;
    int first, count;
    columns_of(window, tap, &first, &count);
    const int phase = first % stride, before = first / stride;
    const int behind_first = first + count * stride;
    const int behind = behind_first >= window->width ? 0 : (window->width - 1 - behind_first) / stride + 1;
    for (int channel = 0; channel < channels; ++channel) { counts[channel] = 0; }
    if (count <= before + behind) {
        count_columns(row + (ptrdiff_t)first * channels, count, (ptrdiff_t)stride * channels, channels, value, counts);
        return;
    }
    count_columns(row + (ptrdiff_t)phase * channels, before, (ptrdiff_t)stride * channels, channels, value, counts);
    count_columns(
        row + (ptrdiff_t)behind_first * channels, behind, (ptrdiff_t)stride * channels, channels, value, counts);
    for (int channel = 0; channel < channels; ++channel) {
        counts[channel] = (uint16_t)(phases[phase * channels + channel] - counts[channel]);
    }
}

DT_INLINE void count_taps(
    const dt_window *window, const uint8_t *image, uint8_t value, int32_t *restrict taps, uint16_t *restrict workspace) {
    const int stride = window->stride_width, channels = window->channels;
    uint16_t *counts = workspace + (ptrdiff_t)stride * channels;
    for (int y = 0; y < window->height; ++y) {
        const uint8_t *row = image + (ptrdiff_t)y * window->width * channels;
        for (ptrdiff_t index = 0; index < (ptrdiff_t)stride * channels; ++index) { workspace[index] = 0; }
        for (int phase = 0; phase < stride && phase < window->width; ++phase) {
            int columns = (window->width - 1 - phase) / stride + 1;
            count_columns(
                row + (ptrdiff_t)phase * channels, columns, (ptrdiff_t)stride * channels, channels, value,
                workspace + (ptrdiff_t)phase * channels);
        }
        for (int tap = 0; tap < window->kernel_width; ++tap) {
            count_row(window, row, value, workspace, tap, counts);
            for (int line = 0; line < window->kernel_height; ++line) {
                int top = y + window->padding_top - line * window->dilation_height;
                if (top < 0 || top % window->stride_height || top / window->stride_height >= window->output_height) {
                    continue;
                }
                int32_t *place = taps + ((ptrdiff_t)line * window->kernel_width + tap) * channels;
                for (int channel = 0; channel < channels; ++channel) { place[channel] += counts[channel]; }
            }
        }
    }
}

#define DT_CENSUS(NAME, TARGET)                                                                                     \
    TARGET static ptrdiff_t equal_##NAME(const uint8_t *bytes, ptrdiff_t count, uint8_t value) {                    \
        return count_equal(bytes, count, value);                                                                    \
    }                                                                                                               \
    TARGET static ptrdiff_t toggles_##NAME(const uint8_t *bytes, ptrdiff_t count, uint8_t mask) {                   \
        return count_toggles(bytes, count, mask);                                                                   \
    }                                                                                                               \
    TARGET static void taps_##NAME(                                                                                 \
        const dt_window *window, const uint8_t *image, uint8_t value, int32_t *taps, uint16_t *workspace) {         \
        count_taps(window, image, value, taps, workspace);                                                          \
    }

DT_CENSUS(portable, )
#if DT_X86
DT_CENSUS(avx2, __attribute__((target("avx2,popcnt"))))
DT_CENSUS(vnni, DT_COUNTING)

/// Whether this machine counts bits of vectors.
static int counts_bits(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512vpopcntdq") != 0;
}
#endif

ptrdiff_t dt_count_equal(dt_level level, const void *bytes, ptrdiff_t count, uint8_t value) {
#if DT_X86
    if (level >= dt_level_vnni && counts_bits()) { return equal_vnni(bytes, count, value); }
    if (level >= dt_level_avx2) { return equal_avx2(bytes, count, value); }
#endif
    return equal_portable(bytes, count, value);
}

ptrdiff_t dt_count_toggles(dt_level level, const void *bytes, ptrdiff_t count, uint8_t mask) {
#if DT_X86
    if (level >= dt_level_vnni && counts_bits()) { return toggles_vnni(bytes, count, mask); }
    if (level >= dt_level_avx2) { return toggles_avx2(bytes, count, mask); }
#endif
    return toggles_portable(bytes, count, mask);
}

void dt_count_taps(
    dt_level level, const dt_window *window, const void *image, uint8_t value, int32_t *taps, uint16_t *workspace) {
#if DT_X86
    if (level >= dt_level_vnni && counts_bits()) {
        taps_vnni(window, image, value, taps, workspace);
        return;
    }
    if (level >= dt_level_avx2) {
        taps_avx2(window, image, value, taps, workspace);
        return;
    }
#endif
    taps_portable(window, image, value, taps, workspace);
}
