"""Compares the mapping search with ZigZag's on ZigZag's own architectures, under both cost models.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    swift build -c release
    venv/bin/python compare.py $(swift build -c release --show-bin-path)/mapping-benchmark [--lpf 6]

Both search for the least energy of all memories, with the same unrolling. ZigZag's mapping is costed by our function, and
ours by ZigZag's. Nothing of the product needs ZigZag.
"""

import argparse
import json
import logging
import os
import subprocess
import tempfile
import time

import yaml
import zigzag
from zigzag.cost_model.cost_model import CostModelEvaluation
from zigzag.mapping.temporal_mapping import TemporalMapping, TemporalMappingType
from zigzag.stages.evaluation.cost_model_evaluation import CostModelStage
from zigzag.stages.main import MainStage
from zigzag.stages.mapping.spatial_mapping_generation import SpatialMappingGeneratorStage
from zigzag.stages.mapping.temporal_mapping_generator_stage import TemporalMappingGeneratorStage
from zigzag.stages.parser.accelerator_parser import AcceleratorParserStage
from zigzag.stages.parser.workload_parser import WorkloadParserStage
from zigzag.stages.results.reduce_stages import MinimalEnergyStage
from zigzag.stages.workload_iterator import WorkloadStage

logging.disable(logging.CRITICAL)
ROOT = os.path.dirname(zigzag.__file__)
DIMENSIONS = ["B", "G", "K", "C", "OY", "OX", "FY", "FX"]
NAMES = dict(zip(DIMENSIONS, [
    "batch", "groups", "outputChannels", "inputChannels", "outputHeight", "outputWidth", "kernelHeight",
    "kernelWidth"]))
OPERANDS = {"I2": "weights", "I1": "inputs", "O": "outputs"}
# Architecture of ZigZag's package, and the loop and extent along each of its dimensions.
ARCHITECTURES = {
    "tpu_like": {"D1": ("K", 32), "D2": ("C", 32)},
    "eyeriss_like": {"D1": ("OX", 14), "D2": ("FY", 12)},
    "tesla_npu_like": {"D1": ("K", 32), "D2": ("OX", 8), "D3": ("OY", 4)},
}
# name, groups, filters, channels, output, kernel, stride
LAYERS = [
    ("ResNet-50 conv1", 1, 64, 3, 112, 7, 2),
    ("ResNet-50 res2 1x1", 1, 256, 64, 56, 1, 1),
    ("ResNet-18/50 res2 3x3", 1, 64, 64, 56, 3, 1),
    ("ResNet-18/50 res3 3x3", 1, 128, 128, 28, 3, 1),
    ("ResNet-18 res4 3x3 /2", 1, 256, 128, 14, 3, 2),
    ("ResNet-50 res4 1x1", 1, 256, 1024, 14, 1, 1),
    ("ResNet-18/50 res5 3x3", 1, 512, 512, 7, 3, 1),
    ("ResNet-50 res5 1x1", 1, 2048, 512, 7, 1, 1),
    ("MobileNetV2 expand", 1, 96, 16, 112, 1, 1),
    ("MobileNetV2 depthwise", 144, 1, 1, 56, 3, 1),
    ("MobileNetV2 head", 1, 1280, 320, 7, 1, 1),
    ("ResNet-50 classifier", 1, 1000, 2048, 1, 1, 1),
]


def sizes(layer):
    _, groups, filters, channels, output, kernel, _ = layer
    return [1, groups, filters, channels, output, output, kernel, kernel]


def unrolling(layer, wanted):
    """The unrolling given to both: as far as the axis reaches, or as little as takes the same steps."""
    left = dict(zip(DIMENSIONS, sizes(layer)))
    chosen = {}
    for axis, (loop, extent) in wanted.items():
        steps = -(-left[loop] // extent)
        chosen[axis] = (loop, -(-left[loop] // steps))
        left[loop] = steps
    return chosen


def run_zigzag(architecture, layer, limit):
    _, _, _, _, output, kernel, stride = layer
    side = (output - 1) * stride + kernel
    workload = [{
        "id": 0, "name": "layer", "operator_type": "Conv",
        "equation": "O[b][g][k][oy][ox]+=W[g][k][c][fy][fx]*I[b][g][c][iy][ix]",
        "dimension_relations": [f"ix={stride}*ox+1*fx", f"iy={stride}*oy+1*fy"],
        "loop_dims": DIMENSIONS, "loop_sizes": sizes(layer),
        "operand_precision": {"W": 8, "I": 8, "O": 16, "O_final": 8}, "operand_source": {"I": 0, "W": 0},
        "pr_loop_dims": ["IY", "IX"], "pr_loop_sizes": [side, side], "padding": [[0, 0], [0, 0]]}]
    spatial = {axis: [f"{loop}, {extent}"] for axis, (loop, extent) in unrolling(
        layer, ARCHITECTURES[architecture]).items() if extent > 1}
    for axis in ARCHITECTURES[architecture]:
        spatial.setdefault(axis, ["K, 1"])
    mapping = [{"name": "default", "spatial_mapping": spatial,
                "memory_operand_links": {"O": "O", "W": "I2", "I": "I1"}}]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(mapping, file)
        file.flush()
        stage = MainStage(
            list_of_callables=[
                WorkloadParserStage, AcceleratorParserStage, WorkloadStage, MinimalEnergyStage,
                SpatialMappingGeneratorStage, MinimalEnergyStage, TemporalMappingGeneratorStage, CostModelStage],
            accelerator=f"{ROOT}/inputs/hardware/{architecture}.yaml", workload=workload, mapping=file.name,
            loma_lpf_limit=limit, loma_show_progress_bar=False, nb_mappings_generated=1,
            enable_mix_spatial_mapping_generation=False, access_same_data_considered_as_no_access=True,
            temporal_mapping_type=TemporalMappingType.UNEVEN)
        start = time.perf_counter()
        results = stage.run()
        seconds = time.perf_counter() - start
    return results[0][0], seconds


def product(loops):
    inside = {name: 1 for name in DIMENSIONS}
    for loop, extent in loops:
        inside[str(loop)] *= int(extent)
    return [inside[name] for name in DIMENSIONS]


def cuts(evaluation):
    """The tiles of ZigZag's mapping: each level with the loops that it holds, stationary ones merged down."""
    found = []
    temporal = evaluation.temporal_mapping
    for operand, name in (("W", "weights"), ("I", "inputs"), ("O", "outputs")):
        operand = next(key for key in temporal.mapping_dic_stationary if key.name == operand)
        levels = [list(level) for level in temporal.mapping_dic_stationary[operand]]
        position = 0
        if name != "outputs":
            free = []
            for loop in levels[0]:
                if loop[0] not in evaluation.layer.loop_relevancy_info.get_ir_layer_dims(operand):
                    break
                free.append(loop)
            found.append({"operand": name, "position": 0, "inside": product(free)})
            position = 1
        held = []
        for level in levels[:-1]:
            held += level
            found.append({"operand": name, "position": position, "inside": product(held)})
            position += 1
    return found


def array(architecture):
    """ZigZag's file as a hierarchy of ours: energies for each bit of its widest access, in words of its
    narrowest."""
    with open(f"{ROOT}/inputs/hardware/{architecture}.yaml") as file:
        hardware = yaml.safe_load(file)
    levels = []
    memory = None
    for name, level in hardware["memories"].items():
        width = max(port["bandwidth_max"] for port in level["ports"])
        word = min(port["bandwidth_min"] for port in level["ports"])
        read, write = 1000 * level["r_cost"] / width, 1000 * level["w_cost"] / width
        if set(level["operands"]) == {"I1", "I2", "O"}:
            memory = (read, write, word)
            continue
        levels.append({
            "name": name, "operands": [OPERANDS[operand] for operand in level["operands"]],
            "size": {"count": level["size"] // 8}, "word": {"count": word}, "doubleBuffered": False, "serves": level["served_dimensions"],
            "readEnergyPerBit": {"attojoules": round(1000 * read)},
            "writeEnergyPerBit": {"attojoules": round(1000 * write)}})
    axes = [
        {"name": axis, "size": extent, "unrolls": [NAMES[loop]]}
        for axis, (loop, extent) in ARCHITECTURES[architecture].items()]
    return {"axes": axes, "levels": levels}, memory


def loops(layer):
    _, groups, filters, channels, output, kernel, stride = layer
    side = (output - 1) * stride + kernel
    return {
        "batch": 1, "groups": groups, "outputChannels": filters, "inputChannels": channels, "outputHeight": output,
        "outputWidth": output, "kernelHeight": kernel, "kernelWidth": kernel, "inputHeight": side, "inputWidth": side,
        "strideHeight": stride, "strideWidth": stride, "dilationHeight": 1, "dilationWidth": 1, "paddingTop": 0,
        "paddingLeft": 0}


def judged_by_zigzag(evaluation, answer):
    """Memory energy of our mapping in ZigZag's cost model."""
    chain = sorted([cut["inside"] for cut in answer["mapping"]["cuts"]] + [answer["mapping"]["steps"]],
                   key=lambda inside: [product_of(inside)])
    names = {str(name): name for name in evaluation.layer.layer_dims}
    order, before = [], [1] * 8
    for inside in chain:
        for index, (high, low) in enumerate(zip(inside, before)):
            if high > low:
                order.append((index, high // low, low))
                before[index] = high

    def between(low, high):
        return [(names[DIMENSIONS[index]], extent) for index, extent, weight in order
                if low[index] <= weight < high[index]]

    levels = {}
    for operand in evaluation.temporal_mapping.mapping_dic_origin:
        name = {"W": "weights", "I": "inputs", "O": "outputs"}[operand.name]
        tiles = [cut["inside"] for cut in sorted(
            (cut for cut in answer["mapping"]["cuts"] if cut["operand"] == name), key=lambda cut: cut["position"])]
        if name != "outputs":
            tiles = tiles[1:]  # ZigZag has no register in the cells
        edges = [[1] * 8] + tiles + [answer["mapping"]["steps"]]
        levels[operand] = [between(low, high) for low, high in zip(edges, edges[1:])]
    temporal = TemporalMapping(levels, evaluation.layer, TemporalMappingType.UNEVEN)
    return CostModelEvaluation(
        accelerator=evaluation.accelerator, layer=evaluation.layer, spatial_mapping=evaluation.spatial_mapping,
        spatial_mapping_int=evaluation.spatial_mapping_int, temporal_mapping=temporal,
        access_same_data_considered_as_no_access=True).mem_energy


def product_of(inside):
    result = 1
    for extent in inside:
        result *= extent
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("benchmark")
    parser.add_argument("--lpf", type=int, default=6, help="ZigZag's limit of loop factors")
    arguments = parser.parse_args()
    for architecture in ARCHITECTURES:
        hierarchy, (read, write, word) = array(architecture)
        peers = []
        for layer in LAYERS:
            try:
                peers.append(run_zigzag(architecture, layer, arguments.lpf))
            except Exception as error:  # ZigZag raises several kinds where nothing fits
                print(f"{architecture}, {layer[0]}: ZigZag found nothing ({type(error).__name__}: {error})"[:160])
                peers.append(None)
        question = {
            "array": hierarchy, "memoryReadEnergy": read, "memoryWriteEnergy": write, "memoryWordBits": word,
            "weightBits": 8, "inputBits": 8, "outputBits": 8, "sumBits": 16,
            "layers": [
                {"name": layer[0], "loops": loops(layer)} | ({"peer": cuts(peer[0])} if peer else {})
                for layer, peer in zip(LAYERS, peers)]}
        output = subprocess.run(
            [arguments.benchmark], input=json.dumps(question), capture_output=True, text=True, check=True).stdout
        print(f"\n{architecture}, memory energy in uJ\n| layer | ours | ZigZag's mapping, our cost | ours, ZigZag's cost |"
              " ZigZag's, ZigZag's cost | gap | mappings | ours ms | ZigZag s | times faster |")
        print("| --- " * 10 + "|")
        for answer, peer in zip(json.loads(output), peers):
            gap = max(0, answer["cost"] / answer["lowerBound"] - 1)
            row = [answer["name"], f"{answer['cost'] / 1e6:.3f}"]
            if peer:
                evaluation, seconds = peer
                row += [
                    f"{answer['peerCost'] / 1e6:.3f}", f"{judged_by_zigzag(evaluation, answer) / 1e6:.3f}",
                    f"{evaluation.mem_energy / 1e6:.3f}"]
            else:
                row += ["-", "-", "-"]
            row += [f"{gap:.1e}" if gap > 1e-9 else "0", f"{answer['represented']:.1e}", f"{answer['milliseconds']:.2f}"]
            row += [f"{peer[1]:.1f}", f"{1000 * peer[1] / answer['milliseconds']:,.0f}"] if peer else ["-", "-"]
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
