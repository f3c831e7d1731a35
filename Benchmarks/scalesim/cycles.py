"""Compute cycles of SCALE-Sim for the layers of topology files, as a table."""

import csv
import pathlib
import sys

import numpy
import scalesim.compute.systolic_compute_is as stationary_inputs
import scalesim.compute.systolic_compute_os as stationary_outputs
import scalesim.compute.systolic_compute_ws as stationary_weights
from scalesim.compute.operand_matrix import operand_matrix
from scalesim.layout_utils import layouts
from scalesim.scale_config import scale_config
from scalesim.topology_utils import topologies

ARRAYS = [(8, 8), (16, 16), (32, 32), (64, 64), (128, 128), (8, 32), (64, 16), (12, 20)]
DATAFLOWS = {
    "os": (stationary_outputs, stationary_outputs.systolic_compute_os),
    "ws": (stationary_weights, stationary_weights.systolic_compute_ws),
    "is": (stationary_inputs, stationary_inputs.systolic_compute_is),
}


class CountedRows:
    """The shape of a matrix that grew too large to keep."""

    def __init__(self, rows, columns):
        self.shape = (rows, columns)


class CountingNumpy:
    """numpy, but the matrix of output demands grows by counting its rows."""

    machine = None

    def __getattr__(self, name):
        return getattr(numpy, name)

    @classmethod
    def concatenate(cls, parts, axis=0):
        machine = cls.machine
        folds = machine.row_fold * machine.col_fold
        grows = parts[0] is machine.ofmap_demand_matrix or isinstance(parts, list) and len(parts) == folds
        if axis == 0 and grows:
            return CountedRows(sum(part.shape[0] for part in parts), parts[0].shape[1])
        return numpy.concatenate(parts, axis=axis)


def configuration(array, dataflow):
    config = scale_config()
    (config.array_rows, config.array_cols), config.df = array, dataflow
    config.valid_conf_flag = True
    return config


def topology(layer):
    """A topology of one layer: extents, kernel, channels, filters, stride down and across."""
    topology = topologies()
    topology.append_topo_entry_from_list(["layer"] + list(layer))
    topology.topo_arrays[0] += [1, 1]
    return topology


def cycles(layer, array, dataflow):
    module, kind = DATAFLOWS[dataflow]
    config = configuration(array, dataflow)
    operands = operand_matrix()
    operands.set_params(config, topology(layer), layouts(), 0)
    machine = CountingNumpy.machine = kind()
    parameters = dict(
        config_obj=config, ifmap_op_mat=operands.ifmap_addr_matrix, filter_op_mat=operands.filter_addr_matrix,
        ofmap_op_mat=operands.ofmap_addr_matrix)
    if dataflow == "ws":
        parameters.update(
            sparsity_ratio_N=1, sparsity_ratio_M=1, ifmap_op_mat_original=operands.ifmap_addr_matrix,
            sparsity_filter_array=operands.sparse_filter_array)
    machine.set_params(**parameters)
    module.np = CountingNumpy()
    machine.create_ofmap_demand_mat()
    return machine.ofmap_demand_matrix.shape[0] - 1


def main(folder):
    table = csv.writer(sys.stdout, lineterminator="\n")
    shape = ["inputHeight", "inputWidth", "kernelHeight", "kernelWidth", "channels", "filters", "stride"]
    runs = [(array, dataflow) for array in ARRAYS for dataflow in DATAFLOWS]
    table.writerow(["topology", "layer"] + shape + [f"{r}x{c} {dataflow}" for (r, c), dataflow in runs])
    known = {}
    for name in ["alexnet", "Resnet18", "mobilenet", "mobilnet_paper"]:
        for line in (pathlib.Path(folder) / f"{name}.csv").read_text().splitlines()[1:]:
            fields = [field.strip() for field in line.split(",")]
            if len(fields) < 8 or not fields[0]:
                continue
            layer = tuple(int(field) for field in fields[1:8])
            for run in runs:
                if (layer, run) not in known:
                    known[layer, run] = cycles(layer + (layer[6],), *run)
            table.writerow([name, fields[0], *layer] + [known[layer, run] for run in runs])


if __name__ == "__main__":
    main(sys.argv[1])
