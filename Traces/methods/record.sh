#!/usr/bin/env bash
# Writes a table of accuracy, size, MACs, cycles and energy of every method and strength for each network that is at hand.
# usage: record.sh path/to/dovetail
set -euo pipefail
cd "$(dirname "$0")/../.."
dovetail=$1
kit=../shared/data
images="$kit/cifar10/test-lossless.bin"
training="$kit/cifar10/train-lossless.bin"

# record NAME NETWORK OPTION...
record() {
  echo "$1"
  "$dovetail" sweep "$2" --sweep Examples/sweeps/post-training.yaml --device nucleo-l4r5zi --device nucleo-h7a3zi-q \
    --device systolic-16x16-os "${@:3}" -o "Traces/methods/$1.csv"
}

own=Traces/networks/fashion
record fashion "$own/fashion.onnx" --inputs "$own/test-images-idx3-ubyte.gz" --labels "$own/test-labels-idx1-ubyte.gz" \
  --calibrate "$own/calibration-images-idx3-ubyte.gz" --normalize 'scale=1/255'
[ -d "$kit" ] || { echo "no data kit: only our own network is recorded"; exit 0; }
colours='scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225'
record resnet8 "$kit/models/mlperf-tiny/ic_resnet8_float.tflite" --inputs "$images" --calibrate "$training"
for depth in 20 32; do
  record "resnet$depth" "$kit/models/resnet-cifar10/resnet$depth.onnx" --inputs "$images" --calibrate "$training" \
    --normalize "$colours"
done
