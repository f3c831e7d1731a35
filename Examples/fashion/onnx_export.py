"""Writes the trained network as a float ONNX file, batch normalizations kept as nodes of their own."""

from pathlib import Path
from typing import Protocol

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

import network
from network import Block, Convolution

OPSET = 13
IR_VERSION = 7


class Layer(Protocol):
    """A layer of the training framework."""

    def get_weights(self) -> list[NDArray[np.float32]]: ...


class Model(Protocol):
    """A model of the training framework, its layers known by name."""

    def get_layer(self, name: str) -> Layer: ...


class Graph:
    """The nodes and constants of an ONNX graph, in order of execution."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, operator: str, name: str, inputs: list[str], **attributes: object) -> str:
        """Appends a node with one output and gives the name of that output."""
        output = f"{name}_output"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=name, **attributes))
        return output

    def constant(self, name: str, values: NDArray[np.float32]) -> str:
        """Appends a constant and gives its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def convolution(self, convolution: Convolution, values: str) -> str:
        """Appends a convolution and its batch normalization."""
        name, kernel = convolution.name, convolution.kernel
        (weight,) = self.model.get_layer(name).get_weights()
        outputs_first = weight.transpose((2, 3, 0, 1) if convolution.depthwise else (3, 2, 0, 1))
        convolved = self.node(
            "Conv",
            name,
            [values, self.constant(f"{name}.weight", outputs_first)],
            kernel_shape=[kernel, kernel],
            strides=[convolution.stride] * 2,
            pads=[kernel // 2] * 4,
            group=convolution.groups,
        )
        arrays = self.model.get_layer(f"{name}_norm").get_weights()
        roles = ("scale", "shift", "mean", "variance")
        constants = [self.constant(f"{name}.{role}", array) for role, array in zip(roles, arrays, strict=True)]
        return self.node("BatchNormalization", f"{name}_norm", [convolved, *constants], epsilon=network.EPSILON)

    def block(self, block: Block, values: str) -> str:
        """Appends a block."""
        shortcut = values
        for convolution in block.convolutions[:-1]:
            values = self.node("Relu", f"{convolution.name}_relu", [self.convolution(convolution, values)])
        last = block.convolutions[-1]
        values = self.convolution(last, values)
        if block.residual:
            values = self.node("Add", f"{last.name}_add", [values, shortcut])
        return self.node("Relu", f"{last.name}_relu", [values])

    def classifier(self, values: str) -> None:
        """Appends the average over all positions and the fully connected layer, whose output is `logits`."""
        weight, bias = self.model.get_layer("classifier").get_weights()
        pooled = self.node("GlobalAveragePool", "pool", [values])
        inputs = [
            self.node("Flatten", "flatten", [pooled], axis=1),
            self.constant("classifier.weight", weight.T),
            self.constant("classifier.bias", bias),
        ]
        self.nodes.append(helper.make_node("Gemm", inputs, ["logits"], name="classifier", transB=1))


def write(model: Model, path: Path) -> None:
    """Writes the model; the input `image` is (1, 1, 28, 28) with pixels in 0...1, the output `logits` is (1, 10)."""
    graph = Graph(model)
    values = "image"
    for block in network.BLOCKS:
        values = graph.block(block, values)
    graph.classifier(values)
    side = network.IMAGE_SIDE
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, side, side])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, network.CLASSES])
    proto = helper.make_model(
        helper.make_graph(graph.nodes, "fashion", [image], [logits], graph.constants),
        producer_name="dovetail-examples-fashion",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(proto, full_check=True)
    path.write_bytes(proto.SerializeToString(deterministic=True))
