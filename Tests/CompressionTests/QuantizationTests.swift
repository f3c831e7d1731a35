import Compression
import Diagnostics
import FixedPoint
import Networks
import Tensors
import Testing
import Workloads

@Suite struct QuantizationTests {
    private func apply(
        _ steps: [any CompressionStep], to network: Network, cases: [[Float]]
    ) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").map(\.message) == [])
        return result
    }

    /// Signal power over error power, of all cases' outputs.
    private func fidelity(_ compressed: CompressedNetwork, _ network: Network, _ cases: [[Float]]) throws -> Double {
        var (signal, noise) = (0.0, 0.0)
        for sample in cases {
            let (exact, got) = (try network.output(sample), try compressed.network.output(sample))
            for (left, right) in zip(exact, got) {
                signal += Double(left * left)
                noise += Double((left - right) * (left - right))
            }
        }
        return noise == 0 ? .infinity : signal / noise
    }

    @Test(arguments: 0..<12)
    func sixteenBitsComeCloseToTheReals(seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed))
        let fine = try apply([FixedPointQuantization(weightBits: 16, activationBits: 16)], to: network, cases: cases)
        let coarse = try apply([FixedPointQuantization()], to: network, cases: cases)
        #expect(try fidelity(fine, network, cases) > 1e6)
        #expect(try fidelity(coarse, network, cases) > 100)
        #expect(coarse.lowered().layers.allSatisfy { !$0.isFloat })
        #expect(coarse.network.values.allSatisfy { $0.elementType != .float32 })
    }

    @Test(arguments: [Clipping.max, .percentile, .mse], [true, false])
    func everyOptionIsExecutable(_ clipping: Clipping, symmetric: Bool) throws {
        let (network, cases) = try NetworkBuilder.random(seed: 4)
        let step = FixedPointQuantization(
            weightBits: 6, activationBits: 8, weightScales: symmetric ? .tensor : .channel,
            symmetricActivations: symmetric, weightClipping: clipping, activationClipping: clipping, percentile: 99.9)
        let result = try apply([step], to: network, cases: cases)
        #expect(try fidelity(result, network, cases) > 20)
    }

    @Test(arguments: 1...8)
    func narrowActivationsAreExecutable(bits: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: 4)
        let step = FixedPointQuantization(activationBits: bits, activationClipping: .mse)
        let result = try apply([step], to: network, cases: cases)
        #expect(result.lowered().tensors.allSatisfy { $0.elementBits == bits })
        _ = try result.network.output(cases[0])
    }

    @Test func widthsFollowTheLayer() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 6)
        let first = network.nodes[0].name
        let steps: [any CompressionStep] = [
            SpatialDecomposition(layers: [first].selection, rank: 3),
            FixedPointQuantization(layerWeightBits: [first: 3, "logits": 5], layerActivationBits: ["logits": 12]),
        ]
        let workload = try apply(steps, to: network, cases: cases).lowered()
        #expect(workload.layers.prefix(2).map { $0.weights?.elementBits } == [3, 3])
        #expect(workload.layers.last?.weights?.elementBits == 5)
        #expect(workload.tensors.last?.elementBits == 12)
        #expect(throws: Diagnostics.self) {
            try apply([FixedPointQuantization(layerWeightBits: ["absent": 3])], to: network, cases: cases)
        }
    }

    /// `alpha` is the least-squares scale: moving it either way raises the error (methods row 26).
    @Test func binaryScaleIsTheBest() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 8)
        let result = try apply([BinaryWeights(layers: .all)], to: network, cases: cases)
        for node in network.nodes {
            guard let id = node.weights, let exact = network[id].constant?.floats,
                let binary = result.network.values.first(where: { $0.name == network[id].name }),
                let grid = result.grids[binary.name], let axis = grid.axis, let reals = binary.constant?.floats
            else { continue }
            let inner = binary.shape.extents[(axis + 1)...].reduce(1, *)
            for channel in grid.scales.indices {
                let members = reals.indices.filter { $0 / inner % binary.shape[axis] == channel }
                func error(_ factor: Float) -> Double {
                    members.reduce(0) { $0 + Double(exact[$1] - factor * reals[$1]).squared }
                }
                #expect(error(1) <= error(1.01) && error(1) <= error(0.99))
            }
        }
    }

    /// Binary weights in float and in integers with fine activations mean the same.
    @Test func binaryWeightsBecomeSignsWhenQuantized() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 8)
        let float = try apply([BinaryWeights(layers: .all)], to: network, cases: cases)
        let integer = try apply(
            [BinaryWeights(layers: .all), FixedPointQuantization(activationBits: 16)], to: network, cases: cases)
        #expect(try fidelity(integer, float.network, cases) > 1e5)
        #expect(integer.lowered().layers.compactMap(\.weights).allSatisfy { $0.isBipolar && $0.elementBits == 1 })
        #expect(float.lowered().layers.compactMap(\.weights).allSatisfy { $0.isBipolar })
    }

    @Test func integerNetworksAreRequantized() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 9)
        let int8 = try apply([FixedPointQuantization()], to: network, cases: cases)
        let plain = CompressedNetwork(int8.network)
        let nobody = CaseObserver(cases: [])
        let same = try plain.applying(FixedPointQuantization(), observing: nobody)
        #expect(try same.network.output(cases[0]) == int8.network.output(cases[0]))
        let five = try plain.applying(FixedPointQuantization(weightBits: 5), observing: nobody)
        #expect(try fidelity(five, network, cases) > 20)
        #expect(five.lowered().layers.compactMap(\.weights).allSatisfy { $0.elementBits == 5 })
        let wide = try plain.applying(FixedPointQuantization(activationBits: 12), observing: nobody)
        #expect(wide.lowered().tensors.allSatisfy { $0.elementBits == 12 })
        #expect(try fidelity(wide, network, cases) > 100)
        let binary = try plain.applying(BinaryWeights(layers: ["logits"]), observing: nobody)
        #expect(binary.lowered().layers.last?.weights?.isBipolar == true)
        let thin = try plain.applying(
            MagnitudePruning(granularity: .filter, density: 0.6), observing: nobody)
        #expect(thin.faults(file: "test").isEmpty)
        _ = try thin.network.output(cases[0])
    }

    /// A bound above 31 bits asks for 64, and the result is that of the reals.
    @Test func longSumsWidenTheAccumulator() throws {
        var builder = NetworkBuilder(input: [1, 2000], seed: 1)
        let output = try builder.fullyConnected(builder.input, outputs: 3, name: "fc")
        let network = builder.finished(output)
        let cases = [builder.sample()]
        let wide = try apply([FixedPointQuantization(weightBits: 16, activationBits: 16)], to: network, cases: cases)
        #expect(wide.network.nodes[0].accumulator.bits == 64)
        #expect(wide.history[0].remarks.contains { $0.contains("accumulator of 64") })
        #expect(try fidelity(wide, network, cases) > 1e6)
        let narrow = try apply([FixedPointQuantization()], to: network, cases: cases)
        #expect(narrow.network.nodes[0].accumulator == .int32)
    }

    /// Normalizations fold or become depthwise layers; what has no meaning on integers computes between conversions.
    @Test func normalizationsAndRealOperatorsSurvive() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 4], seed: 21)
        let stem = try builder.convolution(builder.input, outputs: 6, activation: .none)
        let folded = try builder.normalization(stem)
        let clamped = try builder.node(Rectifier(activation: .relu), [folded])
        let alone = try builder.normalization(clamped)
        let local = try builder.node(
            LocalResponseNormalization(size: 3, alpha: 0.5, beta: 0.75, bias: 1), [alone])
        let logits = try builder.fullyConnected(local, outputs: 5)
        let output = try builder.node(LogSoftmax(), [logits])
        let network = builder.finished(output)
        let cases = (0..<4).map { _ in builder.sample() }
        let integer = try apply([FixedPointQuantization(activationBits: 12)], to: network, cases: cases)
        #expect(try fidelity(integer, network, cases) > 1e3)
        let classes = integer.lowered().layers.map(\.computeClass)
        #expect(classes.contains(.depthwise))
        #expect(integer.network.nodes.filter { $0.operation is BatchNormalization }.isEmpty)
        #expect(integer.lowered().layers.filter(\.isFloat).count == 4)
    }

    @Test func missingCalibrationIsNamed() throws {
        let (network, _) = try NetworkBuilder.random(seed: 9)
        let error = #expect(throws: Diagnostics.self) {
            try apply([FixedPointQuantization()], to: network, cases: [])
        }
        #expect(error?.findings.contains { $0.message.contains("'input'") } == true)
    }
}

extension [String] {
    fileprivate var selection: LayerSelection { LayerSelection(self) }
}

extension Double {
    fileprivate var squared: Double { self * self }
}
