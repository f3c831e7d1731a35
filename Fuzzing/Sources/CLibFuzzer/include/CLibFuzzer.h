#ifndef DOVETAIL_CLIBFUZZER_H
#define DOVETAIL_CLIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// The driver of libFuzzer (its library without `main`): runs `body` on inputs until a limit of the arguments is met.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*body)(const uint8_t *bytes, size_t size));

#endif
