import Networks
import Tensors

/// Builds float networks with seeded weights for tests.
struct NetworkBuilder {
    var network: Network
    var generator: SplitMix
    private(set) var layerCount = 0

    init(input: Shape, seed: UInt64) {
        network = Network(name: "test")
        generator = SplitMix(seed: seed)
        network.inputs = [network.append(Value(name: "input", shape: input, elementType: .float32))]
    }

    var input: ValueID { network.inputs[0] }

    func shape(_ id: ValueID) -> Shape { network[id].shape }

    mutating func constant(_ name: String, _ shape: Shape, scale: Float = 1, offset: Float = 0) -> ValueID {
        let values = (0..<shape.elementCount).map { _ in generator.signed() * scale + offset }
        return network.append(Value(name: name, constant: Tensor(shape, values)))
    }

    mutating func node(_ operation: any Operator, _ inputs: [ValueID], name: String? = nil) throws -> ValueID {
        let name = name ?? "layer\(layerCount)"
        layerCount += 1
        let shapes = try operation.outputShapes(of: inputs.map { network[$0].shape })
        let output = network.append(Value(name: "\(name):out", shape: shapes[0], elementType: .float32))
        network.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
        return output
    }

    mutating func convolution(
        _ image: ValueID, outputs: Int, kernel: (Int, Int) = (3, 3), window: Window = Window(padding: .uniform(1)),
        groups: Int = 1, activation: Activation = .relu, name: String? = nil
    ) throws -> ValueID {
        let depth = shape(image)[3] / groups
        let name = name ?? "layer\(layerCount)"
        let scale = (3 / Float(depth * kernel.0 * kernel.1)).squareRoot()
        let filters = constant("\(name):w", [outputs, kernel.0, kernel.1, depth], scale: scale)
        let bias = constant("\(name):b", [outputs], scale: 0.3)
        return try node(
            Convolution2D(window: window, groups: groups, activation: activation), [image, filters, bias], name: name)
    }

    mutating func depthwise(_ image: ValueID, multiplier: Int = 1, stride: Int = 1) throws -> ValueID {
        let channels = shape(image)[3] * multiplier
        let name = "layer\(layerCount)"
        let filters = constant("\(name):w", [1, 3, 3, channels], scale: 0.6)
        let bias = constant("\(name):b", [channels], scale: 0.3)
        let window = Window(strideHeight: stride, strideWidth: stride, padding: .uniform(1))
        return try node(DepthwiseConvolution2D(window: window, activation: .relu6), [image, filters, bias])
    }

    mutating func fullyConnected(
        _ input: ValueID, outputs: Int, activation: Activation = .none, name: String? = nil
    ) throws -> ValueID {
        let inputs = shape(input).elementCount
        let name = name ?? "layer\(layerCount)"
        let weights = constant("\(name):w", [outputs, inputs], scale: (3 / Float(inputs)).squareRoot())
        let bias = constant("\(name):b", [outputs], scale: 0.3)
        return try node(FullyConnected(activation: activation), [input, weights, bias], name: name)
    }

    mutating func normalization(_ input: ValueID) throws -> ValueID {
        let channels: Shape = [shape(input)[shape(input).rank - 1]]
        let name = "layer\(layerCount)"
        let parameters = [
            constant("\(name):scale", channels, offset: 1.2), constant("\(name):shift", channels),
            constant("\(name):mean", channels), constant("\(name):variance", channels, scale: 0.5, offset: 1),
        ]
        return try node(BatchNormalization(epsilon: 1e-3), [input] + parameters)
    }

    /// A case of inputs in -1..<1.
    mutating func sample() -> [Float] {
        (0..<shape(input).elementCount).map { _ in generator.signed() }
    }

    func finished(_ outputs: ValueID...) -> Network {
        var network = network
        network.outputs = outputs
        return network
    }

    /// A residual network of random structure: convolutions, depthwise, sums, concatenations, pooling, a classifier.
    static func random(seed: UInt64, normalizes: Bool = false) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 6, 6, 3], seed: seed)
        var image = try builder.convolution(builder.input, outputs: 4 + Int(builder.generator.next() % 5))
        for _ in 0..<2 + builder.generator.next() % 3 {
            image = try builder.addBlock(to: image, normalizes: normalizes)
        }
        if builder.generator.next() % 2 == 0 {
            image = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [image])
        } else {
            let pool = Window(strideHeight: 2, strideWidth: 2)
            image = try builder.node(AveragePool2D(kernelHeight: 2, kernelWidth: 2, window: pool), [image])
            image = try builder.node(Reshape(shape: [1, builder.shape(image).elementCount]), [image])
        }
        image = try builder.fullyConnected(image, outputs: 7, activation: .relu)
        let logits = try builder.fullyConnected(image, outputs: 5, name: "logits")
        let cases = (0..<6).map { _ in builder.sample() }
        return (builder.finished(logits), cases)
    }

    private mutating func addBlock(to image: ValueID, normalizes: Bool) throws -> ValueID {
        let channels = shape(image)[3]
        switch generator.next() % 6 {
        case 0:
            let inner = try convolution(image, outputs: 3 + Int(generator.next() % 6))
            let back = try convolution(inner, outputs: channels, activation: .none)
            let normal = normalizes ? try normalization(back) : back
            return try node(Addition(activation: .relu), [image, normal])
        case 1:
            let deep = try depthwise(image)
            return try convolution(deep, outputs: channels + 2, kernel: (1, 1), window: Window())
        case 2:
            let left = try convolution(image, outputs: 3)
            let right = try convolution(image, outputs: 4, kernel: (1, 1), window: Window(), activation: .none)
            let clamped = try node(Rectifier(activation: .relu), [right])
            return try node(Concatenation(axis: 3), [left, clamped])
        case 3:
            let widened = try convolution(image, outputs: 8, kernel: (1, 1), window: Window())
            let pooled = try node(
                MaxPool2D(kernelHeight: 3, kernelWidth: 3, window: Window(padding: .uniform(1))), [widened])
            return try convolution(pooled, outputs: 6, groups: 2)
        case 4:
            let pooled = try node(Mean(axes: [1, 2], keepsAxes: true), [image])
            let gate = try convolution(pooled, outputs: channels, kernel: (1, 1), window: Window())
            let scaled = try node(Multiplication(), [image, gate])
            let leaky = try node(LeakyRectifier(alpha: 0.25), [scaled])
            return try node(Subtraction(), [leaky, image])
        default:
            return try node(
                Padding(before: [0, 0, 0, 1], after: [0, 0, 0, 2]), [try depthwise(image, multiplier: 2)])
        }
    }
}
