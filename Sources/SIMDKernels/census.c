#include "SIMDKernels.h"
#include "target.h"

typedef uint8_t dt_bytes __attribute__((vector_size(DT_BLOCK), aligned(1)));
typedef int32_t dt_counts __attribute__((vector_size(4 * DT_BLOCK), aligned(4)));

/// How many bytes are equal to each of three values, in chunks whose counts fit into 16 bits.
DT_INLINE void count_values(const uint8_t *bytes, ptrdiff_t count, const uint8_t values[3], ptrdiff_t totals[3]) {
    const uint8_t a = values[0], b = values[1], c = values[2];
    for (ptrdiff_t start = 0; start < count; start += 4096) {
        ptrdiff_t end = count - start < 4096 ? count : start + 4096;
        uint16_t first = 0, second = 0, third = 0;
        for (ptrdiff_t index = start; index < end; ++index) {
            first += bytes[index] == a;
            second += bytes[index] == b;
            third += bytes[index] == c;
        }
        totals[0] += first;
        totals[1] += second;
        totals[2] += third;
    }
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

DT_INLINE void mark_equal(
    const uint8_t *restrict bytes, ptrdiff_t count, uint8_t value, uint8_t *restrict marks) {
    for (ptrdiff_t index = 0; index < count; ++index) { marks[index] += bytes[index] == value; }
}

static int padded_channels(const dt_window *window) {
    return (window->channels + DT_BLOCK - 1) / DT_BLOCK * DT_BLOCK;
}

ptrdiff_t dt_count_taps_workspace(const dt_window *window) {
    return (ptrdiff_t)window->stride_width * padded_channels(window);
}

/// Adds `sign` times the sum of `columns` pixels, `step` bytes apart, in sixteen channels.
DT_INLINE void add_columns(dt_counts *sum, int sign, const uint8_t *pixel, int columns, ptrdiff_t step) {
    dt_counts part = {0};
    for (int column = 0; column < columns; ++column, pixel += step) {
        part += __builtin_convertvector(*(const dt_bytes *)pixel, dt_counts);
    }
    *sum += sign * part;
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

/// Adds what a tap meets in sixteen channels of a row: all of its phase but those before its first and behind its last
/// column.
DT_INLINE void add_tap(
    dt_counts *sum, const dt_window *window, const uint8_t *row, const int32_t *phases, int tap, int channel) {
    const int stride = window->stride_width;
    const ptrdiff_t step = (ptrdiff_t)stride * window->channels;
    int first, count;
    columns_of(window, tap, &first, &count);
    const int before = first / stride, behind_first = first + count * stride;
    const int behind = behind_first >= window->width ? 0 : (window->width - 1 - behind_first) / stride + 1;
    const uint8_t *place = row + channel;
    if (count <= before + behind) {
        add_columns(sum, 1, place + (ptrdiff_t)first * window->channels, count, step);
        return;
    }
    *sum += *(const dt_counts *)(phases + (ptrdiff_t)(first % stride) * padded_channels(window) + channel);
    add_columns(sum, -1, place + (ptrdiff_t)(first % stride) * window->channels, before, step);
    add_columns(sum, -1, place + (ptrdiff_t)behind_first * window->channels, behind, step);
}

DT_INLINE void count_row(
    const dt_window *window, const uint8_t *row, int y, int32_t *taps, int32_t *phases, int channel) {
    const int stride = window->stride_width, channels = padded_channels(window);
    for (int phase = 0; phase < stride; ++phase) {
        int columns = phase < window->width ? (window->width - 1 - phase) / stride + 1 : 0;
        const uint8_t *pixel = row + (ptrdiff_t)phase * window->channels + channel;
        dt_counts sum = {0};
        add_columns(&sum, 1, pixel, columns, (ptrdiff_t)stride * window->channels);
        *(dt_counts *)(phases + (ptrdiff_t)phase * channels + channel) = sum;
    }
    for (int tap = 0; tap < window->kernel_width; ++tap) {
        dt_counts sum = {0};
        add_tap(&sum, window, row, phases, tap, channel);
        for (int line = 0; line < window->kernel_height; ++line) {
            int top = y + window->padding_top - line * window->dilation_height;
            if (top < 0 || top % window->stride_height || top / window->stride_height >= window->output_height) {
                continue;
            }
            *(dt_counts *)(taps + ((ptrdiff_t)line * window->kernel_width + tap) * channels + channel) += sum;
        }
    }
}

DT_INLINE void count_taps(const dt_window *window, const uint8_t *marks, int32_t *taps, int32_t *workspace) {
    for (int y = 0; y < window->height; ++y) {
        const uint8_t *row = marks + (ptrdiff_t)y * window->width * window->channels;
        for (int channel = 0; channel < window->channels; channel += DT_BLOCK) {
            count_row(window, row, y, taps, workspace, channel);
        }
    }
}

#define DT_CENSUS(NAME, TARGET)                                                                                     \
    TARGET static void values_##NAME(                                                                               \
        const uint8_t *bytes, ptrdiff_t count, const uint8_t values[3], ptrdiff_t totals[3]) {                      \
        count_values(bytes, count, values, totals);                                                                 \
    }                                                                                                               \
    TARGET static ptrdiff_t toggles_##NAME(const uint8_t *bytes, ptrdiff_t count, uint8_t mask) {                   \
        return count_toggles(bytes, count, mask);                                                                   \
    }                                                                                                               \
    TARGET static void mark_##NAME(const uint8_t *bytes, ptrdiff_t count, uint8_t value, uint8_t *marks) {          \
        mark_equal(bytes, count, value, marks);                                                                     \
    }                                                                                                               \
    TARGET static void taps_##NAME(                                                                                 \
        const dt_window *window, const uint8_t *marks, int32_t *taps, int32_t *workspace) {                         \
        count_taps(window, marks, taps, workspace);                                                                 \
    }

DT_CENSUS(portable, )
#if DT_X86
#include <immintrin.h>

#define DT_BITS __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,popcnt")))

DT_BITS static void values_by_masks(
    const uint8_t *bytes, ptrdiff_t count, const uint8_t values[3], ptrdiff_t totals[3]) {
    const __m512i a = _mm512_set1_epi8((char)values[0]), b = _mm512_set1_epi8((char)values[1]);
    const __m512i c = _mm512_set1_epi8((char)values[2]);
    ptrdiff_t index = 0, first = 0, second = 0, third = 0;
    const int differs_from_first = values[1] != values[0], differs_from_last = values[0] != values[2];
    for (; index + 64 <= count; index += 64) {
        __m512i here = _mm512_loadu_si512(bytes + index);
        third += __builtin_popcountll(_mm512_cmpeq_epi8_mask(here, c));
        if (differs_from_last) { first += __builtin_popcountll(_mm512_cmpeq_epi8_mask(here, a)); }
        if (differs_from_first) { second += __builtin_popcountll(_mm512_cmpeq_epi8_mask(here, b)); }
    }
    if (!differs_from_last) { first = third; }
    if (!differs_from_first) { second = first; }
    totals[0] += first;
    totals[1] += second;
    totals[2] += third;
    count_values(bytes + index, count - index, values, totals);
}

DT_BITS static ptrdiff_t toggles_by_words(const uint8_t *bytes, ptrdiff_t count, uint8_t mask) {
    const __m512i wide = _mm512_set1_epi8((char)mask);
    __m512i sum = _mm512_setzero_si512();
    ptrdiff_t index = 1;
    for (; index + 64 <= count; index += 64) {
        __m512i changed = _mm512_xor_si512(_mm512_loadu_si512(bytes + index), _mm512_loadu_si512(bytes + index - 1));
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_and_si512(changed, wide)));
    }
    ptrdiff_t total = count > 0 ? __builtin_popcount(bytes[0] & mask) : 0;
    for (; index < count; ++index) { total += __builtin_popcount((bytes[index] ^ bytes[index - 1]) & mask); }
    return total + _mm512_reduce_add_epi64(sum);
}
DT_CENSUS(avx2, __attribute__((target("avx2,popcnt"))))
DT_CENSUS(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,popcnt"))))

/// Whether this machine counts bits of vectors.
static int counts_bits(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512vpopcntdq") != 0;
}

#define DT_CHOOSE(FUNCTION, ...)                                                                                    \
    if (level >= dt_level_avx512) { return FUNCTION##_avx512(__VA_ARGS__); }                                        \
    if (level >= dt_level_avx2) { return FUNCTION##_avx2(__VA_ARGS__); }                                            \
    return FUNCTION##_portable(__VA_ARGS__);
#else
#define DT_CHOOSE(FUNCTION, ...) return FUNCTION##_portable(__VA_ARGS__);
#endif

void dt_count_values(
    dt_level level, const void *bytes, ptrdiff_t count, const uint8_t values[3], ptrdiff_t totals[3]) {
#if DT_X86
    if (level >= dt_level_vnni && counts_bits()) { return values_by_masks(bytes, count, values, totals); }
#endif
    DT_CHOOSE(values, bytes, count, values, totals)
}

static ptrdiff_t toggles(dt_level level, const uint8_t *bytes, ptrdiff_t count, uint8_t mask) {
#if DT_X86
    if (level >= dt_level_vnni && counts_bits()) { return toggles_by_words(bytes, count, mask); }
#endif
    DT_CHOOSE(toggles, bytes, count, mask)
}

ptrdiff_t dt_count_toggles(
    dt_level level, const void *bytes, ptrdiff_t images, ptrdiff_t count, uint8_t mask) {
    const uint8_t *image = bytes;
    ptrdiff_t total = 0;
    for (ptrdiff_t index = 0; index < images; ++index, image += count) { total += toggles(level, image, count, mask); }
    return total;
}

static void mark(dt_level level, const uint8_t *bytes, ptrdiff_t count, uint8_t value, uint8_t *marks) {
    DT_CHOOSE(mark, bytes, count, value, marks)
}

void dt_mark_equal(
    dt_level level, const void *bytes, ptrdiff_t images, ptrdiff_t count, uint8_t value, uint8_t *marks) {
    const uint8_t *image = bytes;
    for (ptrdiff_t index = 0; index < images; ++index, image += count) { mark(level, image, count, value, marks); }
}

void dt_count_taps(
    dt_level level, const dt_window *window, const uint8_t *marks, int32_t *taps, int32_t *workspace) {
    DT_CHOOSE(taps, window, marks, taps, workspace)
}
