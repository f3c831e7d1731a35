#include "bits.h"
#include "target.h"

#if defined(__aarch64__)
#include <arm_neon.h>

enum { most_rows = 4, parts = 4 };

/// Counts in bytes, emptied into lanes before they can overflow.
DT_INLINE void tile(
    const dt_line *line, const uint32_t *words, const uint32_t *weights, int32_t counts[most_rows][DT_BLOCK],
    const int rows, const dt_bits_form form) {
    enum { most_words = 255 / 8 };
    const ptrdiff_t step = line->pixel_step;
    uint32x4_t total[most_rows][parts];
    uint8x16_t count[most_rows][parts];
    for (int row = 0; row < rows; ++row) {
        for (int part = 0; part < parts; ++part) {
            total[row][part] = vdupq_n_u32(0);
            count[row][part] = vdupq_n_u8(0);
        }
    }
    int pending = 0;
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const uint32_t *run = words + line->segments[segment];
        for (int word = 0; word < line->run; ++word) {
            for (int plane = 0; plane < DT_PLANES(form); ++plane, weights += DT_BLOCK) {
#pragma clang loop unroll(full)
                for (int row = 0; row < rows; ++row) {
                    const uint32_t *place = run + word * DT_PAIR(form) + row * step;
                    const uint32x4_t left = vdupq_n_u32(place[0]);
#pragma clang loop unroll(full)
                    for (int part = 0; part < parts; ++part) {
                        uint32x4_t different = veorq_u32(left, vld1q_u32(weights + part * 4));
                        if (DT_IS_TERNARY(form)) { different = vandq_u32(different, vdupq_n_u32(place[1])); }
                        count[row][part] = vaddq_u8(count[row][part], vcntq_u8(vreinterpretq_u8_u32(different)));
                    }
                }
            }
            if (++pending < most_words / DT_PLANES(form)) { continue; }
            pending = 0;
            for (int row = 0; row < rows; ++row) {
                for (int part = 0; part < parts; ++part) {
                    total[row][part] = vpadalq_u16(total[row][part], vpaddlq_u8(count[row][part]));
                    count[row][part] = vdupq_n_u8(0);
                }
            }
        }
    }
    for (int row = 0; row < rows; ++row) {
        for (int part = 0; part < parts; ++part) {
            const uint32x4_t sum = vpadalq_u16(total[row][part], vpaddlq_u8(count[row][part]));
            vst1q_s32(counts[row] + part * 4, vreinterpretq_s32_u32(sum));
        }
    }
}

#define DT_FACE(form) dt_bits_##form##_neon
#define DT_TARGET
#define DT_ROWS 4
#include "bits_walk.inc"

#endif
