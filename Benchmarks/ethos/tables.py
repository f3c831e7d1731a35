"""Writes layer tables of incompressible networks and the vendor's cycles for them, as `dovetail validate` reads them.

Usage: python tables.py NETWORKS_FOLDER ROWS.csv
"""
import csv
import pathlib
import sys
import tempfile

from compare import vela
from configurations import all_configurations
from networks import BUILTIN, uniform_networks

COLUMNS = (
    "layer,class,batch,groups,inputHeight,inputWidth,inputChannels,outputHeight,outputWidth,outputChannels,"
    "kernelHeight,kernelWidth,strideHeight,strideWidth,paddingTop,paddingLeft,weightBits,activationBits,deadOutputs,inputs"
).split(",")
ROW_COLUMNS = "row,group,network,device,runtime,settings,quantity,measured,status,note,source".split(",")
CLASSES = {
    BUILTIN.CONV_2D: "convolution", BUILTIN.DEPTHWISE_CONV_2D: "depthwise", BUILTIN.FULLY_CONNECTED: "fullyConnected",
    BUILTIN.AVERAGE_POOL_2D: "pooling", BUILTIN.MAX_POOL_2D: "pooling", BUILTIN.ADD: "elementwise",
    BUILTIN.SOFTMAX: "transcendental",
}


def table(network):
    """One row for each operator."""
    makers = {outputs[0]: f"l{index}" for index, (_, _, outputs, *_) in enumerate(network.operators)}
    bits = {"int8": 8, "uint8": 8, "int16": 16}[network.dtype]
    for index, (code, inputs, outputs, options, _) in enumerate(network.operators):
        kind = CLASSES[code]
        source, result = network.shapes[inputs[0]], network.shapes[outputs[0]]
        row = dict.fromkeys(COLUMNS, 1) | {"layer": f"l{index}", "class": kind, "weightBits": ""}
        row |= {"paddingTop": 0, "paddingLeft": 0, "deadOutputs": 0, "activationBits": bits, "inputs": ""}
        if kind in ("fullyConnected", "transcendental"):
            row |= {"inputChannels": network.shapes[inputs[1]][1] if kind == "fullyConnected" else source[-1]}
            row |= {"outputChannels": result[-1]}
        else:
            row |= dict(zip(("inputHeight", "inputWidth", "inputChannels"), source[1:]))
            row |= dict(zip(("outputHeight", "outputWidth", "outputChannels"), result[1:]))
        if kind in ("convolution", "depthwise"):
            kernel = network.shapes[inputs[1]][1:3]
        elif kind == "pooling":
            kernel = (options.filterHeight, options.filterWidth)
        else:
            kernel = None
        if kernel:
            row |= {"kernelHeight": kernel[0], "kernelWidth": kernel[1]}
            row |= {"strideHeight": options.strideH, "strideWidth": options.strideW}
        if kind in ("depthwise", "pooling"):
            row["groups"] = source[3]
        if kind in ("convolution", "depthwise", "fullyConnected"):
            row["weightBits"] = 8
        if kind in ("convolution", "depthwise") and options.padding == 0:
            for axis, extent in (("Top", 0), ("Left", 1)):
                span = (kernel[extent] - 1) * (options.dilationHFactor, options.dilationWFactor)[extent] + 1
                step = (options.strideH, options.strideW)[extent]
                row[f"padding{axis}"] = max(0, (result[1 + extent] - 1) * step + span - source[1 + extent]) // 2
        if kind == "elementwise":
            row["inputs"] = ";".join(makers[tensor] for tensor in inputs)
        elif inputs[0] in makers and makers[inputs[0]] != f"l{index - 1}":
            row["inputs"] = makers[inputs[0]]
        yield row


def main():
    folder, rows = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    lines = []
    networks = list(uniform_networks())
    for network in networks:
        with (folder / f"{network.name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(table(network))
    with tempfile.TemporaryDirectory() as scratch:
        for accelerator, system, mode, settings in all_configurations():
            for network in networks:
                path = pathlib.Path(scratch) / f"{network.name}.tflite"
                path.write_bytes(network.bytes())
                result = vela(path, accelerator, system, mode)
                if "error" in result:
                    sys.exit(f"{network.name}: {result['error']}")
                lines.append(
                    [f"EUV-{len(lines) + 1:03}", network.name, network.name, accelerator, "",
                     ";".join(f"{key}={value}" for key, value in settings.items()), "cycles", result["cycles"],
                     "simulated", f"{system} {mode}", "Vela 5.2.0's own estimate of a network with uniform weights"])
    with rows.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ROW_COLUMNS)
        writer.writerows(lines)


if __name__ == "__main__":
    main()
