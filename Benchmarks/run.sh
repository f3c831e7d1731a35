#!/usr/bin/env bash
# Throughput of execution, time of estimates and of compression steps, and the exact solver on problems of a large network's size.
set -euo pipefail
dovetail=$(realpath "${1:?usage: run.sh DOVETAIL}")
cd "$(dirname "$0")/.."
net=Traces/networks/fashion
data=(--inputs $net/test-images-idx3-ubyte.gz --normalize scale=1/255)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$dovetail" compress $net/fashion.onnx --recipe Examples/recipes/int8.yaml --normalize scale=1/255 \
  --calibrate $net/calibration-images-idx3-ubyte.gz -o "$folder/int8.dovetail" >/dev/null
for threads in 1 2; do
  echo "== execution, $threads thread(s): float, then int8"
  "$dovetail" run $net/fashion.onnx "${data[@]}" --threads $threads | grep time
  "$dovetail" run "$folder/int8.dovetail" "${data[@]}" --threads $threads | grep time
done

echo "== estimate of a whole network, start of the process included"
time "$dovetail" estimate "$folder/int8.dovetail" --device nucleo-l4r5zi >/dev/null

echo "== estimates of ResNet-50 on every device: a layer, the network, four times the layers"
swift run -c release --package-path Benchmarks/estimation

echo "== exact solver"
swift run -c release --package-path Benchmarks/search

echo "== binary layers"
Benchmarks/binary/run.sh

echo "== compression steps on our own network"
Benchmarks/compression/run.sh "$dovetail"
