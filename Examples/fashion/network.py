"""The architecture, as data: what the training framework builds and the exporter writes."""

from dataclasses import dataclass
from math import prod

IMAGE_SIDE = 28
CLASSES = 10
EPSILON = 1e-5


@dataclass(frozen=True)
class Convolution:
    """A convolution without bias, padded by half its kernel, followed by batch normalization."""

    name: str
    inputs: int
    outputs: int
    kernel: int = 3
    stride: int = 1
    depthwise: bool = False

    @property
    def groups(self) -> int:
        """Groups of channels convolved on their own."""
        return self.inputs if self.depthwise else 1

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        """Outputs, inputs of one group, rows, columns."""
        return (self.outputs, self.inputs // self.groups, self.kernel, self.kernel)


@dataclass(frozen=True)
class Block:
    """Convolutions in a row, a ReLU after each; in a residual block the last ReLU follows the addition."""

    convolutions: tuple[Convolution, ...]
    residual: bool = False


def depthwise_separable(name: str, inputs: int, outputs: int) -> tuple[Convolution, ...]:
    """A 3x3 convolution of each channel on its own, then a 1x1 convolution across channels."""
    return (
        Convolution(f"{name}_depthwise", inputs, inputs, depthwise=True),
        Convolution(f"{name}_pointwise", inputs, outputs, kernel=1),
    )


BLOCKS = (
    Block((Convolution("stem", 1, 16), Convolution("down1", 16, 32, stride=2))),
    Block(depthwise_separable("block1", 32, 32), residual=True),
    Block((Convolution("down2", 32, 48, stride=2),)),
    Block((Convolution("block2_reduce", 48, 32), Convolution("block2_expand", 32, 48)), residual=True),
    Block(depthwise_separable("head", 48, 64)),
)
CONVOLUTIONS = tuple(convolution for block in BLOCKS for convolution in block.convolutions)
FEATURES = CONVOLUTIONS[-1].outputs


def parameter_count() -> int:
    """Trained parameters: weights, scale and shift of each normalization, weights and biases of the classifier."""
    convolved = sum(prod(convolution.weight_shape) + 2 * convolution.outputs for convolution in CONVOLUTIONS)
    return convolved + FEATURES * CLASSES + CLASSES


def multiply_accumulates() -> int:
    """Multiply-accumulates of one inference, products with padding zeros counted, normalizations folded."""
    side, total = IMAGE_SIDE, FEATURES * CLASSES
    for convolution in CONVOLUTIONS:
        side = -(-side // convolution.stride)
        total += prod(convolution.weight_shape) * side * side
    return total
