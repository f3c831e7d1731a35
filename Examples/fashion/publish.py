"""Measures a trained network with ONNX Runtime and writes the data files that accompany it.

Into the folder: the first 2,000 test images with labels, 512 training images with labels to calibrate on, and the
logits of the first 16 test images (float32, little-endian, 16 x 10). On the standard output: exact counts.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

import idx
import network

TEST_IMAGES = 2000
CALIBRATION_IMAGES = 512
CALIBRATION_SEED = 2
GOLDEN_IMAGES = 16


def logits(model: Path, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The logits of every image, one inference an image, pixels scaled to 0...1."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    scaled = images.astype(np.float32)[:, np.newaxis, np.newaxis] / np.float32(255)
    return np.concatenate([session.run(["logits"], {"image": image})[0] for image in scaled])


def write_images(folder: Path, role: str, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    """Writes images and their labels as two IDX files."""
    idx.write(folder / f"{role}-images-idx3-ubyte.gz", images)
    idx.write(folder / f"{role}-labels-idx1-ubyte.gz", labels)


def calibration_indices(count: int) -> NDArray[np.int64]:
    """Positions of the calibration images among the training images: a seeded draw without repetition, ascending."""
    draw = np.random.default_rng(CALIBRATION_SEED).choice(count, CALIBRATION_IMAGES, replace=False)
    return np.sort(draw)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the four Fashion-MNIST IDX files")
    parser.add_argument("--network", type=Path, required=True, help="ONNX file that train.py wrote")
    parser.add_argument("--folder", type=Path, required=True, help="existing folder to write into")
    return parser.parse_args()


def main() -> None:
    """Writes the files and prints what the network measures."""
    options = arguments()
    train_images = idx.read(options.data / "train-images-idx3-ubyte.gz")
    train_labels = idx.read(options.data / "train-labels-idx1-ubyte.gz")
    test_images = idx.read(options.data / "t10k-images-idx3-ubyte.gz")
    test_labels = idx.read(options.data / "t10k-labels-idx1-ubyte.gz")
    chosen = calibration_indices(len(train_images))
    write_images(options.folder, "calibration", train_images[chosen], train_labels[chosen])
    write_images(options.folder, "test", test_images[:TEST_IMAGES], test_labels[:TEST_IMAGES])
    scores = logits(options.network, test_images)
    scores[:GOLDEN_IMAGES].astype("<f4").tofile(options.folder / "float-logits.bin")
    correct = scores.argmax(axis=1) == test_labels
    print(f"onnxruntime {onnxruntime.__version__}")
    print(f"{network.parameter_count()} parameters, {network.multiply_accumulates()} multiply-accumulates")
    print(f"correct: {correct.sum()} of {len(correct)}, {correct[:TEST_IMAGES].sum()} of the first {TEST_IMAGES}")


if __name__ == "__main__":
    main()
