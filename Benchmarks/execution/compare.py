"""Time of an inference here and in peers, in one run: compare.py DOVETAIL [MODELS]"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter

import stacks

ROUNDS = 9
SECONDS = 0.25


class Dovetail:
    """Streams random cases through the command line; the time is that in the network, as `run` reports it."""

    def __init__(self, program, path, record, folder, options=()):
        self.command = [program, "run", str(path), "--format", "json", *options]
        self.inputs = pathlib.Path(folder) / "inputs.bin"
        self.record = record
        self.cases = 1
        self.write(8)
        self.write(int(max(8, min(300_000_000 / len(record), SECONDS / self.inference()))))

    def write(self, cases):
        self.cases = cases
        random = np.random.default_rng(2)
        with open(self.inputs, "wb") as file:
            file.write(self.record)
            for _ in range(cases - 1):
                file.write(random.integers(0, 256, len(self.record)).astype(np.uint8).tobytes())

    def inference(self):
        run = subprocess.run([*self.command, "--inputs", self.inputs], capture_output=True, check=True)
        self.report = json.loads(run.stdout)
        return self.report["seconds"] / self.report["inferences"]

    def output(self, folder):
        """The output record of the first case."""
        file = pathlib.Path(folder) / "outputs.bin"
        subprocess.run(
            [*self.command, "--inputs", self.inputs, "--limit", "1", "--outputs", file], capture_output=True, check=True)
        return file.read_bytes()


class LiteRT:
    """Invokes an interpreter with XNNPACK on a batch of cases again and again."""

    def __init__(self, path, threads, batch):
        self.interpreter = Interpreter(str(path), num_threads=threads)
        detail = self.interpreter.get_input_details()[0]
        if batch > 1:
            self.interpreter.resize_tensor_input(detail["index"], [batch * detail["shape"][0], *detail["shape"][1:]])
        self.interpreter.allocate_tensors()
        detail = self.interpreter.get_input_details()[0]
        values = np.random.default_rng(1).integers(-128, 128, detail["shape"]).astype(detail["dtype"])
        self.interpreter.set_tensor(detail["index"], values)
        self.interpreter.invoke()
        self.batch = batch

    def inference(self):
        count, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < SECONDS:
            for _ in range(4):
                self.interpreter.invoke()
            count += 4
        return (time.perf_counter() - begin) / count / self.batch


class OnnxRuntime:
    def __init__(self, path, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.input = np.random.default_rng(3).integers(0, 256, self.session.get_inputs()[0].shape).astype(np.uint8)

    def output(self):
        return self.session.run(None, {"input": self.input})[0].tobytes()

    def inference(self):
        count, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < SECONDS:
            self.output()
            count += 1
        return (time.perf_counter() - begin) / count


def best(sides):
    """The least time of each side over rounds in which they take turns."""
    times = [[side.inference() for side in sides] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*times)]


def row(name, macs, ours, peer, note=""):
    print(
        f"{name:28} {ours * 1e6:10.2f} us {macs / ours / 1e9:7.1f} GMAC/s   peer {peer * 1e6:10.2f} us"
        f"   peer/ours {peer / ours:5.2f}  {note}", flush=True)


def tflite(program, path, folder):
    detail = Interpreter(str(path)).get_input_details()[0]
    record = np.random.default_rng(1).integers(0, 256, int(np.prod(detail["shape"]))).astype(np.uint8).tobytes()
    ours = Dovetail(program, path, record, folder, ["--threads", "1"])
    peers, batches = [], (1, 8, 32)
    for batch in batches:
        try:
            peers.append(LiteRT(path, 1, batch))
        except (RuntimeError, ValueError):
            break
    times = best([ours, *peers])
    macs = ours.report["macsPerSecond"] * ours.report["seconds"] / ours.report["inferences"]
    name = path.parent.name if path.stem == "model" else path.stem
    for batch, peer in zip(batches, times[1:]):
        row(name, macs, times[0], peer, f"XNNPACK, batch {batch}")
    scale(program, path, record, folder, name, macs)


def scale(program, path, record, folder, name, macs):
    """One thread, two threads, and one thread with events counted."""
    sides = [
        Dovetail(program, path, record, folder, options)
        for options in (["--threads", "1"], ["--threads", "2"], ["--threads", "1", "--events"])
    ]
    one, two, counted = best(sides)
    print(f"{name:28} two threads {one / two:5.2f} times one   events cost {counted / one * 100 - 100:5.1f} %", flush=True)


def stack(program, path, folder):
    peer = OnnxRuntime(path, 1)
    ours = Dovetail(program, path, peer.input.tobytes(), folder, ["--threads", "1"])
    equal = ours.output(folder) == peer.output()
    times = best([ours, peer])
    macs = ours.report["macsPerSecond"] * ours.report["seconds"] / ours.report["inferences"]
    row(path.stem, macs, *times, "ONNX Runtime, outputs " + ("equal" if equal else "DIFFER"))
    scale(program, path, peer.input.tobytes(), folder, path.stem, macs)


def is_int8(path):
    details = Interpreter(str(path)).get_input_details()
    return len(details) == 1 and details[0]["dtype"] == np.int8


def main(program, models):
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(pathlib.Path(models).rglob("*.tflite")) if models else []:
            if is_int8(path):
                tflite(program, path, folder)
        for path in stacks.write(folder):
            stack(program, path, folder)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
