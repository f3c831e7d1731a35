import Diagnostics
import FixedPoint
import Tensors

/// Builds the network of a topology from the parameters of its layers.
struct BNNPYNQAssembly {
    let topology: BNNPYNQTopology
    let precision: BNNPYNQPrecision
    let convention: ThresholdConvention
    private var network = Network(name: "")
    /// The value that the next node reads.
    private var current = ValueID(0)

    init(topology: BNNPYNQTopology, precision: BNNPYNQPrecision, convention: ThresholdConvention) {
        self.topology = topology
        self.precision = precision
        self.convention = convention
    }

    /// - Throws: `Diagnostic` when layers do not suit one another.
    mutating func network(named name: String, layers: [BNNPYNQLayerFiles], classes: Int) throws -> Network {
        network = Network(name: name)
        try addInput()
        for (index, layer) in layers.enumerated() {
            try add(layer, shape: topology.layers[index], index: index, isLast: index == layers.count - 1)
        }
        let scores = network[current].shape
        let slice = StridedSlice(starts: [0, 0], counts: [scores[0], classes], strides: [1, 1])
        try add(slice, named: "classes", as: network[current].quantization)
        network.outputs = [current]
        return network
    }

    private mutating func addInput() throws {
        switch topology.input {
        case .bits(let threshold):
            let pixels = Quantization(format: .uint8, scale: 1)
            current = network.append(
                Value(name: "pixels", shape: topology.image, elementType: pixels.storage, quantization: pixels))
            network.inputs = [current]
            let level = Tensor(shape: [1, 1], elements: .int32([Int32(threshold)]))
            try add(
                Thresholds(axis: topology.image.rank - 1, lowest: -1, step: 2), named: "binarize", as: signs,
                constants: [("binarize.thresholds", level, nil)])
            let (count, synapses) = (topology.image.elementCount, topology.layers[0].synapses)
            try add(Reshape(shape: [1, count]), named: "flatten", as: signs)
            if synapses > count {
                let padding = Padding(before: [0, 0], after: [0, synapses - count], value: -1)
                try add(padding, named: "fill", as: signs)
            }
        case .fixedPoint:
            let grid = Quantization(format: .int8, scale: 255 / 256, zeroPoint: NumberFormat.int8.minimum)
            current = network.append(
                Value(name: "pixels", shape: topology.image, elementType: grid.storage, quantization: grid))
            network.inputs = [current]
        }
    }

    private var signs: Quantization { Quantization(format: .bipolar, scale: 1) }

    private mutating func add(
        _ layer: BNNPYNQLayerFiles, shape: BNNPYNQTopology.Layer, index: Int, isLast: Bool
    ) throws {
        let name = "layer\(index)"
        let scale = network[current].quantization?.scale ?? 1
        let sums = Quantization(format: .int32, scale: scale)
        let convention = isLast ? ThresholdConvention.atLeast : self.convention
        let levels = leastSums(layer, shape: shape, convention, isFirst: index == 0)
        var bias = inputShift(layer, shape: shape)
        let isSign = levels?.first?.count == 1
        if isSign, let levels { bias = zip(bias, levels).map { $0 - $1[0] } }
        let grid = isLast ? sums : isSign ? signs : sums
        try addSums(layer.weights, bias: bias, shape: shape, named: name, as: grid)
        if !isSign, let levels {
            let table = Tensor(
                shape: [levels.count, precision.thresholds], elements: .int32(levels.joined().map { Int32($0) }))
            try add(
                Thresholds(axis: network[current].shape.rank - 1, lowest: -1, step: 1), named: "\(name).activation",
                as: Quantization(format: precision.activations, scale: 1),
                constants: [("\(name).thresholds", table, nil)])
        }
        if let pool = shape.pool {
            let window = Window(strideHeight: pool, strideWidth: pool)
            let pooling = MaxPool2D(kernelHeight: pool, kernelWidth: pool, window: window)
            try add(pooling, named: "\(name).pool", as: network[current].quantization)
        }
    }

    /// For each neuron, what makes its sums those of inputs without zero point.
    private func inputShift(_ layer: BNNPYNQLayerFiles, shape: BNNPYNQTopology.Layer) -> [Int] {
        let zeroPoint = network[current].quantization?.zeroPoint ?? 0
        return (0..<shape.neurons).map { neuron in
            zeroPoint * layer.weights[neuron * shape.synapses..<(neuron + 1) * shape.synapses].reduce(0, +)
        }
    }

    /// The least sum at which each neuron passes each threshold; nil for a layer without thresholds.
    private func leastSums(
        _ layer: BNNPYNQLayerFiles, shape: BNNPYNQTopology.Layer, _ convention: ThresholdConvention, isFirst: Bool
    ) -> [[Int]]? {
        var (divisor, isCount) = (1, precision.activationBits == 1)
        if isFirst, case .fixedPoint(let fractionBits) = topology.input {
            (divisor, isCount) = (1 << fractionBits, false)
        }
        return layer.thresholds?.map { levels in
            levels.map { level in
                let least = convention.leastSum(level, over: divisor)
                return isCount ? 2 * least - shape.synapses : least
            }
        }
    }

    private mutating func addSums(
        _ weights: [Int], bias: [Int], shape: BNNPYNQTopology.Layer, named name: String, as grid: Quantization
    ) throws {
        let rows = Shape([shape.neurons, shape.synapses])
        var extents = rows
        var operation: any Operator = FullyConnected()
        if let kernel = shape.kernel {
            extents = Shape([shape.neurons, kernel, kernel, shape.synapses / (kernel * kernel)])
            operation = Convolution2D()
        }
        let matrix = Tensor(shape: extents, elements: .int8(weights.map { Int8($0) }))
        let terms = Tensor(shape: [shape.neurons], elements: .int32(bias.map { Int32($0) }))
        let constants = [
            ("\(name).weights", matrix, Quantization(format: precision.weights, scale: 1)),
            ("\(name).bias", terms, nil),
        ]
        try add(operation, named: name, as: grid, constants: constants)
    }

    /// Appends a node behind the current value.
    private mutating func add(
        _ operation: any Operator, named name: String, as quantization: Quantization?,
        constants: [(name: String, tensor: Tensor, quantization: Quantization?)] = []
    ) throws {
        var inputs = [current]
        for constant in constants {
            inputs.append(
                network.append(
                    Value(name: constant.name, constant: constant.tensor, quantization: constant.quantization)))
        }
        let shapes = try operation.outputShapes(of: inputs.map { network[$0].shape })
        let output = network.append(
            Value(
                name: "\(name).output", shape: shapes[0], elementType: quantization?.storage ?? .int32,
                quantization: quantization))
        network.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
        current = output
    }
}
