#include "bits.h"
#include "target.h"

#if DT_X86
#include <immintrin.h>

enum { most_rows = 6, most_width = 4 };

/// Counts of `rows` neighbouring pixels by `width` neighbouring blocks, held in registers; both are constants.
DT_INLINE DT_VPOPCNT void tile(
    const dt_line *line, const uint32_t *words, const uint32_t *weights, __m512i count[most_rows][most_width],
    const int rows, const int width, const dt_bits_form form) {
    const ptrdiff_t stride = (ptrdiff_t)line->segment_count * line->run * DT_PLANES(form) * DT_BLOCK;
    const ptrdiff_t step = line->pixel_step;
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; ++row) {
#pragma clang loop unroll(full)
        for (int block = 0; block < width; ++block) { count[row][block] = _mm512_setzero_si512(); }
    }
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const uint32_t *run = words + line->segments[segment];
        for (int word = 0; word < line->run; ++word) {
#pragma clang loop unroll(disable)
            for (int plane = 0; plane < DT_PLANES(form); ++plane, weights += DT_BLOCK) {
                __m512i right[most_width];
#pragma clang loop unroll(full)
                for (int block = 0; block < width; ++block) {
                    right[block] = _mm512_loadu_si512(weights + block * stride);
                }
#pragma clang loop unroll(full)
                for (int row = 0; row < rows; ++row) {
                    const uint32_t *place = run + word * DT_PAIR(form) + row * step;
                    __m512i left = _mm512_set1_epi32((int32_t)place[0]);
                    const __m512i mask = DT_IS_TERNARY(form) ? _mm512_set1_epi32((int32_t)place[1]) : left;
                    // One row after the other: the compiler would start all of them and run out of registers.
                    if (DT_IS_TERNARY(form)) { __asm__ volatile("" : "+v"(left)); }
#pragma clang loop unroll(full)
                    for (int block = 0; block < width; ++block) {
                        // The truth tables of a ^ b and of (a ^ b) & c.
                        const __m512i different = DT_IS_TERNARY(form)
                            ? _mm512_ternarylogic_epi32(left, right[block], mask, 0x28)
                            : _mm512_xor_si512(left, right[block]);
                        count[row][block] = _mm512_add_epi32(count[row][block], _mm512_popcnt_epi32(different));
                        if (DT_IS_TERNARY(form)) { __asm__ volatile("" : "+v"(count[row][block])); }
                    }
                }
            }
        }
    }
}

/// The numbers of a ternary pixel that are not zero: every second word tells which.
DT_INLINE DT_VPOPCNT int32_t filled_numbers(const dt_line *line, const uint32_t *words) {
    __m512i count = _mm512_setzero_si512();
    for (int segment = 0; segment < line->segment_count; ++segment) {
        const uint32_t *run = words + line->segments[segment];
        for (int word = 0; word < 2 * line->run; word += 16) {
            const int left = 2 * line->run - word;
            const __mmask16 kept = (__mmask16)(left >= 16 ? 0xaaaa : 0xaaaa & ((1 << left) - 1));
            count = _mm512_add_epi32(count, _mm512_popcnt_epi32(_mm512_maskz_loadu_epi32(kept, run + word)));
        }
    }
    return _mm512_reduce_add_epi32(count);
}

/// Writes a tile as sums or as signs; `is_signs` is a constant.
DT_INLINE DT_VPOPCNT void tile_to(
    const dt_bits_output *output, const dt_line *line, const uint32_t *words, const uint32_t *weights, int pixel,
    int block, const int rows, const int width, const dt_bits_form form) {
    __m512i count[most_rows][most_width];
    tile(line, words, weights, count, rows, width, form);
    int32_t numbers[most_rows] = {0};
    if (DT_IS_TERNARY(form)) {
        for (int row = 0; row < rows; ++row) { numbers[row] = filled_numbers(line, words + row * line->pixel_step); }
    }
#pragma clang loop unroll(full)
    for (int part = 0; part < width; ++part) {
        const int first = (block + part) * DT_BLOCK;
        const __m512i term = _mm512_loadu_si512(output->terms + first);
        if (form == dt_form_signs) {
            const int left = output->channels - first;
            const __mmask16 kept = (__mmask16)(left >= DT_BLOCK ? 0xffff : (1 << left) - 1);
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; ++row) {
                __m128i sign = _mm_movm_epi8(_mm512_cmpgt_epi32_mask(count[row][part], term));
                sign = _mm_or_si128(sign, _mm_set1_epi8(1));
                _mm_mask_storeu_epi8(output->signs + (pixel + row) * output->sign_step + first, kept, sign);
            }
        } else {
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; ++row) {
                const __m512i start = DT_IS_TERNARY(form) ? _mm512_add_epi32(term, _mm512_set1_epi32(numbers[row])) : term;
                const __m512i share =
                    form == dt_form_ternary_two ? count[row][part] : _mm512_slli_epi32(count[row][part], 1);
                int32_t *place = output->sums + (ptrdiff_t)(pixel + row) * line->blocks * DT_BLOCK + first;
                _mm512_storeu_si512(place, _mm512_sub_epi32(start, share));
            }
        }
    }
}

/// A tile of `rows` pixels, which is a constant in each case.
DT_INLINE DT_VPOPCNT void rows_to(
    const dt_bits_output *output, const dt_line *line, const uint32_t *words, const uint32_t *weights, int pixel,
    int block, int rows, const int width, const dt_bits_form form) {
    switch (rows) {
    case 1: tile_to(output, line, words, weights, pixel, block, 1, width, form); return;
    case 2: tile_to(output, line, words, weights, pixel, block, 2, width, form); return;
    case 3: tile_to(output, line, words, weights, pixel, block, 3, width, form); return;
    case 4: tile_to(output, line, words, weights, pixel, block, 4, width, form); return;
    case 5: tile_to(output, line, words, weights, pixel, block, 5, width, form); return;
    default: tile_to(output, line, words, weights, pixel, block, 6, width, form); return;
    }
}

/// Walks over the tiles of a line: blocks by fours, twos and ones, pixels in pieces of nearly equal length.
DT_INLINE DT_VPOPCNT void walk(
    const dt_bits_output *output, const dt_line *line, const uint32_t *words, const uint32_t *weights,
    const dt_bits_form form) {
    const ptrdiff_t stride = (ptrdiff_t)line->segment_count * line->run * DT_PLANES(form) * DT_BLOCK;
    for (int block = 0; block < line->blocks;) {
        const int left = line->blocks - block;
        const int width = left >= 4 ? 4 : left >= 2 ? 2 : 1;
        const uint32_t *right = weights + block * stride;
        for (int pixel = 0; pixel < line->pixels;) {
            const int rest = line->pixels - pixel;
            const int pieces = (rest + most_rows - 1) / most_rows;
            const int rows = (rest + pieces - 1) / pieces;
            const uint32_t *place = words + pixel * line->pixel_step;
            if (width == 4) {
                rows_to(output, line, place, right, pixel, block, rows, 4, form);
            } else if (width == 2) {
                rows_to(output, line, place, right, pixel, block, rows, 2, form);
            } else {
                rows_to(output, line, place, right, pixel, block, rows, 1, form);
            }
            pixel += rows;
        }
        block += width;
    }
}

DT_VPOPCNT void dt_bits_sums_vpopcnt(DT_BITS_ARGUMENTS) { walk(output, line, words, weights, dt_form_sums); }
DT_VPOPCNT void dt_bits_signs_vpopcnt(DT_BITS_ARGUMENTS) { walk(output, line, words, weights, dt_form_signs); }
DT_VPOPCNT void dt_bits_ternary_vpopcnt(DT_BITS_ARGUMENTS) {
    if (output->planes == 1) {
        walk(output, line, words, weights, dt_form_ternary_one);
    } else {
        walk(output, line, words, weights, dt_form_ternary_two);
    }
}

DT_VPOPCNT void dt_bits_pack_vpopcnt(DT_PACK_ARGUMENTS) {
    for (ptrdiff_t row = 0; row < rows; ++row, numbers += count, words += word_step) {
        int place = 0;
        for (; place + 64 <= count; place += 64) {
            uint64_t bits = _cvtmask64_u64(_mm512_movepi8_mask(_mm512_loadu_si512(numbers + place)));
            __builtin_memcpy(words + place / 32, &bits, sizeof bits);
        }
        if (place == count) { continue; }
        const __mmask64 kept = ~(uint64_t)0 >> (64 - (count - place));
        uint64_t bits = _cvtmask64_u64(_mm512_movepi8_mask(_mm512_maskz_loadu_epi8(kept, numbers + place)));
        words[place / 32] = (uint32_t)bits;
        if (count - place > 32) { words[place / 32 + 1] = (uint32_t)(bits >> 32); }
    }
}

DT_VPOPCNT void dt_bits_pack_ternary_vpopcnt(DT_PACK_ARGUMENTS) {
    for (ptrdiff_t row = 0; row < rows; ++row, numbers += count, words += word_step) {
        for (int place = 0; place < count; place += 64) {
            const int left = count - place;
            const __mmask64 kept = left >= 64 ? ~(uint64_t)0 : ~(uint64_t)0 >> (64 - left);
            const __m512i part = _mm512_maskz_loadu_epi8(kept, numbers + place);
            const uint64_t signs = _cvtmask64_u64(_mm512_movepi8_mask(part));
            const uint64_t filled = _cvtmask64_u64(_mm512_test_epi8_mask(part, part));
            uint32_t *target = words + place / 16;
            target[0] = (uint32_t)signs;
            target[1] = (uint32_t)filled;
            if (left <= 32) { continue; }
            target[2] = (uint32_t)(signs >> 32);
            target[3] = (uint32_t)(filled >> 32);
        }
    }
}
#endif
