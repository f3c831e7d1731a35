#!/usr/bin/env bash
# How long each compression step takes on a network, as its example recipe has it, in seconds on the clock.
# usage: run.sh DOVETAIL [NETWORK CALIBRATION NORMALIZATION [CASES]]; our own network without more
set -euo pipefail
dovetail=$(realpath "${1:?usage: run.sh DOVETAIL [NETWORK CALIBRATION NORMALIZATION [CASES]]}")
cd "$(dirname "$0")/../.."
network=${2:-Traces/networks/fashion/fashion.onnx}
calibration=${3:-Traces/networks/fashion/calibration-images-idx3-ubyte.gz}
normalization=${4:-scale=1/255}
cases=${5:-64}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Names of layers are those of our own network; on another one every layer is taken.
echo "step,seconds,exit"
for recipe in Examples/recipes/steps/*.yaml; do
  sed '/^    layers:/d' "$recipe" >"$folder/recipe.yaml"
  start=$(date +%s.%N)
  status=0
  "$dovetail" compress "$network" --recipe "$folder/recipe.yaml" --calibrate "$calibration" --calibration-cases "$cases" \
    --normalize "$normalization" -o "$folder/out.dovetail" >"$folder/out.txt" 2>&1 || status=$?
  printf '%s,%.2f,%s\n' "$(basename "$recipe" .yaml)" "$(awk "BEGIN { print $(date +%s.%N) - $start }")" "$status"
done
