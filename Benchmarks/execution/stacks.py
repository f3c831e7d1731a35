"""Int8 convolution stacks with random weights, as QLinearConv networks: stacks.py FOLDER"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

POOL = ("pool", 0, 2, 2)


def convolution(channels, kernel=3, stride=1):
    return ("convolution", channels, kernel, stride)


VGG_16 = [
    *[convolution(64)] * 2, POOL, *[convolution(128)] * 2, POOL, *[convolution(256)] * 3, POOL,
    *[convolution(512)] * 3, POOL, *[convolution(512)] * 3,
]
RESNET_18 = [
    convolution(64, 7, 2), POOL, *[convolution(64)] * 4, convolution(128, 3, 2), *[convolution(128)] * 3,
    convolution(256, 3, 2), *[convolution(256)] * 3, convolution(512, 3, 2), *[convolution(512)] * 3,
]


def network(name, layers, size=224, channels=3, seed=1):
    random = np.random.default_rng(seed)
    nodes, constants, value = [], [], "input"

    def constant(label, array):
        constants.append(numpy_helper.from_array(array, label))
        return label

    scale = constant("scale", np.float32(0.05))
    zero = constant("zero", np.uint8(0))
    for index, (kind, count, kernel, stride) in enumerate(layers):
        result = f"layer{index}"
        if kind == "pool":
            nodes.append(
                helper.make_node("MaxPool", [value], [result], kernel_shape=[kernel] * 2, strides=[stride] * 2))
            size //= stride
        else:
            weights = random.integers(-127, 128, (count, channels, kernel, kernel)).astype(np.int8)
            step = np.full(count, 0.02 / np.sqrt(channels * kernel * kernel), np.float32)
            operands = [
                value, scale, zero, constant(f"weights{index}", weights), constant(f"steps{index}", step),
                constant(f"zeros{index}", np.zeros(count, np.int8)), scale, zero,
                constant(f"bias{index}", random.integers(-1000, 1000, count).astype(np.int32)),
            ]
            margin = kernel // 2
            nodes.append(
                helper.make_node(
                    "QLinearConv", operands, [result], kernel_shape=[kernel] * 2, pads=[margin] * 4,
                    strides=[stride] * 2))
            size = (size + 2 * margin - kernel) // stride + 1
            channels = count
        value = result
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("input", TensorProto.UINT8, [1, 3, 224, 224])],
        [helper.make_tensor_value_info(value, TensorProto.UINT8, [1, channels, size, size])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])
    model.ir_version = 9
    return model


def write(folder):
    paths = []
    for name, layers in [("vgg16-like", VGG_16), ("resnet18-like", RESNET_18)]:
        paths.append(pathlib.Path(folder) / f"{name}.onnx")
        onnx.save(network(name, layers), paths[-1])
    return paths


if __name__ == "__main__":
    print(*write(sys.argv[1]), sep="\n")
