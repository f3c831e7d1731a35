// Whole binary layers, packing of the input and writing of the output included, against the machine's own peak of
// XOR, population count and addition, which is measured in the same run. Every layer is checked against plain loops.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "SIMDKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double larger(double one, double two) { return one > two ? one : two; }

#if defined(__x86_64__)
/// Multiply-accumulates of single bits a second, all operands in registers.
__attribute__((target("avx512f,avx512vpopcntdq"), noinline)) static double peak(void) {
    enum { chains = 12, rounds = 100000 };
    __m512i sum[chains], right[4], left[3];
    for (int i = 0; i < chains; ++i) { sum[i] = _mm512_set1_epi32(i); }
    for (int i = 0; i < 4; ++i) { right[i] = _mm512_set1_epi32(rand()); }
    for (int i = 0; i < 3; ++i) { left[i] = _mm512_set1_epi32(rand()); }
    double best = 0;
    for (int repeat = 0; repeat < 40; ++repeat) {
        const double begin = now();
        for (int round = 0; round < rounds; ++round) {
#pragma clang loop unroll(full)
            for (int i = 0; i < chains; ++i) {
                const __m512i different = _mm512_xor_si512(right[i & 3], left[i >> 2]);
                sum[i] = _mm512_add_epi32(sum[i], _mm512_popcnt_epi32(different));
            }
            __asm__ volatile(
                "" : "+v"(right[0]), "+v"(right[1]), "+v"(right[2]), "+v"(right[3]), "+v"(left[0]), "+v"(left[1]),
                     "+v"(left[2]));
        }
        best = larger(best, 512.0 * chains * rounds / (now() - begin));
    }
    for (int i = 1; i < chains; ++i) { sum[0] = _mm512_add_epi32(sum[0], sum[i]); }
    volatile int sink = _mm512_reduce_add_epi32(sum[0]);
    (void)sink;
    return best;
}
#else
static double peak(void) { return 0; }
#endif

/// What a layer reads and makes.
typedef enum { signs, sums, ternary_pixels, ternary_both } form;
static const char *const form_names[] = {"signs", "sums", "ternary pixels", "ternary both"};
static const char *const level_names[] = {"portable", "avx2", "popcnt", "vpopcnt", "neon"};

/// A 3x3 convolution with zeros read as +1 around the image.
typedef struct {
    form form;
    dt_bits_level level;
    int extent, inputs, outputs;
    int8_t *pixels, *filters, *results;
    uint32_t *words, *weights;
    int32_t *terms, *sums;
} layer;

static int words_of(const layer *l) { return (l->inputs + 31) / 32; }
static int blocks_of(const layer *l) { return (l->outputs + DT_BLOCK - 1) / DT_BLOCK; }
static int is_ternary(const layer *l) { return l->form >= ternary_pixels; }
static int planes_of(const layer *l) { return l->form == ternary_both ? 2 : 1; }
static int pair_of(const layer *l) { return is_ternary(l) ? 2 : 1; }

static int8_t random_number(int is_ternary) {
    return (int8_t)(is_ternary ? rand() / 64 % 3 - 1 : (rand() / 64 & 1) * 2 - 1);
}

/// Filters as words; two planes have a weight as their mean.
static void pack_filters(layer *l) {
    const int words = words_of(l), planes = planes_of(l);
    for (int output = 0; output < l->outputs; ++output) {
        for (int tap = 0; tap < 9; ++tap) {
            for (int input = 0; input < l->inputs; ++input) {
                const int8_t weight = l->filters[(output * 9 + tap) * l->inputs + input];
                for (int plane = 0; plane < planes; ++plane) {
                    const int is_negative = plane == 0 ? weight < 0 : weight < 1;
                    const size_t row = (size_t)(output / DT_BLOCK * 9 + tap) * (size_t)words + (size_t)(input / 32);
                    const size_t place = (row * (size_t)planes + (size_t)plane) * DT_BLOCK + (size_t)(output % DT_BLOCK);
                    l->weights[place] |= (uint32_t)is_negative << input % 32;
                }
            }
        }
    }
}

static void run(layer *l) {
    const int step = words_of(l) * pair_of(l), width = l->extent + 2, stride = blocks_of(l) * DT_BLOCK;
    const ptrdiff_t segments[3] = {0, (ptrdiff_t)width * step, 2 * (ptrdiff_t)width * step};
    for (int y = 0; y < l->extent; ++y) {
        const int8_t *row = l->pixels + (ptrdiff_t)y * l->extent * l->inputs;
        uint32_t *target = l->words + ((ptrdiff_t)(y + 1) * width + 1) * step;
        if (is_ternary(l)) {
            dt_pack_ternary(l->level, l->extent, l->inputs, row, step, target);
        } else {
            dt_pack_signs(l->level, l->extent, l->inputs, row, step, target);
        }
    }
    for (int y = 0; y < l->extent; ++y) {
        const dt_line line = {segments, 3, 3 * words_of(l), step, l->extent, blocks_of(l)};
        const uint32_t *words = l->words + (ptrdiff_t)y * width * step;
        int8_t *results = l->results + (ptrdiff_t)y * l->extent * l->outputs;
        if (l->form == signs) {
            dt_bit_signs(l->level, &line, words, l->weights, l->terms, l->outputs, l->outputs, results);
            continue;
        }
        int32_t *row = l->sums + (ptrdiff_t)y * l->extent * stride;
        if (is_ternary(l)) {
            dt_ternary_sums(l->level, &line, planes_of(l), words, l->weights, l->terms, row);
        } else {
            dt_bit_sums(l->level, &line, words, l->weights, l->terms, row);
        }
    }
}

/// The number of outputs that differ from plain loops.
static long mistakes(const layer *l) {
    const int stride = blocks_of(l) * DT_BLOCK;
    long wrong = 0;
    for (int place = 0; place < l->extent * l->extent; ++place) {
        for (int output = 0; output < l->outputs; ++output) {
            int sum = 0;
            for (int tap = 0; tap < 9; ++tap) {
                const int y = place / l->extent + tap / 3 - 1, x = place % l->extent + tap % 3 - 1;
                const int is_inside = y >= 0 && y < l->extent && x >= 0 && x < l->extent;
                for (int input = 0; input < l->inputs; ++input) {
                    const int pixel =
                        is_inside ? l->pixels[(y * l->extent + x) * l->inputs + input] : is_ternary(l) ? 0 : 1;
                    sum += pixel * l->filters[(output * 9 + tap) * l->inputs + input];
                }
            }
            wrong += l->form == signs ? l->results[place * l->outputs + output] != (sum >= 0 ? 1 : -1)
                                      : l->sums[place * stride + output] != sum;
        }
    }
    return wrong;
}

static void measure(form form, dt_bits_level level, int extent, int inputs, int outputs, double peak) {
    layer l = {.form = form, .level = level, .extent = extent, .inputs = inputs, .outputs = outputs};
    const size_t pixels = (size_t)extent * (size_t)extent, width = (size_t)extent + 2;
    const size_t stride = (size_t)blocks_of(&l) * DT_BLOCK, step = (size_t)(words_of(&l) * pair_of(&l));
    l.pixels = malloc(pixels * (size_t)inputs);
    l.filters = malloc((size_t)outputs * 9 * (size_t)inputs);
    l.results = malloc(pixels * (size_t)outputs);
    l.sums = malloc(pixels * stride * sizeof *l.sums);
    l.words = calloc(width * width * step, sizeof *l.words);
    l.weights = calloc(stride * 9 * (size_t)(words_of(&l) * planes_of(&l)), sizeof *l.weights);
    l.terms = calloc(stride, sizeof *l.terms);
    for (size_t i = 0; i < pixels * (size_t)inputs; ++i) { l.pixels[i] = random_number(is_ternary(&l)); }
    for (size_t i = 0; i < (size_t)outputs * 9 * (size_t)inputs; ++i) {
        l.filters[i] = random_number(form == ternary_both);
    }
    for (size_t i = 0; i < stride; ++i) { l.terms[i] = form == signs ? 9 * inputs / 2 : form == sums ? 9 * inputs : 0; }
    pack_filters(&l);
    const double macs = (double)pixels * outputs * 9 * inputs;
    const int inner = 1 + (int)(2e8 / macs);
    double best = 0;
    for (int repeat = 0; repeat < 25; ++repeat) {
        const double begin = now();
        for (int i = 0; i < inner; ++i) { run(&l); }
        best = larger(best, macs * inner / (now() - begin));
    }
    printf(
        "%-9s %-14s %3dx%-3d %4d -> %-4d %8.1f GMAC/s %6.1f %% of peak, %ld wrong\n", level_names[level],
        form_names[form], extent, extent, inputs, outputs, best * 1e-9, peak > 0 ? 100 * best / peak : 0, mistakes(&l));
    free(l.pixels), free(l.filters), free(l.results), free(l.sums), free(l.words), free(l.weights), free(l.terms);
}

int main(void) {
    const double best = dt_has_bits_level(dt_bits_vpopcnt) ? peak() : 0;
    if (best > 0) { printf("peak of XOR, VPOPCNTD and addition: %.1f GMAC/s\n", best * 1e-9); }
    static const int shapes[][3] = {
        {56, 64, 64}, {30, 64, 64}, {28, 96, 96}, {28, 128, 128}, {14, 256, 256}, {7, 512, 512}, {12, 64, 128},
    };
    const int count = sizeof shapes / sizeof *shapes;
    static const dt_bits_level levels[] = {
        dt_bits_vpopcnt, dt_bits_neon, dt_bits_avx2, dt_bits_popcnt, dt_bits_portable,
    };
    for (size_t index = 0; index < sizeof levels / sizeof *levels; ++index) {
        const dt_bits_level level = levels[index];
        if (!dt_has_bits_level(level)) { continue; }
        const int is_best = level == dt_best_bits_level();
        for (int form = signs; form <= ternary_both; ++form) {
            for (int shape = 0; shape < (is_best && form == signs ? count : 2); ++shape) {
                measure(form, level, shapes[shape][0], shapes[shape][1], shapes[shape][2], best);
            }
        }
    }
    return 0;
}
