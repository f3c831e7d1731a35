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
    --device systolic-16x16-os --calibration-cases 256 "${@:3}" -o "Traces/methods/$1.csv"
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
record lenet300 "$kit/models/mnist/lenet300_ptq_int8.tflite" --inputs "$kit/mnist/test-images-0-5999-idx3-ubyte.gz" \
  --labels "$kit/mnist/test-labels-0-5999-idx1-ubyte.gz" --calibrate "$kit/mnist/train-images-0-19999-idx3-ubyte.gz" \
  --normalize 'scale=1/255' --limit 2000
# The clips lie as int8 of the quantized network: read as an array, they become the reals of the float one. There is no other
# set, so that those of CALIBRATION calibrate and only the rest are judged.
clips=$(mktemp -d)
trap 'rm -rf "$clips"' EXIT
CALIBRATION=256 CLIPS=700 CLIP=490
# array NAME COUNT: an array of so many clips from standard input
array() {
  printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' \
    "{'descr': '|i1', 'fortran_order': False, 'shape': ($2, 49, 10, 1), }" >"$clips/$1.npy"
  cat >>"$clips/$1.npy"
}
head -c $((CALIBRATION * CLIP)) "$kit/kws01/inputs.bin" | array calibration $CALIBRATION
tail -c $(((CLIPS - CALIBRATION) * CLIP)) "$kit/kws01/inputs.bin" | array inputs $((CLIPS - CALIBRATION))
sed "2,$((CALIBRATION + 1))d" "$kit/kws01/labels.csv" >"$clips/labels.csv"
record dscnn "$kit/models/mlperf-tiny/kws_dscnn_float.tflite" --inputs "$clips/inputs.npy" \
  --labels "$clips/labels.csv" --calibrate "$clips/calibration.npy" \
  --normalize 'scale=0.5847029089927673 mean=48.5303414524'
