/// What the ways to count bits share.
#ifndef DOVETAIL_BITS_H
#define DOVETAIL_BITS_H

#include "SIMDKernels.h"

/// Where sums or signs go, and what they are made with: a term of the sum or a limit of the count for each channel.
typedef struct {
    int32_t *sums;
    const int32_t *terms;
    int8_t *signs;
    ptrdiff_t sign_step;
    int channels;
    /// Planes of the weights under ternary pixels.
    int planes;
} dt_bits_output;

/// What a layer of bits is and makes; a constant wherever it is used.
typedef enum {
    dt_form_sums,
    dt_form_signs,
    /// Sums of ternary pixels under weights of one or two planes.
    dt_form_ternary_one,
    dt_form_ternary_two,
} dt_bits_form;

#define DT_IS_TERNARY(form) ((form) >= dt_form_ternary_one)
/// Words of a pixel's channels, and of a weight's.
#define DT_PAIR(form) (DT_IS_TERNARY(form) ? 2 : 1)
#define DT_PLANES(form) ((form) == dt_form_ternary_two ? 2 : 1)

#define DT_BITS_ARGUMENTS \
    const dt_bits_output *output, const dt_line *line, const uint32_t *words, const uint32_t *weights
#define DT_PACK_ARGUMENTS ptrdiff_t rows, int count, const int8_t *numbers, ptrdiff_t word_step, uint32_t *words

void dt_bits_sums_portable(DT_BITS_ARGUMENTS);
void dt_bits_signs_portable(DT_BITS_ARGUMENTS);
void dt_bits_ternary_portable(DT_BITS_ARGUMENTS);
void dt_bits_pack_portable(DT_PACK_ARGUMENTS);
void dt_bits_pack_ternary_portable(DT_PACK_ARGUMENTS);
void dt_bits_sums_avx2(DT_BITS_ARGUMENTS);
void dt_bits_signs_avx2(DT_BITS_ARGUMENTS);
void dt_bits_ternary_avx2(DT_BITS_ARGUMENTS);
void dt_bits_pack_avx2(DT_PACK_ARGUMENTS);
void dt_bits_sums_popcnt(DT_BITS_ARGUMENTS);
void dt_bits_signs_popcnt(DT_BITS_ARGUMENTS);
void dt_bits_ternary_popcnt(DT_BITS_ARGUMENTS);
void dt_bits_sums_vpopcnt(DT_BITS_ARGUMENTS);
void dt_bits_signs_vpopcnt(DT_BITS_ARGUMENTS);
void dt_bits_ternary_vpopcnt(DT_BITS_ARGUMENTS);
void dt_bits_pack_vpopcnt(DT_PACK_ARGUMENTS);
void dt_bits_pack_ternary_vpopcnt(DT_PACK_ARGUMENTS);
void dt_bits_sums_neon(DT_BITS_ARGUMENTS);
void dt_bits_signs_neon(DT_BITS_ARGUMENTS);
void dt_bits_ternary_neon(DT_BITS_ARGUMENTS);

#endif
