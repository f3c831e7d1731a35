"""Trains the Fashion-MNIST network and writes it as a float ONNX file after every epoch."""

import argparse
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

import idx
import network
import onnx_export
from network import Block, Convolution

BATCH = 128
PEAK_LEARNING_RATE = 0.1
WEIGHT_DECAY = 5e-4
SHIFT = 2
THREADS = 2

layers = tf.keras.layers


def weight_decay() -> tf.keras.Regularizer:
    """A penalty whose gradient is WEIGHT_DECAY times the weight."""
    return tf.keras.regularizers.L2(WEIGHT_DECAY / 2)


def convolved(values: tf.Tensor, convolution: Convolution) -> tf.Tensor:
    """The convolution, padded alike on all sides, and its batch normalization."""
    if convolution.kernel > 1:
        values = layers.ZeroPadding2D(convolution.kernel // 2)(values)
    if convolution.depthwise:
        layer = layers.DepthwiseConv2D(convolution.kernel, convolution.stride, use_bias=False, name=convolution.name)
    else:
        layer = layers.Conv2D(
            convolution.outputs,
            convolution.kernel,
            convolution.stride,
            use_bias=False,
            kernel_initializer="he_normal",
            kernel_regularizer=weight_decay(),
            name=convolution.name,
        )
    normalization = layers.BatchNormalization(momentum=0.9, epsilon=network.EPSILON, name=f"{convolution.name}_norm")
    return normalization(layer(values))


def applied(block: Block, values: tf.Tensor) -> tf.Tensor:
    """The output of a block."""
    shortcut = values
    for convolution in block.convolutions[:-1]:
        values = layers.ReLU()(convolved(values, convolution))
    values = convolved(values, block.convolutions[-1])
    if block.residual:
        values = layers.Add()([values, shortcut])
    return layers.ReLU()(values)


def untrained_model() -> tf.keras.Model:
    """The network with its initial weights; its inputs are pixels in 0...1, its outputs are logits."""
    image = layers.Input((network.IMAGE_SIDE, network.IMAGE_SIDE, 1))
    values = image
    for block in network.BLOCKS:
        values = applied(block, values)
    features = layers.GlobalAveragePooling2D()(values)
    classifier = layers.Dense(network.CLASSES, kernel_regularizer=weight_decay(), name="classifier")
    return tf.keras.Model(image, classifier(features))


def augmented(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Every image shifted by up to SHIFT pixels and mirrored at random, pixels scaled to 0...1."""
    side = images.shape[1]
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))
    rows, columns = rng.integers(0, 2 * SHIFT + 1, (2, len(images)))
    shifted = windows[np.arange(len(images)), rows, columns]
    mirrored = rng.random(len(images)) < 0.5
    shifted[mirrored] = shifted[mirrored, :, ::-1]
    return shifted[..., np.newaxis].astype(np.float32) / 255


def compiled_model(steps: int) -> tf.keras.Model:
    """The untrained model with its loss, and an optimizer whose rate warms up, then falls along a cosine to zero."""
    warmup = steps // 20
    rate = tf.keras.optimizers.schedules.CosineDecay(
        0.0, steps - warmup, warmup_target=PEAK_LEARNING_RATE, warmup_steps=warmup
    )
    model = untrained_model()
    model.compile(
        optimizer=tf.keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the four Fashion-MNIST IDX files")
    parser.add_argument("--output", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Trains on all 60,000 training images; the test images take no part."""
    options = arguments()
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    tf.keras.utils.set_random_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    images = idx.read(options.data / "train-images-idx3-ubyte.gz")
    labels = idx.read(options.data / "train-labels-idx1-ubyte.gz")
    model = compiled_model(options.epochs * (len(images) // BATCH + 1))
    for epoch in range(options.epochs):
        order = rng.permutation(len(images))
        history = model.fit(augmented(images[order], rng), labels[order], BATCH, shuffle=False, verbose=0).history
        onnx_export.write(model, options.output)
        print(f"epoch {epoch + 1}: loss {history['loss'][0]:.4f}, accuracy {history['accuracy'][0]:.4f}", flush=True)


if __name__ == "__main__":
    main()
