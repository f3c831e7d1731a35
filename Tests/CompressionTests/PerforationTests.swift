import Compression
import Diagnostics
import FixedPoint
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct PerforationTests {
    /// A convolution in groups with pooling behind, one with a stride and dilation, a sum, and a classifier.
    static func network() throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 9, 8, 4], seed: 5)
        let first = try builder.convolution(builder.input, outputs: 6, groups: 2, name: "first")
        let pooled = try builder.node(
            MaxPool2D(kernelHeight: 3, kernelWidth: 3, window: Window(strideHeight: 2, strideWidth: 2)), [first])
        let window = Window(dilationHeight: 1, dilationWidth: 2, padding: .init(top: 1, left: 2, bottom: 1, right: 2))
        let second = try builder.convolution(pooled, outputs: 6, window: window, name: "second")
        let sum = try builder.node(Addition(activation: .relu), [pooled, second])
        let logits = try builder.fullyConnected(sum, outputs: 5, name: "logits")
        let output = try builder.node(Softmax(), [logits])
        let cases = (0..<8).map { _ in builder.sample() }
        return (builder.finished(output), cases)
    }

    static func apply(
        _ steps: [any CompressionStep], to network: Network, cases: [[Float]]
    ) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        return result
    }

    @Test(arguments: [PerforationMask.uniform, .grid, .impact])
    func everythingKeptIsTheSameNetwork(mask: PerforationMask) throws {
        let (network, cases) = try Self.network()
        let result = try Self.apply([Perforation(layers: .all, rate: 1, mask: mask)], to: network, cases: cases)
        #expect(result.network.nodes.map(\.name) == network.nodes.map(\.name))
        #expect(try result.network.output(cases[0]) == network.output(cases[0]))
    }

    /// At the places evaluated results are those of the layer, bit for bit; everywhere else they are those of the nearest.
    @Test(arguments: [false, true])
    func resultsAreThoseOfTheNearestPlace(isInteger: Bool) throws {
        let (network, cases) = try Self.network()
        let steps: [any CompressionStep] = isInteger ? [FixedPointQuantization()] : []
        let whole = try Self.apply(steps, to: network, cases: cases)
        let result = try whole.applying(
            Perforation(layers: ["first"], rate: 0.4, mask: .uniform, seed: 7), observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        func pixels(_ network: Network) throws -> [[Int]] {
            let id = ValueID(try #require(network.values.firstIndex { $0.name == "first:out" }))
            let tensor = try #require(try network.evaluate([cases[1]])[id])
            let elements = tensor.integers ?? tensor.floats.map { Int($0.bitPattern) }
            return (0..<72).map { Array(elements[$0 * 6..<$0 * 6 + 6]) }
        }
        let (expected, found) = (try pixels(whole.network), try pixels(result.network))
        let node = try #require(result.network.nodes.first { $0.name == "first" })
        let positions = try #require(node.operation as? PerforatedConvolution2D).positions
        #expect(positions.count == 29)
        for place in 0..<72 {
            let distances = positions.map { other in
                let (rows, columns) = (other / 8 - place / 8, other % 8 - place % 8)
                return rows * rows + columns * columns
            }
            let nearest = zip(positions, distances).filter { $0.1 == distances.min() }.map(\.0)
            #expect(nearest.contains { found[place] == expected[$0] })
        }
    }

    /// Products fall to the rate; lists of places are stored, at the bits that the largest place needs.
    @Test func costsFollowTheRate() throws {
        let (network, cases) = try Self.network()
        let before = CompressedNetwork(network).lowered()
        let result = try Self.apply(
            [Perforation(layers: ["first"], rate: 0.25, mask: .uniform)], to: network, cases: cases)
        let after = result.lowered()
        #expect(after.layers[0].macs * 4 == before.layers[0].macs)
        let lists = try result.network.nodes.prefix(2).map { try #require($0.operation.storedList) }
        #expect(lists.map(\.count) == [18, 72] && lists.map(\.width) == [7, 5])
        let grown =
            try #require(after.layers[0].weights).parameterSize.count
            - (before.layers[0].weights?.parameterSize.count ?? 0)
        #expect(grown == 18 * 7)
        #expect(after.layers[1].computeClass == .dataMovement && after.layers[1].weights?.encodedSize.count == 72 * 5)
    }

    @Test func masksKeepWhatTheyPromise() throws {
        var generator = SplitMix64(seed: 3)
        let grid = PerforationMask.grid.positions(height: 8, width: 8, rate: 0.25, weights: [], generator: &generator)
        let (rows, columns) = (Set(grid.map { $0 / 8 }).sorted(), Set(grid.map { $0 % 8 }).sorted())
        let product = rows.flatMap { row in columns.map { row * 8 + $0 } }
        #expect(grid == product && grid.count == 16)
        for axis in [rows, columns] {
            #expect(axis[1] - axis[0] == 2 && axis[2] - axis[1] == 2 && axis[3] - axis[2] == 2)
        }
        let weights = (0..<64).map { Double($0 % 7) }
        let impact = PerforationMask.impact.positions(
            height: 8, width: 8, rate: 0.25, weights: weights, generator: &generator)
        #expect(impact.count == 16 && impact.allSatisfy { weights[$0] >= 5 })
        let (network, cases) = try Self.network()
        let pooled = try Self.apply(
            [Perforation(layers: ["first"], rate: 0.083, mask: .pooling)], to: network, cases: cases)
        let positions = (pooled.network.nodes[0].operation as? PerforatedConvolution2D)?.positions ?? []
        #expect(positions == [18, 20, 34, 36, 50, 52])
    }

    /// Gradients equal differences of the loss itself.
    @Test func impactIsSlopeTimesValue() throws {
        let (network, cases) = try Self.network()
        let observer = CaseObserver(cases: [cases[0]])
        let impact = try PlaceImpact(of: ["first", "second"], in: network, observing: observer)
        for layer in ["first", "second"] {
            let found = try #require(impact.places[layer])
            let place = try #require(network.nodes.firstIndex { $0.name == layer })
            let output = network.nodes[place].outputs[0]
            var tail = network
            tail.nodes = Array(network.nodes[(place + 1)...])
            let values = try network.evaluate([cases[0]])
            func loss(_ moved: Tensor) throws -> Double {
                var tensors = values
                tensors[output] = moved
                for node in tail.nodes {
                    let types = node.outputs.map { ResultType(shape: network[$0].shape, elementType: .float32) }
                    let operands = node.inputs.compactMap { tensors[$0].map { Operand($0) } }
                    let results = try node.operation.evaluate(
                        operands, results: types, arithmetic: Arithmetic(runtime: network.runtime, accumulator: .int32))
                    tensors[node.outputs[0]] = results[0]
                }
                let answers = tensors[network.outputs[0]]?.floats ?? []
                let own = values[network.outputs[0]]?.floats ?? []
                let answer = try #require(own.firstIndex(of: own.max() ?? 0))
                return -Double(answers[answer])
            }
            let own = try #require(values[output])
            let probability = values[network.outputs[0]]?.floats.max() ?? 1
            let channels = own.shape[3]
            for pixel in stride(from: 0, to: own.shape[1] * own.shape[2], by: 5) {
                var sum = 0.0
                for channel in 0..<channels {
                    let at = pixel * channels + channel
                    let step: Float = 0.004
                    let ends = try [step, -step].map { offset -> Double in
                        var elements = own.floats
                        elements[at] += offset
                        return try loss(Tensor(own.shape, elements))
                    }
                    sum += abs((ends[0] - ends[1]) / Double(2 * step) / Double(probability) * Double(own.floats[at]))
                }
                #expect(abs(sum - found[pixel]) < 0.02 * (found.max() ?? 0), "\(layer) \(pixel)")
            }
        }
    }

    /// A later quantization, removal of channels and files know the operators.
    @Test func perforatedNetworksGoOn() throws {
        let (network, cases) = try Self.network()
        let perforated = try Self.apply([Perforation(layers: ["first", "second"])], to: network, cases: cases)
        let copy = try CompressedNetworkFiles(perforated).compressedNetwork(folder: "f")
        #expect(try copy.network.output(cases[2]) == perforated.network.output(cases[2]))
        let quantized = try perforated.applying(FixedPointQuantization(), observing: CaseObserver(cases: cases))
        let (reals, integers) = (try perforated.network.output(cases[2]), try quantized.network.output(cases[2]))
        #expect(zip(reals, integers).allSatisfy { abs($0 - $1) < 0.1 })
        let pruned = try perforated.applying(
            MagnitudePruning(granularity: .filter, density: 0.5),
            observing: CaseObserver(cases: cases))
        #expect(pruned.faults(file: "pruned").isEmpty)
    }

    @Test func unsuitableLayersAndNumbersAreRefused() throws {
        let (network, cases) = try Self.network()
        let steps: [any CompressionStep] = [
            Perforation(layers: ["logits"]), Perforation(layers: ["first"], rate: 0),
            Perforation(layers: ["first"], rate: 1.5), Perforation(layers: ["second"], mask: .pooling),
        ]
        for step in steps {
            #expect(throws: Diagnostics.self) { try Self.apply([step], to: network, cases: cases) }
        }
        #expect(throws: Diagnostics.self) {
            try Self.apply([Perforation(layers: ["first"])], to: network, cases: [])
        }
        let perforated = try Self.apply([Perforation(layers: ["first"])], to: network, cases: cases)
        let split = DepthwiseSeparableRewrite(layers: ["first"])
        #expect(throws: Diagnostics.self) { try perforated.applying(split, observing: CaseObserver(cases: cases)) }
        let integers = try Self.apply([FixedPointQuantization()], to: network, cases: cases)
        #expect(throws: Diagnostics.self) {
            try integers.applying(Perforation(layers: ["first"]), observing: CaseObserver(cases: cases))
        }
    }
}
