import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct ReconstructionTests {
    private func apply(
        _ steps: [any CompressionStep], to network: Network, cases: [[Float]]
    ) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").map(\.message) == [])
        return result
    }

    /// Signal over error of all cases' outputs.
    private func fidelity(_ compressed: CompressedNetwork, _ network: Network, _ cases: [[Float]]) throws -> Double {
        var (signal, noise) = (0.0, 0.0)
        for sample in cases {
            for (left, right) in zip(try network.output(sample), try compressed.network.output(sample)) {
                signal += Double(left * left)
                noise += Double((left - right) * (left - right))
            }
        }
        return noise == 0 ? .infinity : signal / noise
    }

    private func network(_ seed: UInt64) throws -> (network: Network, cases: [[Float]]) {
        var (network, cases) = try NetworkBuilder.random(seed: seed, normalizes: true)
        var builder = NetworkBuilder(input: [1, 6, 6, 3], seed: seed + 50)
        cases += (0..<18).map { _ in builder.sample() }
        network.name = "random"
        return (network, cases)
    }

    /// Every layer alone answers the calibration cases better than with nearest rounding of the same width.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func eachLayerIsBetterThanNearest(seed: UInt64) throws {
        let (network, cases) = try network(seed)
        let fine = try apply([FixedPointQuantization(weightBits: 16, activationBits: 12)], to: network, cases: cases)
        let observer = CaseObserver(cases: cases)
        for node in fine.network.nodes where node.weights != nil {
            let layers = LayerSelection([node.name])
            func error(_ step: any CompressionStep) throws -> Double {
                let result = try fine.applying(step, observing: observer)
                var sum = 0.0
                for sample in cases {
                    let (exact, got) = (try fine.network.evaluate([sample]), try result.network.evaluate([sample]))
                    guard let left = exact[node.outputs[0]]?.integers else { continue }
                    let value = try #require(
                        result.network.values.firstIndex { $0.name == fine.network[node.outputs[0]].name })
                    for (a, b) in zip(left, got[ValueID(value)]?.integers ?? []) { sum += Double((a - b) * (a - b)) }
                }
                return sum
            }
            let nearest = try error(FixedPointQuantization(layers: layers, weightBits: 3))
            let rounded = try error(ReconstructedRounding(layers: layers, weightBits: 3))
            #expect(rounded < nearest, "\(node.name): \(rounded) against \(nearest)")
        }
    }

    /// Float first or integers first: both end at integers of the width asked for, better than nearest.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func orderIsFree(seed: UInt64) throws {
        let (network, cases) = try network(seed)
        let plain = try apply([FixedPointQuantization(weightBits: 4, activationBits: 10)], to: network, cases: cases)
        let last = try apply(
            [FixedPointQuantization(weightBits: 16, activationBits: 10), ReconstructedRounding()], to: network,
            cases: cases)
        let first = try apply(
            [ReconstructedRounding(), FixedPointQuantization(activationBits: 10)], to: network, cases: cases)
        for compressed in [first, last] {
            #expect(compressed.lowered().layers.compactMap(\.weights).allSatisfy { $0.elementBits == 4 })
            #expect(try fidelity(compressed, network, cases) > fidelity(plain, network, cases))
        }
    }

    /// Zeros of a pruned layer stay, and pruning before costs nothing in width.
    @Test func zerosStay() throws {
        let (network, cases) = try network(3)
        let result = try apply(
            [MagnitudePruning(density: 0.4), FixedPointQuantization(), ReconstructedRounding(), StorageCoding()],
            to: network, cases: cases)
        #expect(result.lowered().layers.compactMap(\.weights).allSatisfy { $0.density <= 0.5 && $0.elementBits == 4 })
    }

    /// Integers of shifted groups are exact, and their size is width, two bits a group and nothing else.
    @Test(arguments: [2, 5, 64])
    func groupsAreShifts(size: Int) throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 3], seed: 7)
        let image = try builder.convolution(builder.input, outputs: 5, name: "image")
        let logits = try builder.fullyConnected(image, outputs: 4, name: "logits")
        var network = builder.finished(logits)
        let id = network.nodes[0].inputs[1]
        let uneven = (network[id].constant?.floats ?? []).enumerated().map { $1 * ($0 % 27 < 9 ? 1 : 0.15) }
        network[id].constant = Tensor(network[id].shape, uneven)
        let cases = (0..<30).map { _ in builder.sample() }
        let fine = FixedPointQuantization(weightBits: 16, activationBits: 12)
        let grouped = try apply([fine, ReconstructedRounding(groupSize: size)], to: network, cases: cases)
        for (layer, row) in zip(grouped.lowered().layers, [27, 180]) {
            let weights = try #require(layer.weights)
            let groups = (row + size - 1) / size * (weights.elements / row)
            #expect(weights.encodedSize.count == 4 * weights.elements + 2 * groups && weights.elementBits == 7)
        }
        let again = try CompressedNetworkFiles(grouped).compressedNetwork(folder: "test")
        #expect(again.compositions == grouped.compositions && again.compositions.count == 2)
        #expect(throws: Diagnostics.self) {
            try apply([ReconstructedRounding(groupSize: 4)], to: network, cases: cases)
        }
    }

    @Test func hostilePartsAreRefused() throws {
        let shape: Shape = [2, 6]
        func elements(_ size: Int, _ integers: [UInt32], _ shifts: [UInt32]) throws -> [Float] {
            try WeightComposition(
                .shiftedGroups(ShiftedGroups(size: size)),
                parts: [
                    StoredPart("integers", patterns: integers, width: 4),
                    StoredPart("shifts", patterns: shifts, width: 8),
                ]
            ).elements(shape: shape)
        }
        let integers: [UInt32] = [1, 15, 7, 8, 0, 2, 1, 1, 1, 1, 1, 1]
        #expect(try elements(4, integers, [0, 3, 1, 2]) == [1, -1, 7, -8, 0, 16, 2, 2, 2, 2, 4, 4])
        #expect(throws: Diagnostic.self) { try elements(0, integers, [0, 0, 0, 0]) }
        #expect(throws: Diagnostic.self) { try elements(4, integers, [0, 0, 0]) }
        #expect(throws: Diagnostic.self) { try elements(4, integers, [0, 0, 0, 200]) }
        #expect(throws: Diagnostic.self) { try elements(4, [1], [0]) }
    }

    @Test func badInputIsRefused() throws {
        let (network, cases) = try network(2)
        let observer = CaseObserver(cases: cases)
        let four = try apply([FixedPointQuantization(weightBits: 4)], to: network, cases: cases)
        let error = #expect(throws: Diagnostics.self) {
            try four.applying(ReconstructedRounding(layers: ["logits"]), observing: observer)
        }
        #expect(error?.findings.first?.message.contains("4 bits already") == true)
        #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(ReconstructedRounding(), observing: ActivationStatistics())
        }
        #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(ReconstructedRounding(weightBits: 1), observing: observer)
        }
        // Inputs that never vary leave a curvature of zeros: weights stay near their own.
        let still = CaseObserver(cases: [[Float](repeating: 0, count: 108)])
        let result = try CompressedNetwork(network).applying(ReconstructedRounding(), observing: still)
        #expect(result.faults(file: "test").isEmpty)
    }
}
