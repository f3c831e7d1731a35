#include "SIMDKernels.h"
#include "target.h"

#if DT_X86
#include <immintrin.h>
#include "narrow.inc"

/// The factor of an operand, split so that products of nine bits stay inside 32: `multiplier = high * 2^11 + low`.
typedef struct {
    __m512i zero_point, high, low, half;
    __m128i shift;
    __mmask16 rounds;
} dt_share;

DT_INLINE DT_VNNI dt_share share_of(const dt_addend *addend) {
    dt_share share;
    share.zero_point = _mm512_set1_epi32(addend->zero_point);
    share.high = _mm512_set1_epi32(addend->multiplier >> 11);
    share.low = _mm512_set1_epi32(addend->multiplier & 0x7FF);
    share.half = _mm512_set1_epi32((1 << addend->shift) >> 1);
    share.shift = _mm_cvtsi32_si128(addend->shift);
    share.rounds = addend->shift > 0 ? 0xFFFF : 0;
    return share;
}

/// What an operand adds to sixteen sums; a factor of one half needs no product.
DT_INLINE DT_VNNI __m512i shares(const dt_share *share, const int is_half, const int is_unsigned, __m128i bytes) {
    __m512i wide = is_unsigned ? _mm512_cvtepu8_epi32(bytes) : _mm512_cvtepi8_epi32(bytes);
    __m512i offset = _mm512_sub_epi32(wide, share->zero_point);
    if (is_half) { return _mm512_slli_epi32(offset, 19); }
    __m512i tail = _mm512_add_epi32(_mm512_mullo_epi32(offset, share->low), _mm512_set1_epi32(1 << 10));
    __m512i high = _mm512_add_epi32(_mm512_mullo_epi32(offset, share->high), _mm512_srai_epi32(tail, 11));
    __m512i raised = _mm512_add_epi32(high, share->half);
    raised = _mm512_mask_add_epi32(raised, share->rounds, raised, _mm512_srai_epi32(high, 31));
    return _mm512_sra_epi32(raised, share->shift);
}

DT_INLINE int is_half(const dt_addend *addend) { return addend->multiplier == 1 << 30 && addend->shift == 0; }

DT_INLINE DT_VNNI void add(
    const dt_addend *left, const dt_addend *right, const int subtracts, const dt_narrowing *by, ptrdiff_t count,
    const uint8_t *left_bytes, const uint8_t *right_bytes, uint8_t *result, const dt_family family,
    const int left_is_half, const int right_is_half, const int is_unsigned) {
    const dt_share first = share_of(left), second = share_of(right);
    const dt_channels channels = channels_at(by, family, 0);
    const dt_row_grid grid = grid_of(by);
    for (ptrdiff_t index = 0; index < count; index += 64) {
        __m512i sum[4];
#pragma clang loop unroll(full)
        for (int part = 0; part < 4; ++part) {
            ptrdiff_t place = index + 16 * part;
            __m512i a = shares(&first, left_is_half, is_unsigned, _mm_loadu_si128((const __m128i *)(left_bytes + place)));
            __m512i b = shares(&second, right_is_half, is_unsigned, _mm_loadu_si128((const __m128i *)(right_bytes + place)));
            sum[part] = rescaled(by, family, &channels, subtracts ? _mm512_sub_epi32(a, b) : _mm512_add_epi32(a, b));
        }
        __m512i bytes = in_order(packed(by, &grid, sum[0], sum[1], sum[2], sum[3]));
        if (count - index >= 64) {
            _mm512_storeu_si512(result + index, bytes);
        } else {
            _mm512_mask_storeu_epi8(result + index, ~(__mmask64)0 >> (64 - (count - index)), bytes);
        }
    }
}

#define DT_ADD(FAMILY)                                                                                              \
    if (left->is_unsigned) {                                                                                        \
        add(left, right, subtracts, by, count, left_bytes, right_bytes, result, FAMILY, 0, 0, 1);                   \
    } else if (is_half(left) && is_half(right)) {                                                                   \
        add(left, right, subtracts, by, count, left_bytes, right_bytes, result, FAMILY, 1, 1, 0);                   \
    } else if (is_half(left)) {                                                                                     \
        add(left, right, subtracts, by, count, left_bytes, right_bytes, result, FAMILY, 1, 0, 0);                   \
    } else if (is_half(right)) {                                                                                    \
        add(left, right, subtracts, by, count, left_bytes, right_bytes, result, FAMILY, 0, 1, 0);                   \
    } else {                                                                                                        \
        add(left, right, subtracts, by, count, left_bytes, right_bytes, result, FAMILY, 0, 0, 0);                   \
    }

DT_VNNI static void add_any(
    const dt_addend *left, const dt_addend *right, int subtracts, const dt_narrowing *by, ptrdiff_t count,
    const uint8_t *left_bytes, const uint8_t *right_bytes, uint8_t *result) {
    if (by->family == dt_half_up_shift) {
        DT_ADD(dt_half_up_shift)
    } else {
        DT_ADD(dt_double_rounding)
    }
}
#endif

void dt_add_bytes(
    const dt_addend *left, const dt_addend *right, int subtracts, const dt_narrowing *narrowing, ptrdiff_t count,
    const void *left_bytes, const void *right_bytes, void *result) {
#if DT_X86
    add_any(left, right, subtracts, narrowing, count, left_bytes, right_bytes, result);
#endif
}
