#include "bits.h"
#include "target.h"

typedef uint32_t dt_words __attribute__((vector_size(4 * DT_BLOCK), aligned(4)));

/// Replaces each word by its bits set: sums of neighbouring fields of 2, 4 and 8 bits.
DT_INLINE void count_each(dt_words *words) {
    dt_words word = *words - (*words >> 1 & 0x55555555);
    word = (word & 0x33333333) + (word >> 2 & 0x33333333);
    word = (word + (word >> 4)) & 0x0f0f0f0f;
    word += word >> 8;
    *words = (word + (word >> 16)) & 0x3f;
}

DT_INLINE void tile(
    const dt_line *line, const uint32_t *words, const uint32_t *weights, int32_t counts[1][DT_BLOCK], const int rows,
    const dt_bits_form form) {
    (void)rows;
    dt_words count = {0};
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const uint32_t *run = words + line->segments[segment];
        for (int word = 0; word < line->run; ++word, run += DT_PAIR(form)) {
            for (int plane = 0; plane < DT_PLANES(form); ++plane, weights += DT_BLOCK) {
                dt_words different = run[0] ^ *(const dt_words *)weights;
                if (DT_IS_TERNARY(form)) { different &= run[1]; }
                count_each(&different);
                count += different;
            }
        }
    }
    __builtin_memcpy(counts[0], &count, sizeof count);
}

#define DT_FACE(form) dt_bits_##form##_portable
#define DT_TARGET
#define DT_ROWS 1
#include "bits_walk.inc"


/// The signs of eight numbers as the bits of a byte.
DT_INLINE uint32_t eight_signs(const int8_t *numbers) {
    uint64_t bytes;
    __builtin_memcpy(&bytes, numbers, sizeof bytes);
    return (uint32_t)(((bytes >> 7 & 0x0101010101010101) * 0x0102040810204080) >> 56);
}

void dt_bits_pack_portable(DT_PACK_ARGUMENTS) {
    for (ptrdiff_t row = 0; row < rows; ++row, numbers += count, words += word_step) {
        int place = 0;
        for (; place + 32 <= count; place += 32) {
            const int8_t *part = numbers + place;
            words[place / 32] = eight_signs(part) | eight_signs(part + 8) << 8 | eight_signs(part + 16) << 16
                | eight_signs(part + 24) << 24;
        }
        if (place == count) { continue; }
        uint32_t word = 0;
        for (int bit = 0; place + bit < count; ++bit) { word |= (uint32_t)(numbers[place + bit] < 0) << bit; }
        words[place / 32] = word;
    }
}

void dt_bits_pack_ternary_portable(DT_PACK_ARGUMENTS) {
    for (ptrdiff_t row = 0; row < rows; ++row, numbers += count, words += word_step) {
        for (int place = 0; place < count; place += 32) {
            uint32_t signs = 0, filled = 0;
            for (int bit = 0; bit < 32 && place + bit < count; ++bit) {
                signs |= (uint32_t)(numbers[place + bit] < 0) << bit;
                filled |= (uint32_t)(numbers[place + bit] != 0) << bit;
            }
            words[place / 16] = signs;
            words[place / 16 + 1] = filled;
        }
    }
}
