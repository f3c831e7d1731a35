#!/usr/bin/env bash
# Binary layers by every way to count bits that this machine has: run.sh [C COMPILER]
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
kernels=${KERNELS:-../../Sources/SIMDKernels}
"${1:-clang}" -O2 -std=gnu11 -Wall -Wextra -I"$kernels/include" "$kernels"/bits*.c "$kernels"/level.c binary.c -o "$folder/binary"
"$folder/binary"
