import Compression
import Diagnostics
import Execution
import FixedPoint
import Networks
import Tensors
import Testing
import Workloads

@Suite struct BinaryActivationsTests {
    /// Four layers, the second and third of which become binary, with normalizations of either sign behind both.
    private func network(seed: UInt64, activation: Activation = .none) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 7, 7, 3], seed: seed)
        var image = try builder.convolution(builder.input, outputs: 6, activation: activation, name: "first")
        for name in ["second", "third"] {
            image = try builder.convolution(image, outputs: 8, activation: .none, name: name)
            image = try builder.normalization(image)
            guard let scale = builder.network.nodes.last?.inputs[1] else { continue }
            let reals = builder.network[scale].constant?.floats ?? []
            builder.network[scale].constant = Tensor([8], reals.indices.map { $0 % 3 == 0 ? -reals[$0] : reals[$0] })
        }
        let output = try builder.fullyConnected(image, outputs: 5, name: "last")
        return (builder.finished(output), (0..<12).map { _ in builder.sample() })
    }

    private func error(_ compressed: CompressedNetwork, _ network: Network, _ cases: [[Float]]) throws -> Double {
        var sum = 0.0
        for reals in cases {
            for (left, right) in zip(try network.output(reals), try compressed.network.output(reals)) {
                sum += Double((left - right) * (left - right))
            }
        }
        return sum
    }

    /// One layer that is named, so that its error is that of the method.
    private func single(seed: UInt64) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 9, 9, 12], seed: seed)
        let output = try builder.convolution(builder.input, outputs: 6, activation: .none, name: "only")
        // Bright and dark places, which one magnitude for all cannot follow.
        let cases = (0..<10).map { _ in
            builder.sample().enumerated().map { place, real in real * (place / 12 % 9 < 4 ? 0.2 : 1.5) }
        }
        return (builder.finished(output), cases)
    }

    /// Without the map the error grows; what is fitted to responses is nearer than what is fitted to weights.
    @Test(arguments: 0..<4) func theMapLowersTheError(seed: UInt64) throws {
        let (network, cases) = try single(seed: seed)
        func error(_ scale: BinaryActivations.InputScale, _ fit: BinaryActivations.Fit) throws -> Double {
            let step = BinaryActivations(layers: ["only"], inputScale: scale, offset: .zero, fit: fit, positions: 81)
            return try self.error(
                step.apply(to: CompressedNetwork(network), observing: CaseObserver(cases: cases)), network, cases)
        }
        let (map, mean, one) = (try error(.map, .weights), try error(.mean, .weights), try error(.one, .weights))
        #expect(map < mean && mean < one)
        #expect(try error(.map, .responses) < map)
        #expect(try error(.mean, .responses) < mean)
    }

    /// Without calibration and offsets the layer is that of the papers, to the last sign.
    @Test func theLayerIsThePapers() throws {
        let (network, cases) = try single(seed: 5)
        let step = BinaryActivations(layers: ["only"], inputScale: .map, offset: .zero, fit: .weights)
        let binary = try step.apply(to: CompressedNetwork(network), observing: ActivationStatistics())
        let (weights, bias) = (network[network.nodes[0].inputs[1]].reals, network[network.nodes[0].inputs[2]].reals)
        let (image, got) = (cases[0], try binary.network.output(cases[0]))
        for place in 0..<81 {
            var (sums, map) = ([Double](repeating: 0, count: 6), 0.0)
            for tap in 0..<9 {
                let (row, column) = (place / 9 + tap / 3 - 1, place % 9 + tap % 3 - 1)
                guard (0..<9).contains(row), (0..<9).contains(column) else { continue }
                for channel in 0..<12 {
                    let real = image[(row * 9 + column) * 12 + channel]
                    map += Double(abs(real)) / 12 / 9
                    for output in 0..<6 {
                        sums[output] += (real < 0) == (weights[(output * 9 + tap) * 12 + channel] < 0) ? 1 : -1
                    }
                }
            }
            for output in 0..<6 {
                let alpha = weights[output * 108..<(output + 1) * 108].reduce(0) { $0 + abs($1) } / 108
                let exact = sums[output] * map * alpha + bias[output]
                #expect(abs(exact - Double(got[place * 6 + output])) < 1e-4)
            }
        }
    }

    /// Per output `c N_W / 64` operations on words and one product by the scale: 62.27 for 256 channels and 9 places.
    @Test func speedIsThatOfTheFormula() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 256], seed: 1)
        let output = try builder.convolution(builder.input, outputs: 4, activation: .none, name: "only")
        let step = BinaryActivations(layers: ["only"], inputScale: .map, offset: .zero, fit: .weights)
        let workload = try step.apply(
            to: CompressedNetwork(builder.finished(output)), observing: ActivationStatistics()
        ).lowered()
        let layer = try #require(workload.layers.first { $0.name == "only" })
        let scaled = try #require(workload.layers.first { $0.name == "only.scaled" })
        let (products, outputs) = (
            Double(layer.loops.multiplications), Double(workload.tensors[scaled.outputs[0]].shape.elementCount)
        )
        #expect(products == outputs * 256 * 9 && layer.weights?.elementBits == 1)
        let speed = products / (products / 64 + outputs)
        #expect(abs(speed - 62.27) < 0.005 && abs(speed - 64 * 256 * 9 / (256 * 9 + 64.0)) < 1e-9)
        #expect(workload.layers.contains { $0.name == "only.map" && $0.computeClass == .convolution })
    }

    @Test func endsAreLeftOutUnlessNamed() throws {
        let (network, cases) = try network(seed: 3)
        let observer = CaseObserver(cases: cases)
        func binary(_ layers: LayerSelection) throws -> Set<String> {
            let made = try BinaryActivations(layers: layers).apply(to: CompressedNetwork(network), observing: observer)
            #expect(made.faults(file: "f").isEmpty)
            return Set(made.lowered().layers.filter { $0.weights?.isBipolar == true }.map(\.name))
        }
        #expect(try binary(.all) == ["second", "third"])
        #expect(try binary(["first", "third", "last"]) == ["first", "third", "last"])
        let twice = #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(
                [BinaryActivations(layers: ["third"]), BinaryActivations(layers: ["third"])], observing: observer)
        }
        #expect(try #require(twice).rendered().contains("signs already"))
        #expect(throws: Diagnostics.self) {
            try BinaryActivations().apply(to: CompressedNetwork(network), observing: ActivationStatistics())
        }
    }

    /// Binary layers on integers, then with thresholds: the same results bit for bit, by fewer nodes, from single bits.
    @Test(arguments: 0..<6) func thresholdsFlipNoSign(seed: UInt64) throws {
        let (network, cases) = try network(seed: seed, activation: seed % 2 == 0 ? .relu : .none)
        let offset: BinaryActivations.Offset = seed % 3 == 0 ? .zero : .mean
        let observer = CaseObserver(cases: cases)
        let integer = try CompressedNetwork(network).applying(
            [BinaryActivations(inputScale: .mean, offset: offset), FixedPointQuantization()], observing: observer)
        let folded = try ThresholdFolding(layers: ["second", "third"]).apply(to: integer, observing: observer)
        #expect(folded.faults(file: "f").map(\.message) == [])
        #expect(folded.network.nodes.map(\.name) == ["first", "second", "third", "last"])
        let workload = folded.lowered()
        #expect(workload.tensors.map(\.elementBits) == [8, 1, 1, 8, 8] || folded.network.nodes.count != 4)
        for seed in 0..<40 {
            let input = Tensor.bytes([1, 7, 7, 3], seed: UInt64(seed))
            let results = try [integer, folded].map { try Interpreter($0.network).run([input]) }
            #expect(results[0] == results[1])
        }
        let files = try CompressedNetworkFiles(folded)
        #expect(try CompressedNetworkFiles(files.compressedNetwork(folder: "f")) == files)
    }

    /// Layers of maps compute on integers what they compute on reals.
    @Test(arguments: 0..<4) func mapsAreExecutedOnIntegers(seed: UInt64) throws {
        let (network, cases) = try network(seed: seed)
        let observer = CaseObserver(cases: cases)
        let float = try BinaryActivations(inputScale: .map).apply(to: CompressedNetwork(network), observing: observer)
        let integer = try FixedPointQuantization(weightBits: 16, activationBits: 16).apply(
            to: float, observing: observer)
        #expect(integer.lowered().layers.filter { $0.weights?.isBipolar == true }.count == 2)
        let power = try cases.flatMap { try float.network.output($0) }.reduce(0) { $0 + Double($1 * $1) }
        #expect(try error(integer, float.network, cases) < 0.02 * power)
    }

    /// Where others read the integers too, a node of thresholds makes the signs.
    @Test func sharedIntegersKeepTheirReaders() throws {
        var builder = NetworkBuilder(input: [1, 7, 7, 3], seed: 2)
        let image = try builder.convolution(builder.input, outputs: 6, name: "first")
        let branch = try builder.convolution(image, outputs: 6, activation: .none, name: "second")
        let sum = try builder.node(Addition(activation: .relu), [image, branch])
        let output = try builder.fullyConnected(sum, outputs: 5, name: "last")
        let network = builder.finished(output)
        let observer = CaseObserver(cases: (0..<8).map { _ in builder.sample() })
        let integer = try CompressedNetwork(network).applying(
            [BinaryActivations(), FixedPointQuantization()], observing: observer)
        let folded = try ThresholdFolding(layers: ["second"]).apply(to: integer, observing: observer)
        #expect(folded.network.nodes.count { $0.operation is Thresholds } == 1)
        #expect(folded.network.nodes.count == integer.network.nodes.count - 1)
        for seed in 0..<20 {
            let input = Tensor.bytes([1, 7, 7, 3], seed: UInt64(seed))
            let results = try [integer, folded].map { try Interpreter($0.network).run([input]) }
            #expect(results[0] == results[1])
        }
        #expect(throws: Diagnostics.self) {
            try ThresholdFolding(layers: ["last"]).apply(to: integer, observing: observer)
        }
    }

    /// Counting equal bits gives the sums of a convolution with -1 and +1, zeros around the image included.
    @Test func countsAreSumsOfProducts() throws {
        var generator = SplitMix(seed: 4)
        func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
        var compared = 0
        while compared < 10_000 {
            let (height, width, depth, outputs) = (3 + below(4), 3 + below(4), 1 + below(70), 1 + below(6))
            let (side, stride, margin) = (1 + below(3), 1 + below(2), below(2))
            let signs = (0..<height * width * depth).map { _ in below(2) * 2 - 1 }
            let weights = (0..<outputs * side * side * depth).map { _ in below(2) * 2 - 1 }
            var network = Network(name: "binary")
            let grid = Quantization(format: .bipolar, scale: 1)
            let input = network.append(
                Value(name: "input", shape: [1, height, width, depth], elementType: .int8, quantization: grid))
            let filters = Tensor([outputs, side, side, depth], integers: weights, storedAs: .int8)
            let constant = network.append(
                Value(name: "weights", constant: try #require(filters), quantization: grid))
            let operation = Convolution2D(
                window: Window(strideHeight: stride, strideWidth: stride, padding: .uniform(margin)))
            let shapes = try operation.outputShapes(of: [network[input].shape, network[constant].shape])
            let output = network.append(Value(name: "sums", shape: shapes[0], elementType: .int32))
            network.inputs = [input]
            network.outputs = [output]
            network.nodes = [Node(name: "n", operation: operation, inputs: [input, constant], outputs: [output])]
            let image = try #require(Tensor([1, height, width, depth], integers: signs, storedAs: .int8))
            let sums = try Interpreter(network).run([image])[0].integers ?? []
            let (rows, columns) = (shapes[0][1], shapes[0][2])
            for (place, sum) in sums.enumerated() {
                let (output, column, row) = (place % outputs, place / outputs % columns, place / outputs / columns)
                #expect(row < rows)
                var exact = 0
                for tap in 0..<side * side {
                    let (y, x) = (row * stride + tap / side - margin, column * stride + tap % side - margin)
                    guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
                    for channel in 0..<depth {
                        exact +=
                            signs[(y * width + x) * depth + channel]
                            * weights[(output * side * side + tap) * depth + channel]
                    }
                }
                #expect(sum == exact)
            }
            compared += sums.count
        }
    }
}
