#!/usr/bin/env bash
# Execution against LiteRT with XNNPACK and ONNX Runtime: compare.sh DOVETAIL [MODELS]
set -euo pipefail
dovetail=$(realpath "${1:?usage: compare.sh DOVETAIL [MODELS]}")
models=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "== 3x3 convolutions on bytes against the peak of VPDPBUSD"
kernels=../../Sources/SIMDKernels
"${CC:-clang}" -O2 -std=gnu11 -Wall -Wextra -I"$kernels/include" "$kernels"/{sum_uint8,copy_bytes,level}.c kernels.c -o "$folder/kernels"
"$folder/kernels"
echo "== binary convolutions against the peak of XOR and VPOPCNT"
../binary/run.sh

environment=${ENVIRONMENT:-$folder/environment}
[ -d "$environment" ] || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
echo "== networks"
"$environment/bin/python" compare.py "$dovetail" $models 2> >(grep -v -E "INFO|WARNING|^W0000" >&2)
