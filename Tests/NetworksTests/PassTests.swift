import FixedPoint
import Networks
import Tensors
import Testing

/// Each pass on small networks: what it must change, what it must leave, and that results stay.
struct PassTests {
    private func float(_ network: inout Network, _ name: String, _ shape: Shape) -> ValueID {
        network.append(Value(name: name, shape: shape, elementType: .float32))
    }

    private func constant(_ network: inout Network, _ name: String, _ tensor: Tensor) -> ValueID {
        network.append(Value(name: name, constant: tensor))
    }

    /// A convolution, a normalization, the addition of a vector and a clamp.
    private func chain(seed: UInt64, depthwise: Bool, hasBias: Bool) -> Network {
        var numbers = TestNumbers(state: seed)
        var network = Network(name: "chain")
        let image = float(&network, "image", [1, 6, 5, 4])
        let padded = float(&network, "padded", [1, 8, 7, 4])
        let filters: Shape = depthwise ? [1, 3, 3, 8] : [8, 3, 3, 4]
        let weights = constant(&network, "weights", numbers.tensor(filters))
        let sum = float(&network, "sum", [1, 6, 5, 8])
        let normal = float(&network, "normal", [1, 6, 5, 8])
        let shifted = float(&network, "shifted", [1, 6, 5, 8])
        let clamped = float(&network, "clamped", [1, 6, 5, 8])
        var operands = [padded, weights]
        if hasBias { operands.append(constant(&network, "bias", numbers.tensor([8]))) }
        var parameters = ["scale", "shift", "mean"].map { name in
            constant(&network, name, numbers.tensor([8]))
        }
        parameters.append(constant(&network, "variance", Tensor([8], numbers.reals(8).map { abs($0) })))
        let term = constant(&network, "term", numbers.tensor([8]))
        let layer: any Operator = depthwise ? DepthwiseConvolution2D() : Convolution2D()
        network.nodes = [
            Node(
                name: "pad", operation: Padding(before: [0, 1, 1, 0], after: [0, 1, 1, 0]), inputs: [image],
                outputs: [padded]),
            Node(name: "layer", operation: layer, inputs: operands, outputs: [sum]),
            Node(
                name: "norm", operation: BatchNormalization(epsilon: 1e-3), inputs: [sum] + parameters,
                outputs: [normal]
            ),
            Node(name: "add", operation: Addition(), inputs: [term, normal], outputs: [shifted]),
            Node(name: "relu", operation: Rectifier(activation: .relu), inputs: [shifted], outputs: [clamped]),
        ]
        (network.inputs, network.outputs) = ([image], [clamped])
        return network
    }

    @Test(arguments: [false, true], [false, true])
    func foldsAChainIntoOneLayer(depthwise: Bool, hasBias: Bool) throws {
        for seed in 0..<8 {
            let network = chain(seed: UInt64(seed), depthwise: depthwise, hasBias: hasBias)
            #expect(network.faults(file: "chain").isEmpty)
            let simple = network.simplified()
            #expect(simple.faults(file: "chain").isEmpty)
            #expect(simple.nodes.map(\.name) == ["layer"])
            #expect((simple.nodes.first?.operation as? any ActivatedOperator)?.activation == .relu)
            var numbers = TestNumbers(state: UInt64(seed) + 100)
            let image = numbers.tensor([1, 6, 5, 4])
            let (before, after) = (try network.evaluated([image])[0].floats, try simple.evaluated([image])[0].floats)
            for (left, right) in zip(before, after) { #expect(abs(left - right) <= 1e-4 * max(1, abs(left))) }
        }
    }

    @Test func leavesSharedAndVisibleResultsAlone() throws {
        var network = chain(seed: 1, depthwise: false, hasBias: true)
        let sum = try #require(network.nodes.first { $0.name == "layer" }).outputs[0]
        network.outputs.append(sum)
        let simple = network.simplified()
        #expect(simple.nodes.contains { $0.operation is BatchNormalization })
        var numbers = TestNumbers(state: 7)
        let image = numbers.tensor([1, 6, 5, 4])
        let (before, after) = (try network.evaluated([image]), try simple.evaluated([image]))
        #expect(before.count == 2)
        for (left, right) in zip(before[0].floats, after[0].floats) { #expect(abs(left - right) < 1e-4) }
        #expect(before[1].shape == after[1].shape)
    }

    @Test func keepsConstantsThatAnotherLayerReads() throws {
        var network = chain(seed: 2, depthwise: false, hasBias: true)
        let layer = try #require(network.nodes.first { $0.name == "layer" })
        let twin = float(&network, "twin", [1, 6, 5, 8])
        network.nodes.append(
            Node(name: "twin", operation: Convolution2D(), inputs: layer.inputs, outputs: [twin]))
        network.outputs.append(twin)
        let simple = network.simplified()
        #expect(simple.faults(file: "twins").isEmpty)
        var numbers = TestNumbers(state: 7)
        let image = numbers.tensor([1, 6, 5, 4])
        let (before, after) = (try network.evaluated([image]), try simple.evaluated([image]))
        #expect(before[1] == after[1])
        for (left, right) in zip(before[0].floats, after[0].floats) { #expect(abs(left - right) < 1e-4) }
    }

    @Test func fusesAClampBetweenIntegersOnOneGridOnly() throws {
        for scale in [Float(0.5), 0.25] {
            var network = Network(name: "sum")
            let grid = Quantization(format: .int8, scale: 0.5, zeroPoint: -3)
            let other = Quantization(format: .int8, scale: scale, zeroPoint: -3)
            let names = ["a", "b", "sum", "clamped"]
            let values = names.map { name in
                network.append(
                    Value(
                        name: name, shape: [2, 8], elementType: .int8, quantization: name == "clamped" ? other : grid))
            }
            network.nodes = [
                Node(name: "add", operation: Addition(), inputs: [values[0], values[1]], outputs: [values[2]]),
                Node(name: "relu", operation: Rectifier(activation: .relu6), inputs: [values[2]], outputs: [values[3]]),
            ]
            (network.inputs, network.outputs) = ([values[0], values[1]], [values[3]])
            let simple = network.simplified()
            #expect(simple.nodes.count == (scale == 0.5 ? 1 : 2))
            let left = Tensor(shape: [2, 8], elements: .int8((0..<16).map { Int8($0 * 15 - 120) }))
            let right = Tensor(shape: [2, 8], elements: .int8((0..<16).map { Int8(40 - $0 * 3) }))
            #expect(try network.evaluated([left, right]) == simple.evaluated([left, right]))
        }
    }

    @Test func joinsTransposesAndReshapes() throws {
        var network = Network(name: "moves")
        let image = float(&network, "image", [1, 3, 4, 5])
        let turned = float(&network, "turned", [1, 4, 5, 3])
        let back = float(&network, "back", [1, 3, 4, 5])
        let flat = float(&network, "flat", [3, 20])
        let flatter = float(&network, "flatter", [1, 60])
        let turnedAgain = float(&network, "turnedAgain", [60, 1])
        network.nodes = [
            Node(name: "t1", operation: Transpose(permutation: [0, 2, 3, 1]), inputs: [image], outputs: [turned]),
            Node(name: "t2", operation: Transpose(permutation: [0, 3, 1, 2]), inputs: [turned], outputs: [back]),
            Node(name: "r1", operation: Reshape(shape: [3, 20]), inputs: [back], outputs: [flat]),
            Node(name: "r2", operation: Reshape(shape: [1, 60]), inputs: [flat], outputs: [flatter]),
            Node(name: "t3", operation: Transpose(permutation: [1, 0]), inputs: [flatter], outputs: [turnedAgain]),
        ]
        (network.inputs, network.outputs) = ([image], [turnedAgain])
        let simple = network.simplified()
        #expect(simple.nodes.map(\.name) == ["t3"])
        #expect(simple.nodes.first?.operation is Reshape)
        var numbers = TestNumbers(state: 5)
        let tensor = numbers.tensor([1, 3, 4, 5])
        #expect(try network.evaluated([tensor]) == simple.evaluated([tensor]))
    }

    @Test func putsColumnsOfWeightsIntoTheOrderOfATransposedImage() throws {
        var numbers = TestNumbers(state: 11)
        var network = Network(name: "flatten")
        let image = float(&network, "image", [1, 3, 4, 2])
        let turned = float(&network, "turned", [1, 2, 3, 4])
        let flat = float(&network, "flat", [1, 24])
        let result = float(&network, "result", [1, 5])
        let weights = constant(&network, "weights", numbers.tensor([5, 24]))
        network.nodes = [
            Node(name: "t", operation: Transpose(permutation: [0, 3, 1, 2]), inputs: [image], outputs: [turned]),
            Node(name: "r", operation: Reshape(shape: [1, 24]), inputs: [turned], outputs: [flat]),
            Node(name: "fc", operation: FullyConnected(), inputs: [flat, weights], outputs: [result]),
        ]
        (network.inputs, network.outputs) = ([image], [result])
        let simple = network.simplified()
        #expect(simple.nodes.map(\.name) == ["fc"])
        let tensor = numbers.tensor([1, 3, 4, 2])
        let (before, after) = (try network.evaluated([tensor])[0].floats, try simple.evaluated([tensor])[0].floats)
        for (left, right) in zip(before, after) { #expect(abs(left - right) < 1e-5) }
    }
}
