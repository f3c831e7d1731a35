import Compression
import Networks
import Tensors
import Testing
import Workloads

@Suite struct NonzeroStructureTests {
    private func structure(_ network: Network, _ weights: Tensor) throws -> NonzeroStructure {
        var network = network
        let id = try #require(network.nodes[0].weights)
        network[id].constant = weights
        return try #require(CompressedNetwork(network).lowered().layers[0].weights?.nonzeros)
    }

    @Test func countsEachOutputOfAFullyConnectedLayer() throws {
        var builder = NetworkBuilder(input: [1, 6], seed: 1)
        let output = try builder.fullyConnected(builder.input, outputs: 3, name: "fc")
        let found = try structure(
            builder.finished(output), Tensor([3, 6], [1, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1]))
        #expect(found.perOutput == [3, 0, 5])
        // Blocks of two: (1 0) (0 2) (3 0) and (1 1) (0 1) (1 1); of four from the first element on.
        #expect(found.fullestBlocks == [2, 3, 5, 5])
        #expect(found.keeps(2, inEvery: 4) == false && found.keeps(3, inEvery: 4) && !found.keeps(4, inEvery: 5))
        #expect(found.setBits == nil)
    }

    @Test func countsTheLastAxisOfADepthwiseLayer() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 2], seed: 1)
        let output = try builder.depthwise(builder.input)
        let values = (0..<18).map { Float($0 % 2 == 0 ? 1 : $0 % 6 == 1 ? 2 : 0) }
        let found = try structure(builder.finished(output), Tensor([1, 3, 3, 2], values))
        #expect(found.perOutput == [9, 3])
    }

    /// Magnitudes of 8-bit weights: their set bits are those of their integers.
    @Test func countsSetBitsOfIntegers() throws {
        var builder = NetworkBuilder(input: [1, 4], seed: 1)
        let output = try builder.fullyConnected(builder.input, outputs: 1, name: "fc")
        var network = builder.finished(output)
        let id = try #require(network.nodes[0].weights)
        network[id].elementType = .int8
        let found = try structure(network, Tensor(shape: [1, 4], elements: .int8([-128, 3, -3, 0])))
        #expect(found.setBits == 1 + 2 + 2)
        #expect(found.perOutput == [3])
    }
}
