"""Random small layers, simulated whole by SCALE-Sim, against the closed form that Dovetail uses."""

import contextlib
import io
import math
import random
import sys

from cycles import configuration, layouts, topology
from scalesim.single_layer_sim import single_layer_sim


def closed_form(layer, array, dataflow):
    height, width, kernel_height, kernel_width, channels, filters, down, across = layer
    rows, columns = array
    pixels = math.ceil((height - kernel_height + down) / down) * math.ceil((width - kernel_width + across) / across)
    window = kernel_height * kernel_width * channels
    if dataflow == "os":
        return math.ceil(pixels / rows) * math.ceil(filters / columns) * (window + rows + columns - 2) - 1
    if dataflow == "ws":
        return math.ceil(window / rows) * math.ceil(filters / columns) * (pixels + 2 * rows + columns - 2) - 1
    return math.ceil(window / rows) * math.ceil(pixels / columns) * (filters + 2 * rows + columns - 2) - 1


def simulated(layer, array, dataflow):
    simulation = single_layer_sim()
    simulation.set_params(
        layer_id=0, config_obj=configuration(array, dataflow), topology_obj=topology(layer), layout_obj=layouts(),
        verbose=False)
    with contextlib.redirect_stdout(io.StringIO()):
        simulation.run()
        simulation.calc_report_data()
    return simulation.total_cycles


def main(count):
    draw = random.Random(7)
    equal = total = 0
    for index in range(count):
        height, width = draw.randint(1, 14), draw.randint(1, 14)
        kernel = [(1, 1), (height, width)][index % 5] if index % 5 < 2 else (
            draw.randint(1, height), draw.randint(1, width))
        stride = draw.randint(1, 6)
        layer = (height, width, *kernel, draw.randint(1, 24), draw.randint(1, 40), stride,
                 stride if index % 5 < 4 else draw.randint(1, 6))
        array = draw.choice([(8, 8), (16, 16), (4, 12), (32, 8), (8, 32), (3, 5), (1, 8), (16, 1)])
        for dataflow in ["os", "ws", "is"]:
            total += 1
            found, expected = simulated(layer, array, dataflow), closed_form(layer, array, dataflow)
            equal += found == expected
            if found != expected:
                print(layer, array, dataflow, found, expected)
    print(f"{equal} of {total} equal")


if __name__ == "__main__":
    main(int(sys.argv[1]))
