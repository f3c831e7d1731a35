#!/usr/bin/env bash
# The main job on the embedded default: inspect the network, search it for a board, execute the plan, look at the plan.
set -euo pipefail
dovetail=${1:?usage: demo.sh DOVETAIL FOLDER}
out=${2:?usage: demo.sh DOVETAIL FOLDER}
net=Traces/networks/fashion
mkdir -p "$out"

say() { printf '\n$ %s\n' "$*"; }
run() { say dovetail "$@"; "$dovetail" "$@"; }

data=(--inputs $net/test-images-idx3-ubyte.gz --labels $net/test-labels-idx1-ubyte.gz --normalize scale=1/255)

run inspect $net/fashion.onnx | tee "$out/inspect.txt"
run search $net/fashion.onnx --device nucleo-l4r5zi \
  --budget 'latency<=50ms' --budget 'ram<=18KiB' --budget 'flash<=48KiB' \
  "${data[@]}" --calibrate $net/calibration-images-idx3-ubyte.gz -o "$out/plan.json" | tee "$out/search.txt"
run run "$out/plan.json" "${data[@]}" | tee "$out/run.txt"
run estimate "$out/plan.json" --device nucleo-l4r5zi | tee "$out/estimate.txt"
run certify "$out/plan.json" | tee "$out/certify.txt"
