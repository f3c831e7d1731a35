import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Every kernel of every instruction set against the definitions, on layers drawn at random.
@Suite struct KernelEqualityTests {
    static let selections = KernelSelection.allCases.filter { $0 != .reference && $0.isAvailable }

    @Test(arguments: 0..<8) func integerLayersEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(seed))
        for _ in 0..<40 {
            let network = source.integerLayer()
            try expectEqual(network, inputs: source.inputs(of: network))
        }
    }

    @Test(arguments: 0..<4) func realLayersEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(100 + seed))
        for _ in 0..<40 {
            let network = source.realLayer()
            try expectEqual(network, inputs: source.inputs(of: network))
        }
    }

    @Test(arguments: 0..<4) func pairsAndPoolsEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(200 + seed))
        for _ in 0..<40 {
            let sum = source.sumLayer()
            try expectEqual(sum, inputs: source.inputs(of: sum))
            let mean = source.meanLayer()
            try expectEqual(mean, inputs: source.inputs(of: mean))
            let pool = source.poolLayer()
            try expectEqual(pool, inputs: source.inputs(of: pool))
        }
    }

    @Test(arguments: 0..<4) func mapsAndTransposesEqualTheirDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(400 + seed))
        for _ in 0..<40 {
            let transpose = source.transposeLayer()
            try expectEqual(transpose, inputs: source.inputs(of: transpose))
            let map = source.mapLayer()
            try expectEqual(map, inputs: source.inputs(of: map))
        }
    }

    private func expectEqual(_ network: Network, inputs: [Tensor]) throws {
        let expected = try Interpreter(network, kernels: .reference).run(inputs)
        for selection in Self.selections {
            let outputs = try Interpreter(network, kernels: selection).run(inputs)
            let equal = zip(outputs, expected).allSatisfy { $0.littleEndianBytes == $1.littleEndianBytes }
            #expect(equal, "\(selection): \(network.name), \(network.nodes[0])")
        }
    }
}
