#include "bits.h"
#include "target.h"

#if DT_X86

enum { most_rows = 6 };

/// Counts by words of 64 bits, a channel at a time.
DT_INLINE DT_POPCNT void tile(
    const dt_line *line, const uint32_t *words, const uint32_t *weights, int32_t counts[most_rows][DT_BLOCK],
    const int rows, const dt_bits_form form) {
    const ptrdiff_t step = line->pixel_step;
    for (int channel = 0; channel < DT_BLOCK; ++channel) {
        uint64_t count[most_rows] = {0};
        const uint32_t *right = weights + channel;
        for (int segment = 0; segment < line->segment_count; ++segment) {
            const uint32_t *run = words + line->segments[segment];
            int word = 0;
            for (; !DT_IS_TERNARY(form) && word + 2 <= line->run; word += 2, right += 2 * DT_BLOCK) {
                const uint64_t pair = right[0] | (uint64_t)right[DT_BLOCK] << 32;
#pragma clang loop unroll(full) vectorize(disable)
                for (int row = 0; row < rows; ++row) {
                    uint64_t left;
                    __builtin_memcpy(&left, run + word + row * step, sizeof left);
                    count[row] += (uint64_t)__builtin_popcountll(left ^ pair);
                }
            }
            for (; word < line->run; ++word, right += DT_PLANES(form) * DT_BLOCK) {
#pragma clang loop unroll(full) vectorize(disable)
                for (int row = 0; row < rows; ++row) {
                    const uint32_t *place = run + word * DT_PAIR(form) + row * step;
                    if (form == dt_form_ternary_two) {
                        const uint64_t mask = place[1] | (uint64_t)place[1] << 32;
                        const uint64_t left = place[0] | (uint64_t)place[0] << 32;
                        const uint64_t pair = right[0] | (uint64_t)right[DT_BLOCK] << 32;
                        count[row] += (uint64_t)__builtin_popcountll((left ^ pair) & mask);
                    } else {
                        const uint32_t different = place[0] ^ right[0];
                        count[row] +=
                            (uint64_t)__builtin_popcount(DT_IS_TERNARY(form) ? different & place[1] : different);
                    }
                }
            }
        }
        for (int row = 0; row < rows; ++row) { counts[row][channel] = (int32_t)count[row]; }
    }
}

#define DT_FACE(form) dt_bits_##form##_popcnt
#define DT_TARGET DT_POPCNT
#define DT_ROWS 6
#include "bits_walk.inc"

#endif
