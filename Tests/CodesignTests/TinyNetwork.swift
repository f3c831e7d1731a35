import Execution
import Networks
import Tensors

/// A seeded classifier of 8x8 images in four classes, and seeded images.
enum TinyNetwork {
    static func float() throws -> Network {
        var network = Network(name: "tiny")
        var generator = SplitMix(seed: 3)
        func weights(_ name: String, _ shape: Shape, scale: Float) -> ValueID {
            let values = (0..<shape.elementCount).map { _ in generator.signed() * scale }
            return network.append(Value(name: name, constant: Tensor(shape, values)))
        }
        func add(_ name: String, _ operation: any Operator, _ inputs: [ValueID]) throws -> ValueID {
            let shape = try operation.outputShapes(of: inputs.map { network[$0].shape })[0]
            let output = network.append(Value(name: name + ":out", shape: shape, elementType: .float32))
            network.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
            return output
        }
        let input = network.append(Value(name: "image", shape: [1, 8, 8, 1], elementType: .float32))
        let stem = try add(
            "stem", Convolution2D(window: Window(padding: .uniform(1)), activation: .relu),
            [input, weights("stem:w", [6, 3, 3, 1], scale: 0.6), weights("stem:b", [6], scale: 0.1)])
        let stride = Window(strideHeight: 2, strideWidth: 2, padding: .uniform(1))
        let body = try add(
            "body", Convolution2D(window: stride, activation: .relu),
            [stem, weights("body:w", [8, 3, 3, 6], scale: 0.3), weights("body:b", [8], scale: 0.1)])
        let flat = try add("flat", Reshape(shape: [1, 128]), [body])
        let scores = try add(
            "scores", FullyConnected(),
            [flat, weights("scores:w", [4, 128], scale: 0.2), weights("scores:b", [4], scale: 0.1)])
        network.inputs = [input]
        network.outputs = [scores]
        return network
    }

    /// Images with a class each: what the float network answers.
    static func cases(_ count: Int, seed: UInt64) throws -> LabelledCases {
        var generator = SplitMix(seed: seed)
        let images = (0..<count).map { _ in
            Tensor([1, 8, 8, 1], (0..<64).map { _ in generator.signed() })
        }
        let interpreter = try Interpreter(try float())
        let labels = try images.map { try interpreter.run([$0])[0].largestPlace ?? 0 }
        return LabelledCases(Images(images: images), labels: labels)
    }

    private struct Images: Dataset {
        let images: [Tensor]

        var count: Int { images.count }

        func `case`(at index: Int) -> [Tensor] { [images[index]] }
    }
}

/// The splitmix64 generator: the same numbers for the same seed everywhere.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in -1..<1.
    mutating func signed() -> Float {
        Float(Double(next() >> 11) / Double(1 << 52) - 1)
    }
}
