#include "bits.h"
#include "target.h"

#if DT_X86
#include <immintrin.h>

enum { most_rows = 3, parts = 2 };

/// Bits set in each byte, by a table for half bytes.
DT_INLINE DT_AVX2 __m256i bits_set(__m256i bytes) {
    const __m256i table = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    __m256i first = _mm256_shuffle_epi8(table, _mm256_and_si256(bytes, low));
    __m256i second = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low));
    return _mm256_add_epi8(first, second);
}

/// The sum of the four bytes of each lane.
DT_INLINE DT_AVX2 __m256i lane_sums(__m256i bytes) {
    return _mm256_madd_epi16(_mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1)), _mm256_set1_epi16(1));
}

/// Counts in bytes, emptied into lanes before they can overflow.
DT_INLINE DT_AVX2 void tile(
    const dt_line *line, const uint32_t *words, const uint32_t *weights, int32_t counts[most_rows][DT_BLOCK],
    const int rows, const dt_bits_form form) {
    enum { most_words = 255 / 8 };
    const ptrdiff_t step = line->pixel_step;
    const __m256i zero = _mm256_setzero_si256();
    __m256i total[most_rows][parts], count[most_rows][parts];
    for (int row = 0; row < rows; ++row) {
        for (int part = 0; part < parts; ++part) { total[row][part] = count[row][part] = zero; }
    }
    int pending = 0;
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const uint32_t *run = words + line->segments[segment];
        for (int word = 0; word < line->run; ++word) {
            for (int plane = 0; plane < DT_PLANES(form); ++plane, weights += DT_BLOCK) {
                const __m256i first = _mm256_loadu_si256((const __m256i *)weights);
                const __m256i second = _mm256_loadu_si256((const __m256i *)(weights + DT_BLOCK / 2));
#pragma clang loop unroll(full)
                for (int row = 0; row < rows; ++row) {
                    const uint32_t *place = run + word * DT_PAIR(form) + row * step;
                    const __m256i left = _mm256_set1_epi32((int32_t)place[0]);
                    __m256i different[parts] = {_mm256_xor_si256(left, first), _mm256_xor_si256(left, second)};
                    if (DT_IS_TERNARY(form)) {
                        const __m256i mask = _mm256_set1_epi32((int32_t)place[1]);
                        different[0] = _mm256_and_si256(different[0], mask);
                        different[1] = _mm256_and_si256(different[1], mask);
                    }
                    count[row][0] = _mm256_add_epi8(count[row][0], bits_set(different[0]));
                    count[row][1] = _mm256_add_epi8(count[row][1], bits_set(different[1]));
                }
            }
            if (++pending < most_words / DT_PLANES(form)) { continue; }
            pending = 0;
            for (int row = 0; row < rows; ++row) {
                for (int part = 0; part < parts; ++part) {
                    total[row][part] = _mm256_add_epi32(total[row][part], lane_sums(count[row][part]));
                    count[row][part] = zero;
                }
            }
        }
    }
    for (int row = 0; row < rows; ++row) {
        for (int part = 0; part < parts; ++part) {
            __m256i sum = _mm256_add_epi32(total[row][part], lane_sums(count[row][part]));
            _mm256_storeu_si256((__m256i *)(counts[row] + part * DT_BLOCK / 2), sum);
        }
    }
}

#define DT_FACE(form) dt_bits_##form##_avx2
#define DT_TARGET DT_AVX2
#define DT_ROWS 3
#include "bits_walk.inc"


DT_AVX2 void dt_bits_pack_avx2(DT_PACK_ARGUMENTS) {
    for (ptrdiff_t row = 0; row < rows; ++row, numbers += count, words += word_step) {
        int place = 0;
        for (; place + 32 <= count; place += 32) {
            words[place / 32] =
                (uint32_t)_mm256_movemask_epi8(_mm256_loadu_si256((const __m256i *)(numbers + place)));
        }
        if (place < count) { dt_bits_pack_portable(1, count - place, numbers + place, 0, words + place / 32); }
    }
}
#endif
