#include "bits.h"
#include "target.h"

#if DT_X86

enum { most_rows = 6 };

/// Counts by words of 64 bits, a channel at a time.
DT_INLINE DT_POPCNT void tile(
    const dt_line *line, const uint32_t *words, const uint32_t *weights, int32_t counts[most_rows][DT_BLOCK],
    const int rows) {
    const ptrdiff_t step = line->pixel_step;
    for (int channel = 0; channel < DT_BLOCK; ++channel) {
        uint64_t count[most_rows] = {0};
        const uint32_t *right = weights + channel;
        for (int segment = 0; segment < line->segment_count; ++segment) {
            const uint32_t *run = words + line->segments[segment];
            int word = 0;
            for (; word + 2 <= line->run; word += 2, right += 2 * DT_BLOCK) {
                const uint64_t pair = right[0] | (uint64_t)right[DT_BLOCK] << 32;
#pragma clang loop unroll(full) vectorize(disable)
                for (int row = 0; row < rows; ++row) {
                    uint64_t left;
                    __builtin_memcpy(&left, run + word + row * step, sizeof left);
                    count[row] += (uint64_t)__builtin_popcountll(left ^ pair);
                }
            }
            if (word == line->run) { continue; }
#pragma clang loop unroll(full) vectorize(disable)
            for (int row = 0; row < rows; ++row) {
                count[row] += (uint64_t)__builtin_popcount(run[word + row * step] ^ right[0]);
            }
            right += DT_BLOCK;
        }
        for (int row = 0; row < rows; ++row) { counts[row][channel] = (int32_t)count[row]; }
    }
}

#define DT_WALK walk
#define DT_TILE tile
#define DT_TARGET DT_POPCNT
#define DT_ROWS 6
#include "bits_walk.inc"

DT_POPCNT void dt_bits_sums_popcnt(DT_BITS_ARGUMENTS) { walk(output, line, words, weights, 0); }
DT_POPCNT void dt_bits_signs_popcnt(DT_BITS_ARGUMENTS) { walk(output, line, words, weights, 1); }
#endif
