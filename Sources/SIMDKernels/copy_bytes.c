#include "SIMDKernels.h"
#include "target.h"

DT_INLINE void copy(uint8_t *restrict target, const uint8_t *restrict source, ptrdiff_t count, uint8_t flip) {
    for (ptrdiff_t index = 0; index < count; ++index) { target[index] = source[index] ^ flip; }
}

static void copy_portable(uint8_t *target, const uint8_t *source, ptrdiff_t count, uint8_t flip) {
    copy(target, source, count, flip);
}

#if DT_X86
DT_AVX2 static void copy_avx2(uint8_t *target, const uint8_t *source, ptrdiff_t count, uint8_t flip) {
    copy(target, source, count, flip);
}
#endif

void dt_copy_bytes(dt_level level, void *target, const void *source, ptrdiff_t count, uint8_t flip) {
#if DT_X86
    if (level >= dt_level_avx2) {
        copy_avx2(target, source, count, flip);
        return;
    }
#endif
    copy_portable(target, source, count, flip);
}
