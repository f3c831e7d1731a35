"""Writes layer facts of the vendor compiler: blocks and cycles of single operations, as a table for the tests.

Usage: python facts.py NETWORK.tflite... > layers.csv

Everything lies in one SRAM, so that no weights are staged and the cycles are the operation's alone.
"""
import csv
import importlib.util
import pathlib
import re
import subprocess
import sys
import tempfile

SYSTEMS = {"ethos-u55": "Ethos_U55_High_End_Embedded", "ethos-u65": "Ethos_U65_Embedded"}
ACCELERATORS = [f"ethos-u55-{macs}" for macs in (32, 64, 128, 256)] + ["ethos-u65-256", "ethos-u65-512"]
UNITS = {
    "Conv2D": "convolution", "FullyConnected": "convolution", "DepthwiseConv2D": "depthwise", "AvgPool": "pooling",
    "MaxPool": "pooling", "ReduceSum": "reduction", "Add": "elementwise", "Sub": "elementwise", "Mul": "elementwise",
}
STAGES = {"MaxPool": "maximum", "Add": "sum", "Sub": "sum", "Mul": "product"}
BITS = {"Int8": 8, "UInt8": 8, "Int16": 16, "Int32": 32}
COLUMNS = (
    ["accelerator", "unit", "stage"]
    + [f"{map}{axis}" for map in ("input", "second", "output") for axis in ("Height", "Width", "Depth")]
    + ["kernelHeight", "kernelWidth", "strideHeight", "strideWidth", "dilationHeight", "dilationWidth"]
    + ["inputBits", "outputBits", "inputLinear", "secondLinear", "outputLinear", "traversal"]
    + [f"{block}{axis}" for block in ("inputBlock", "outputBlock") for axis in ("Height", "Width", "Depth")]
    + ["cycles", "memoryCycles", "weightBytes"]
)


def tables(path):
    """The tables of a debug database by name, rows as dictionaries."""
    text = path.read_text()
    for name, body in re.findall(r'<table name="(\w+)">\s*<!\[CDATA\[(.*?)\]\]>', text, re.DOTALL):
        yield name, list(csv.DictReader(body.strip().splitlines()))


def rows(network, accelerator):
    package = pathlib.Path(importlib.util.find_spec("ethosu").submodule_search_locations[0])
    program = pathlib.Path(sys.executable).parent / "vela"
    with tempfile.TemporaryDirectory() as folder:
        arguments = [program, network, "--accelerator-config", accelerator, "--memory-mode", "Sram_Only"]
        arguments += ["--system-config", SYSTEMS[accelerator[:9]], "--config", package / "config_files/Arm/vela.ini"]
        arguments += ["--output-dir", folder, "--enable-debug-db", "--verbose-performance"]
        subprocess.run(arguments, capture_output=True, check=True)
        database = dict(tables(next(pathlib.Path(folder).glob("*_debug.xml"))))
    main = {row["id"]: row for row in database["perf_debug_main"]}
    costs = {row["id"]: row for row in database["perf"]}
    order = [costs[row["id"]]["operator"] for row in database["perf_debug"]] + [""]
    for row, follower in zip(database["perf_debug"], order[1:]):
        key = row["id"]
        if follower == "LUT":
            continue
        kind = costs[key]["operator"]
        if kind not in UNITS or key not in main:
            continue
        yield fact(accelerator, kind, row, main[key], costs[key])


def fact(accelerator, kind, row, blocks, cost):
    axes = ("h", "w", "c")
    maps = [[row[f"{map}_slice_{axis}"] for axis in axes] for map in ("ifm", "ifm2", "ofm")]
    maps = [
        values if any(int(value or 0) for value in values) else [row[f"{map}_shape_{axis}"] for axis in axes]
        for map, values in zip(("ifm", "ifm2", "ofm"), maps)
    ]
    window = [row[f"kernel_{what}_{axis}"] for what in ("size", "stride", "dilation") for axis in ("y", "x")]
    bits = [BITS.get(row["ifm_dtype"], 0), BITS.get(row["ofm_dtype"], 0)]
    linear = [int(row[f"{map}_format"] == "NHWC") for map in ("ifm", "ifm2", "ofm")]
    shapes = [blocks[f"{block}_{axis}"] or 1 for block in ("ifm_block", "ofm_block") for axis in axes]
    memory = max(int(value) for key, value in cost.items() if key.endswith("_ac"))
    return (
        [accelerator, UNITS[kind], STAGES.get(kind, "plain")] + [value or 0 for map in maps for value in map] + window
        + bits + linear + [blocks["traversal"]] + shapes
        + [cost["npu_cycles"], memory, row["weight_total_bytes"] or 0]
    )


def main():
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    seen = set()
    for network in map(pathlib.Path, sys.argv[1:]):
        for accelerator in ACCELERATORS:
            for row in rows(network, accelerator):
                if tuple(map(str, row)) not in seen:
                    seen.add(tuple(map(str, row)))
                    writer.writerow(row)


if __name__ == "__main__":
    main()
