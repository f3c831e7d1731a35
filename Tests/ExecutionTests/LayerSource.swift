import FixedPoint
import Networks
import Tensors

/// Networks of one layer with random shapes, formats, accumulators and families.
struct LayerSource {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    mutating func among<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    mutating func real() -> Float { Float(below(2001) - 1000) / 256 }

    private mutating func format() -> NumberFormat {
        switch below(6) {
        case 0: .int8
        case 1: .uint8
        case 2: NumberFormat(bits: 1 + below(16), encoding: .unsigned)
        case 3: NumberFormat(bits: 2 + below(15), encoding: .twosComplement)
        case 4: .int16
        default: NumberFormat(bits: 2 + below(15), encoding: .symmetric)
        }
    }

    private mutating func weightFormat() -> NumberFormat {
        switch below(4) {
        case 0: .bipolar
        case 1: .ternary
        case 2: NumberFormat(bits: 2 + below(15), encoding: .symmetric)
        default: .int8
        }
    }

    private mutating func element(of format: NumberFormat) -> Int {
        if format.encoding == .bipolar { return below(2) * 2 - 1 }
        return format.minimum + below(format.maximum - format.minimum + 1)
    }

    private mutating func grid(_ format: NumberFormat) -> Quantization {
        let span = format.maximum - format.minimum + 1
        let zero = below(3) == 0 || format.bits > 8 ? max(format.minimum, 0) : format.minimum + below(span)
        return Quantization(format: format, scale: Float(1 + below(200)) / 1024, zeroPoint: zero)
    }

    private mutating func value(_ name: String, _ shape: Shape, _ grid: Quantization?) -> Value {
        Value(name: name, shape: shape, elementType: grid?.storage ?? .float32, quantization: grid)
    }

    private mutating func constant(_ name: String, _ shape: Shape, _ grid: Quantization?) -> Value {
        guard let grid else {
            return Value(name: name, constant: Tensor(shape, (0..<shape.elementCount).map { _ in real() }))
        }
        let elements = (0..<shape.elementCount).map { _ in element(of: grid.format) }
        guard let tensor = Tensor(shape, integers: elements, storedAs: grid.storage) else {
            preconditionFailure("elements of a format fit its storage")
        }
        return Value(name: name, constant: tensor, quantization: grid)
    }

    private mutating func window() -> Window {
        Window(
            strideHeight: 1 + below(3), strideWidth: 1 + below(3), dilationHeight: 1 + below(2),
            dilationWidth: 1 + below(2),
            padding: .init(top: below(3), left: below(3), bottom: below(3), right: below(3)))
    }

    private mutating func accumulator() -> Accumulator {
        switch below(4) {
        case 0: Accumulator(bits: 8 + below(57), overflow: .wrap)
        case 1: Accumulator(bits: 8 + below(57), overflow: .saturate)
        case 2: Accumulator(bits: 64, overflow: .wrap)
        default: .int32
        }
    }

    mutating func integerLayer() -> Network { weightedLayer(isInteger: true) }
    mutating func realLayer() -> Network { weightedLayer(isInteger: false) }

    private mutating func weightedLayer(isInteger: Bool) -> Network {
        let (operation, image, filters, axis, channels) = weighted()
        var network = Network(name: "layer", runtime: among(RuntimeArithmetic.all))
        let output = Result { try operation.outputShapes(of: [image, filters]) }
        guard case .success(let shapes) = output else { return weightedLayer(isInteger: isInteger) }
        let input = network.append(value("in", image, isInteger ? grid(format()) : nil))
        var weightGrid: Quantization?
        if isInteger {
            let count = below(2) == 0 ? 1 : filters[axis]
            let scales = (0..<count).map { _ in Float(1 + below(100)) / 4096 }
            weightGrid = Quantization(
                format: weightFormat(), scales: scales, zeroPoints: [Int](repeating: 0, count: count),
                axis: count == 1 ? nil : axis)
        }
        let weights = network.append(constant("w", filters, weightGrid))
        var inputs = [input, weights]
        if below(3) > 0 {
            let bias = isInteger ? biases(channels) : constant("b", [channels], nil)
            inputs.append(network.append(bias))
        }
        let result = network.append(value("out", shapes[0], isInteger ? grid(format()) : nil))
        (network.inputs, network.outputs) = ([input], [result])
        network.nodes = [
            Node(
                name: "layer", operation: operation, inputs: inputs, outputs: [result],
                accumulator: isInteger ? accumulator() : .int32)
        ]
        if below(6) == 0, let proved = SumRange(of: network.nodes[0], in: network)?.provedAccumulator {
            network.nodes[0].accumulator = proved
        }
        return network
    }

    private mutating func biases(_ channels: Int) -> Value {
        let elements = (0..<channels).map { _ in Int32(below(20001) - 10000) }
        return Value(name: "b", constant: Tensor(shape: [channels], elements: .int32(elements)))
    }

    private mutating func weighted() -> (any Operator, image: Shape, filters: Shape, axis: Int, channels: Int) {
        let activation = among(Activation.allCases)
        let (height, width, kernel) = (1 + below(9), 1 + below(9), (1 + below(4), 1 + below(4)))
        switch below(3) {
        case 0:
            let groups = 1 + below(3)
            let (depth, each) = (1 + below(20), 1 + below(below(4) == 0 ? 100 : 24))
            let isPointwise = below(3) == 0
            let operation = Convolution2D(
                window: isPointwise ? Window() : window(), groups: groups, activation: activation)
            let filters: Shape =
                isPointwise ? [each * groups, 1, 1, depth] : [each * groups, kernel.0, kernel.1, depth]
            return (operation, [1 + below(2), height, width, depth * groups], filters, 0, each * groups)
        case 1:
            let (depth, copies) = (1 + below(below(4) == 0 ? 100 : 20), 1 + below(3))
            let operation = DepthwiseConvolution2D(window: window(), activation: activation)
            let rows = below(3) == 0 ? kernel.0 + below(9) : kernel.0
            let filters: Shape = [1, rows, kernel.1, depth * copies]
            return (operation, [1 + below(2), height, width, depth], filters, 3, depth * copies)
        default:
            let (depth, count) = (1 + below(80), 1 + below(80))
            return (FullyConnected(activation: activation), [1 + below(12), depth], [count, depth], 0, count)
        }
    }

    mutating func sumLayer() -> Network {
        var network = Network(name: "sum", runtime: among(RuntimeArithmetic.all))
        let shape: Shape = [1, 1 + below(5), 1 + below(5), 1 + below(20)]
        let isInteger = below(4) > 0
        let ids = ["a", "b", "out"].map { name in
            network.append(value(name, shape, isInteger ? grid(format()) : nil))
        }
        (network.inputs, network.outputs) = ([ids[0], ids[1]], [ids[2]])
        network.nodes = [
            Node(
                name: "sum", operation: Addition(activation: among(Activation.allCases)), inputs: [ids[0], ids[1]],
                outputs: [ids[2]])
        ]
        return network
    }

    mutating func poolLayer() -> Network {
        var network = Network(name: "pool", runtime: among(RuntimeArithmetic.all))
        let (height, width) = (2 + below(3), 2 + below(3))
        let activation = among(Activation.allCases)
        var window = Window(strideHeight: 1 + below(2), strideWidth: 1 + below(2))
        window.padding = .init(top: below(2), left: below(2), bottom: below(2), right: below(2))
        let image: Shape = [1 + below(2), height + below(6), width + below(6), 1 + below(20)]
        let operation: any Operator =
            below(2) == 0
            ? AveragePool2D(kernelHeight: height, kernelWidth: width, window: window, activation: activation)
            : MaxPool2D(kernelHeight: height, kernelWidth: width, window: window, activation: activation)
        let isInteger = below(4) > 0
        let inputGrid = isInteger ? grid(format()) : nil
        let outputGrid = isInteger && below(3) == 0 ? grid(format()) : inputGrid
        let input = network.append(value("in", image, inputGrid))
        guard let shape = try? operation.outputShapes(of: [image])[0] else { return poolLayer() }
        let result = network.append(value("out", shape, outputGrid))
        (network.inputs, network.outputs) = ([input], [result])
        network.nodes = [Node(name: "pool", operation: operation, inputs: [input], outputs: [result])]
        return network
    }

    mutating func meanLayer() -> Network {
        var network = Network(name: "mean", runtime: among(RuntimeArithmetic.all))
        let shape: Shape = [1 + below(2), 1 + below(8), 1 + below(8), 1 + below(20)]
        let axes = among([[1, 2], [1], [1, 2, 3], [2, 3], [0, 2]])
        let operation = Mean(axes: axes, keepsAxes: below(2) == 0)
        let isInteger = below(3) > 0
        guard let output = try? operation.outputShapes(of: [shape])[0] else { return meanLayer() }
        let input = network.append(value("in", shape, isInteger ? grid(format()) : nil))
        let result = network.append(value("out", output, isInteger ? grid(format()) : nil))
        (network.inputs, network.outputs) = ([input], [result])
        network.nodes = [Node(name: "mean", operation: operation, inputs: [input], outputs: [result])]
        return network
    }

    mutating func transposeLayer() -> Network {
        var network = Network(name: "transpose", runtime: among(RuntimeArithmetic.all))
        let shape: Shape = [1 + below(2), 1 + below(6), 1 + below(6), 1 + below(20)]
        let permutation = among([[0, 2, 3, 1], [0, 3, 1, 2], [3, 2, 1, 0], [0, 2, 1, 3], [1, 0, 3, 2]])
        let grid = below(4) > 0 ? grid(format()) : nil
        let input = network.append(value("in", shape, grid))
        let result = network.append(value("out", Shape(permutation.map { shape[$0] }), grid))
        (network.inputs, network.outputs) = ([input], [result])
        let operation = Transpose(permutation: permutation)
        network.nodes = [Node(name: "transpose", operation: operation, inputs: [input], outputs: [result])]
        return network
    }

    mutating func mapLayer() -> Network {
        var network = Network(name: "map", runtime: among(RuntimeArithmetic.all))
        let shape: Shape = [1, 1 + below(6), 1 + below(6), 1 + below(20)]
        let maps: [any Operator] = [
            Rectifier(activation: among(Activation.allCases)), LeakyRectifier(alpha: 0.25), HardSwish(),
        ]
        let input = network.append(value("in", shape, grid(.int8)))
        let result = network.append(value("out", shape, grid(.int8)))
        (network.inputs, network.outputs) = ([input], [result])
        network.nodes = [Node(name: "map", operation: among(maps), inputs: [input], outputs: [result])]
        return network
    }

    mutating func inputs(of network: Network) -> [Tensor] {
        network.inputs.map { id in
            let value = network[id]
            guard let tensor = constant("", value.shape, value.quantization).constant else {
                preconditionFailure("a constant has elements")
            }
            return tensor
        }
    }
}
