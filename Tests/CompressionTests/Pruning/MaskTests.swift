import Compression
import Diagnostics
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct MaskTests {
    static let shape: Shape = [3, 3, 3, 3]

    /// One tensor of three filters of 3x3x3, five granularities (methods section 1a, Fig. 5).
    @Test func everyGranularityCountsItsGroups() {
        let counts: [Granularity: Int] = [.weight: 81, .vector: 27, .kernel: 9, .column: 27, .filter: 3]
        for (granularity, count) in counts {
            let groups = WeightGroups(shape: Self.shape, computeClass: .convolution, granularity: granularity)
            #expect(groups.count == count && groups.count * groups.offsets.count == 81)
        }
    }

    /// Groups of every granularity part the tensor: each element belongs to exactly one.
    @Test(arguments: Granularity.allCases, [ComputeClass.convolution, .depthwise, .fullyConnected])
    func groupsPartTheTensor(_ granularity: Granularity, _ computeClass: ComputeClass) {
        let shapes: [Shape] =
            switch computeClass {
            case .fullyConnected: [[8, 16], [5, 7]]
            case .depthwise: [[1, 3, 3, 8]]
            default: [[8, 3, 2, 8], [6, 3, 3, 5], [16, 1, 1, 24]]
            }
        for shape in shapes {
            let groups = WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
            let places = (0..<groups.count).flatMap { group in groups.offsets.map { groups.start(of: group) + $0 } }
            #expect(places.sorted() == Array(0..<shape.elementCount))
        }
    }

    /// A column is one place of the kernels of one input over all outputs; a block holds neighbouring outputs and inputs.
    @Test func columnsAndBlocksLieWhereTheyShould() {
        let columns = WeightGroups(shape: Self.shape, computeClass: .convolution, granularity: .column)
        #expect(columns.offsets == [0, 27, 54] && (0..<27).map(columns.start).elementsEqual(0..<27))
        let blocks = WeightGroups(shape: [8, 8], computeClass: .fullyConnected, granularity: .block4x4)
        #expect((0..<4).map(blocks.start) == [0, 4, 32, 36])
        #expect(blocks.offsets == [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27])
    }

    private func network(_ inputs: Int, _ outputs: Int, weights: [Float]? = nil) throws -> Network {
        var builder = NetworkBuilder(input: [1, inputs], seed: 5)
        let output = try builder.fullyConnected(builder.input, outputs: outputs, name: "fc")
        var network = builder.finished(output)
        if let weights, let id = network.nodes[0].weights {
            network[id].constant = Tensor([outputs, inputs], weights)
        }
        return network
    }

    private func applying(_ steps: [any CompressionStep], to network: Network) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: []))
        #expect(result.faults(file: "test").isEmpty)
        return result
    }

    /// Normal weights, `abs(w) < q std`: sparsity 2 Phi(q) - 1 = erf(q / sqrt 2) (methods row 4).
    @Test(arguments: [0.25, 0.5, 1, 1.5])
    func thresholdDropsTheNormalShare(_ threshold: Double) throws {
        var generator = SplitMix(seed: 11)
        func uniform() -> Double { Double(generator.signed()) / 2 + 0.5 }
        let weights = (0..<40_000).map { _ in
            Float(0.03 * (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()))
        }
        let result = try applying([MagnitudePruning(threshold: threshold)], to: network(200, 200, weights: weights))
        let density = try #require(result.lowered().layers[0].weights?.density)
        // Four standard deviations of a share of 40 000.
        #expect(abs(1 - density - erf(threshold / 2.0.squareRoot())) < 0.01)
    }

    /// One quota for two layers takes more from the one with the smaller weights, and leaves each something.
    @Test func networkQuotaIsShared() throws {
        var builder = NetworkBuilder(input: [1, 16], seed: 3)
        let hidden = try builder.fullyConnected(builder.input, outputs: 16, activation: .relu, name: "small")
        let output = try builder.fullyConnected(hidden, outputs: 16, name: "large")
        var network = builder.finished(output)
        let id = try #require(network.nodes[0].weights)
        network[id].constant = network[id].constant.map { Tensor($0.shape, $0.floats.map { $0 / 1000 }) }
        let counts = try applying([MagnitudePruning(density: 0.5, quota: .network)], to: network).lowered().layers
            .map { $0.weights?.nonzeroElements }
        #expect(counts == [1, 256])
        let even = try applying([MagnitudePruning(density: 0.5)], to: network).lowered().layers
        #expect(even.map { $0.weights?.nonzeroElements } == [128, 128])
        #expect(throws: Diagnostics.self) {
            try applying([MagnitudePruning(granularity: .filter, quota: .network)], to: network)
        }
    }

    /// At equal sparsity the coarse form is smaller by exactly the indices it saves, for columns and blocks too (row 10).
    @Test(arguments: [Granularity.column, .block4x1, .block1x4, .block4x4, .block8x8])
    func coarseStorageSavesExactlyTheIndices(_ granularity: Granularity) throws {
        let network = try network(16, 16)
        let fine = try applying([MagnitudePruning(density: 0.5), StorageCoding(coding: .bitmap)], to: network)
        let coarse = try applying(
            [MagnitudePruning(granularity: granularity, density: 0.5), StorageCoding(coding: .bitmap)], to: network)
        let groups = WeightGroups(shape: [16, 16], computeClass: .fullyConnected, granularity: granularity)
        let (small, large) = (coarse.lowered().layers[0].weights, fine.lowered().layers[0].weights)
        #expect(small?.encodedSize.count == groups.count + 128 * 32 && large?.encodedSize.count == 256 + 128 * 32)
        #expect(small?.zeroStructure == granularity.zeroStructure && small?.nonzeroElements == 128)
    }

    @Test func blocksThatDoNotTileAreRefused() throws {
        let step = MagnitudePruning(layers: ["fc"], granularity: .block4x4)
        let error = #expect(throws: Diagnostics.self) { try applying([step], to: network(10, 8)) }
        #expect(error?.findings.first?.message.contains("do not tile weights of 8x10") == true)
    }

    /// Machines for structured sparsity see that the pattern holds, in float and in integers, after other steps too.
    @Test(arguments: NeighbourPattern.allCases)
    func patternsHoldForMachines(_ pattern: NeighbourPattern) throws {
        var builder = NetworkBuilder(input: [1, 6, 6, 5], seed: 6)
        let image = try builder.convolution(builder.input, outputs: 8)
        let output = try builder.depthwise(image)
        let network = builder.finished(output)
        let observer = CaseObserver(cases: [builder.sample()])
        let step = NMSparsity(pattern: pattern)
        for steps in [[step], [step, FixedPointQuantization()], [FixedPointQuantization(), step]]
            as [[any CompressionStep]]
        {
            let result = try CompressedNetwork(network).applying(steps, observing: observer)
            for layer in result.lowered().layers {
                let nonzeros = try #require(layer.weights?.nonzeros)
                #expect(nonzeros.keeps(pattern.kept, inEvery: pattern.size))
                #expect(steps.count > 1 || !nonzeros.keeps(pattern.kept - 1, inEvery: pattern.size))
            }
        }
    }

    @Test func patternKeepsTheLargestOfEveryBlock() {
        let filters = WeightGroups(shape: [2, 6], computeClass: .fullyConnected, granularity: .filter)
        let mask = NeighbourPattern.twoOfFour.mask(of: [1, -4, 2, 3, 9, 0, 1, 1, 1, 1, 0, 5], filters: filters)
        #expect(mask.keeps.map { $0 ? 1 : 0 } == [0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1])
        #expect(mask.keptCount == 8)
    }
}
