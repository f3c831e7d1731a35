"""Writes int8 and int16 TFLite networks of many shapes with seeded weights, for compare.py.

Usage: python networks.py FOLDER
"""
import pathlib
import sys

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

BUILTIN, OPTIONS, TYPE = schema.BuiltinOperator, schema.BuiltinOptions, schema.TensorType
NUMPY = {"int8": np.int8, "uint8": np.uint8, "int16": np.int16, "int32": np.int32, "int64": np.int64}
TYPES = {"int8": TYPE.INT8, "uint8": TYPE.UINT8, "int16": TYPE.INT16, "int32": TYPE.INT32, "int64": TYPE.INT64}


class Network:
    """A network under construction; every method appends one operator and returns the tensor it makes."""

    def __init__(self, name, shape, dtype="int8", spread=25.0, seed=1):
        self.name, self.dtype, self.spread = name, dtype, spread
        self.random = np.random.default_rng(seed)
        self.tensors, self.shapes, self.operators, self.buffers = [], [], [], [b""]
        self.input = self.last = self.tensor(shape)

    def tensor(self, shape, dtype=None, data=None, scales=(0.05,), axis=0):
        dtype = dtype or self.dtype
        tensor = schema.TensorT()
        tensor.name = f"t{len(self.tensors)}".encode()
        tensor.shape, tensor.type, tensor.buffer = list(shape), TYPES[dtype], 0
        if data is not None:
            self.buffers.append(np.ascontiguousarray(data, NUMPY[dtype]).tobytes())
            tensor.buffer = len(self.buffers) - 1
        tensor.quantization = schema.QuantizationParametersT()
        zero = 128 if dtype == "uint8" else 0
        tensor.quantization.scale = [float(scale) for scale in scales]
        tensor.quantization.zeroPoint = [zero] * len(scales)
        tensor.quantization.quantizedDimension = axis
        self.tensors.append(tensor)
        self.shapes.append(tuple(shape))
        return len(self.tensors) - 1

    def append(self, code, inputs, shape, options=None, kind=None, scale=0.05):
        self.last = self.tensor(shape, scales=(scale,))
        self.operators.append((code, inputs, [self.last], options, kind))
        return self.last

    def values(self, shape):
        """Two-sided exponential values, as trained ones; uniform ones, which nothing compresses, without a spread."""
        if self.spread is None:
            return self.random.integers(-127, 128, shape)
        return np.clip(np.round(self.random.laplace(0, self.spread, shape)), -127, 127)

    def weights(self, shape, axis):
        values = self.values(shape)
        channels = shape[axis]
        weights = self.tensor(shape, "int8", values, scales=[0.01] * channels, axis=axis)
        wide = self.dtype == "int16"
        bias = self.tensor((channels,), "int64" if wide else "int32", np.zeros(channels), scales=[0.0005] * channels)
        return weights, bias

    def convolution(self, filters, kernel=3, stride=1, same=True, dilation=1, source=None, rectified=True):
        source = self.last if source is None else source
        batch, height, width, channels = self.shapes[source]
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        weights, bias = self.weights((filters, *kernel, channels), 0)
        options = schema.Conv2DOptionsT()
        self.window(options, stride, same, dilation)
        options.fusedActivationFunction = 1 if rectified else 0
        shape = (batch, *self.extents(height, width, kernel, stride, same, dilation), filters)
        return self.append(BUILTIN.CONV_2D, [source, weights, bias], shape, options, OPTIONS.Conv2DOptions)

    def depthwise(self, kernel=3, stride=1, multiplier=1, dilation=1):
        batch, height, width, channels = self.shapes[self.last]
        weights, bias = self.weights((1, kernel, kernel, channels * multiplier), 3)
        options = schema.DepthwiseConv2DOptionsT()
        options.depthMultiplier = multiplier
        self.window(options, stride, True, dilation)
        shape = (batch, *self.extents(height, width, (kernel, kernel), stride, True, dilation), channels * multiplier)
        inputs = [self.last, weights, bias]
        return self.append(BUILTIN.DEPTHWISE_CONV_2D, inputs, shape, options, OPTIONS.DepthwiseConv2DOptions)

    @staticmethod
    def window(options, stride, same, dilation):
        options.strideH = options.strideW = stride
        options.dilationHFactor = options.dilationWFactor = dilation
        options.padding = 0 if same else 1
        options.fusedActivationFunction = 1

    @staticmethod
    def extents(height, width, kernel, stride, same, dilation):
        def extent(size, window):
            span = 0 if same else (window - 1) * dilation
            return -(-(size - span) // stride)

        return extent(height, kernel[0]), extent(width, kernel[1])

    def dense(self, units):
        count = int(np.prod(self.shapes[self.last]))
        weights = self.tensor((units, count), "int8", self.values((units, count)), scales=(0.01,))
        wide = self.dtype == "int16"
        bias = self.tensor((units,), "int64" if wide else "int32", np.zeros(units), scales=(0.0005,))
        options = schema.FullyConnectedOptionsT()
        inputs = [self.last, weights, bias]
        return self.append(BUILTIN.FULLY_CONNECTED, inputs, (1, units), options, OPTIONS.FullyConnectedOptions)

    def pool(self, size, stride, largest=False):
        batch, height, width, channels = self.shapes[self.last]
        options = schema.Pool2DOptionsT()
        options.filterHeight = options.filterWidth = size
        options.strideH = options.strideW = stride
        options.padding = 1
        shape = (batch, (height - size) // stride + 1, (width - size) // stride + 1, channels)
        code = BUILTIN.MAX_POOL_2D if largest else BUILTIN.AVERAGE_POOL_2D
        scale = self.tensors[self.last].quantization.scale[0]
        return self.append(code, [self.last], shape, options, OPTIONS.Pool2DOptions, scale)

    def mean(self):
        batch, _, _, channels = self.shapes[self.last]
        axes = self.tensor((2,), "int32", [1, 2], scales=())
        options = schema.ReducerOptionsT()
        options.keepDims = True
        return self.append(BUILTIN.MEAN, [self.last, axes], (batch, 1, 1, channels), options, OPTIONS.ReducerOptions)

    def add(self, left, right):
        shape = np.broadcast_shapes(self.shapes[left], self.shapes[right])
        return self.append(BUILTIN.ADD, [left, right], shape, schema.AddOptionsT(), OPTIONS.AddOptions, 0.07)

    def multiply(self, left, right):
        shape = np.broadcast_shapes(self.shapes[left], self.shapes[right])
        return self.append(BUILTIN.MUL, [left, right], shape, schema.MulOptionsT(), OPTIONS.MulOptions, 0.07)

    def concatenation(self, *parts):
        options = schema.ConcatenationOptionsT()
        options.axis = 3
        shape = (*self.shapes[parts[0]][:3], sum(self.shapes[part][3] for part in parts))
        return self.append(BUILTIN.CONCATENATION, list(parts), shape, options, OPTIONS.ConcatenationOptions)

    def curve(self, code):
        wide = self.dtype == "int16"
        scale = 1 / 32768 if wide else 1 / 256 if code == BUILTIN.LOGISTIC else 1 / 128
        result = self.append(code, [self.last], self.shapes[self.last], scale=scale)
        if not wide and code == BUILTIN.LOGISTIC:
            self.tensors[result].quantization.zeroPoint = [-128]
        return result

    def transposed(self, filters, kernel=2, stride=2):
        batch, height, width, channels = self.shapes[self.last]
        weights, bias = self.weights((filters, kernel, kernel, channels), 0)
        shape = (batch, height * stride, width * stride, filters)
        target = self.tensor((4,), "int32", shape, scales=())
        options = schema.TransposeConvOptionsT()
        options.strideH = options.strideW = stride
        options.padding = 0
        inputs = [target, weights, self.last, bias]
        return self.append(BUILTIN.TRANSPOSE_CONV, inputs, shape, options, OPTIONS.TransposeConvOptions)

    def resize(self, nearest):
        batch, height, width, channels = self.shapes[self.last]
        extents = self.tensor((2,), "int32", (height * 2, width * 2), scales=())
        shape = (batch, height * 2, width * 2, channels)
        if nearest:
            options, kind = schema.ResizeNearestNeighborOptionsT(), OPTIONS.ResizeNearestNeighborOptions
            return self.append(BUILTIN.RESIZE_NEAREST_NEIGHBOR, [self.last, extents], shape, options, kind)
        options = schema.ResizeBilinearOptionsT()
        options.halfPixelCenters = True
        return self.append(BUILTIN.RESIZE_BILINEAR, [self.last, extents], shape, options, OPTIONS.ResizeBilinearOptions)

    def leaky(self):
        options = schema.LeakyReluOptionsT()
        options.alpha = 0.1
        return self.append(BUILTIN.LEAKY_RELU, [self.last], self.shapes[self.last], options, OPTIONS.LeakyReluOptions)

    def softmax(self):
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        shape = self.shapes[self.last]
        scale = 1 / 32768 if self.dtype == "int16" else 1 / 256
        result = self.append(BUILTIN.SOFTMAX, [self.last], shape, options, OPTIONS.SoftmaxOptions, scale)
        if self.dtype == "int8":
            self.tensors[result].quantization.zeroPoint = [-128]
        return result

    def reshape(self, shape):
        target = self.tensor((len(shape),), "int32", shape, scales=())
        options = schema.ReshapeOptionsT()
        options.newShape = list(shape)
        return self.append(BUILTIN.RESHAPE, [self.last, target], shape, options, OPTIONS.ReshapeOptions)

    def bytes(self):
        model, graph = schema.ModelT(), schema.SubGraphT()
        model.version, model.description = 3, self.name.encode()
        graph.tensors, graph.inputs, graph.outputs, graph.operators = self.tensors, [self.input], [self.last], []
        codes = list(dict.fromkeys(code for code, *_ in self.operators))
        for code, inputs, outputs, options, kind in self.operators:
            operator = schema.OperatorT()
            operator.opcodeIndex, operator.inputs, operator.outputs = codes.index(code), inputs, outputs
            if options is not None:
                operator.builtinOptions, operator.builtinOptionsType = options, kind
            graph.operators.append(operator)
        model.operatorCodes, model.buffers = [], []
        for code in codes:
            entry = schema.OperatorCodeT()
            entry.builtinCode, entry.deprecatedBuiltinCode, entry.version = code, min(code, 127), 1
            model.operatorCodes.append(entry)
        for content in self.buffers:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(content, np.uint8) if content else None
            model.buffers.append(buffer)
        model.subgraphs = [graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())


def mobilenet1(name, size, width, dtype="int8", spread=25.0):
    net = Network(name, (1, size, size, 3), dtype, spread)
    channels = lambda count: max(8, int(count * width))
    net.convolution(channels(32), 3, 2)
    plan = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
    for filters, stride in plan:
        net.depthwise(3, stride)
        net.convolution(channels(filters), 1)
    net.pool(net.shapes[net.last][1], 1)
    net.dense(100)
    net.softmax()
    return net


def mobilenet2(name, size, width, spread=25.0):
    net = Network(name, (1, size, size, 3), spread=spread)
    channels = lambda count: max(8, int(count * width + 4) // 8 * 8)
    net.convolution(channels(32), 3, 2)
    blocks = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, filters, count, stride in blocks:
        for index in range(count):
            source = net.last
            depth = net.shapes[source][3]
            if expansion > 1:
                net.convolution(depth * expansion, 1)
            net.depthwise(3, stride if index == 0 else 1)
            net.convolution(channels(filters), 1)
            if net.shapes[source] == net.shapes[net.last]:
                net.add(source, net.last)
    net.convolution(1280, 1)
    net.pool(net.shapes[net.last][1], 1)
    net.dense(100)
    return net


def resnet(name, size, widths, counts, kernel=3, spread=12.0):
    net = Network(name, (1, size, size, 3), spread=spread)
    net.convolution(widths[0], kernel)
    for stage, (filters, count) in enumerate(zip(widths, counts)):
        for index in range(count):
            source, stride = net.last, 2 if stage and index == 0 else 1
            net.convolution(filters, kernel, stride)
            main = net.convolution(filters, kernel)
            if net.shapes[source] != net.shapes[main]:
                source = net.convolution(filters, 1, stride, source=source)
            net.add(source, main)
    net.pool(net.shapes[net.last][1], 1)
    net.dense(10)
    net.softmax()
    return net


def inception(name):
    net = Network(name, (1, 48, 48, 3))
    net.convolution(24, 5, 2)
    for _ in range(3):
        source = net.last
        parts = [net.convolution(16, 1, source=source), net.convolution(24, 3, source=source)]
        parts.append(net.convolution(16, 5, source=source))
        net.concatenation(*parts)
        net.pool(2, 2, largest=True)
    net.mean()
    net.reshape((1, 56))
    net.dense(12)
    return net


def windows(name, dtype="int8", spread=25.0):
    net = Network(name, (1, 40, 36, 4), dtype, spread)
    dilation = 1 if spread is None else 2
    net.convolution(20, (5, 3))
    net.convolution(24, 3, dilation=dilation)
    net.convolution(32, (1, 7))
    net.convolution(32, 9, 2)
    net.depthwise(5, 1)
    net.depthwise(3, 1, dilation=dilation)
    net.convolution(48, 3, same=False)
    net.pool(3, 2, largest=True)
    net.dense(40)
    net.dense(10)
    return net


def gated(name):
    net = Network(name, (1, 32, 32, 16))
    for filters in (32, 64):
        net.convolution(filters, 3, 2, rectified=False)
        main = net.curve(BUILTIN.TANH)
        net.mean()
        net.convolution(filters // 4, 1)
        net.convolution(filters, 1, rectified=False)
        gate = net.curve(BUILTIN.LOGISTIC)
        net.multiply(main, gate)
    net.convolution(16, 1)
    return net


def perceptron(name, widths, spread):
    net = Network(name, (1, widths[0]), spread=spread)
    for width in widths[1:]:
        net.dense(width)
    return net


def keyword(name, dtype, spread=25.0):
    net = Network(name, (1, 49, 10, 1), dtype, spread)
    net.convolution(64, (10, 4), 2)
    for _ in range(4):
        net.depthwise(3)
        net.convolution(64, 1)
    net.pool(5, 5)
    net.dense(12)
    return net


def unet(name, size):
    net = Network(name, (1, size, size, 3))
    levels = []
    for filters in (16, 32):
        net.convolution(filters)
        levels.append(net.convolution(filters))
        net.pool(2, 2, largest=True)
    net.convolution(64)
    for filters, level in zip((32, 16), reversed(levels)):
        up = net.transposed(filters) if filters == 32 else net.resize(nearest=True)
        net.concatenation(level, up)
        net.convolution(filters)
    net.convolution(2, 1, rectified=False)
    return net


def swish(name):
    net = Network(name, (1, 96, 96, 3))
    net.convolution(16, 3, 2, rectified=False)
    net.append(BUILTIN.HARD_SWISH, [net.last], net.shapes[net.last], schema.HardSwishOptionsT(), OPTIONS.HardSwishOptions)
    for filters, stride in ((24, 2), (40, 2), (48, 1), (96, 2)):
        net.convolution(filters * 2, 1, rectified=False)
        net.append(BUILTIN.HARD_SWISH, [net.last], net.shapes[net.last], schema.HardSwishOptionsT(), OPTIONS.HardSwishOptions)
        net.depthwise(5, stride)
        net.convolution(filters, 1, rectified=False)
    net.leaky()
    net.mean()
    net.convolution(10, 1)
    return net


def speech(name):
    net = Network(name, (1, 1, 296, 39))
    net.convolution(250, (1, 48), 2)
    for _ in range(3):
        net.convolution(250, (1, 7))
    net.convolution(500, (1, 32))
    net.convolution(29, 1)
    net.softmax()
    return net


def upsampler(name):
    net = Network(name, (1, 24, 24, 8))
    net.convolution(16)
    net.resize(nearest=False)
    net.convolution(16)
    source = net.last
    net.convolution(16)
    net.add(source, net.last)
    net.curve(BUILTIN.LOGISTIC)
    return net


def all_networks():
    yield unet("unet_64", 64)
    yield swish("swish_96")
    yield speech("speech_296")
    yield upsampler("upsampler_24")
    yield mobilenet1("mobilenet1_025_96", 96, 0.25)
    yield mobilenet1("mobilenet1_050_128", 128, 0.5)
    yield mobilenet1("mobilenet1_100_224", 224, 1.0)
    yield mobilenet1("mobilenet1_025_96_int16", 96, 0.25, "int16")
    yield mobilenet2("mobilenet2_035_96", 96, 0.35)
    yield mobilenet2("mobilenet2_100_160", 160, 1.0)
    yield resnet("resnet_small_32", 32, (16, 32, 64), (2, 2, 2))
    yield resnet("resnet_wide_64", 64, (32, 64, 128, 256), (1, 1, 1, 1))
    yield resnet("resnet_five_24", 24, (12, 40), (1, 2), kernel=5)
    yield inception("inception_48")
    yield windows("windows_40")
    yield windows("windows_40_int16", "int16")
    yield gated("gated_32")
    yield perceptron("perceptron_wide", (784, 512, 256, 10), 6)
    yield perceptron("perceptron_deep", (64, 96, 96, 96, 96, 32), 40)
    yield keyword("keyword_int16", "int16")
    yield keyword("keyword_int8", "int8")


def uniform_networks():
    """Networks of incompressible weights, for tables that hold no weight values."""
    yield mobilenet1("blocks-mobilenet1-96", 96, 0.25, spread=None)
    yield mobilenet2("blocks-mobilenet2-96", 96, 0.35, spread=None)
    yield resnet("blocks-resnet-32", 32, (16, 32, 64), (2, 2, 2), spread=None)
    yield windows("blocks-windows-40", spread=None)
    yield windows("blocks-windows-40-int16", "int16", spread=None)
    yield keyword("blocks-keyword", "int8", spread=None)
    yield perceptron("blocks-perceptron", (784, 512, 256, 10), None)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for network in all_networks():
        (folder / f"{network.name}.tflite").write_bytes(network.bytes())
