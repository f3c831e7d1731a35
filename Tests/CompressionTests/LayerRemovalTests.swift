import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

/// Whole layers leave by the structure of the graph.
@Suite struct LayerRemovalTests {
    /// Two residual blocks, the second with a shortcut that is cut and padded; the first branch is nearly 0.
    private static func network() throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 6, 6, 3], seed: 17)
        let stem = try builder.convolution(builder.input, outputs: 6, name: "stem")
        let inner = try builder.convolution(stem, outputs: 4, name: "inner")
        let back = try builder.convolution(inner, outputs: 6, activation: .none, name: "back")
        let sum = try builder.node(Addition(activation: .relu), [back, stem], name: "sum")
        let window = Window(strideHeight: 2, strideWidth: 2, padding: .uniform(1))
        let down = try builder.convolution(sum, outputs: 10, window: window, name: "down")
        let deep = try builder.convolution(down, outputs: 10, activation: .none, name: "deep")
        let slice = StridedSlice(starts: [0, 0, 0, 0], counts: [1, 3, 3, 6], strides: [1, 2, 2, 1])
        let cut = try builder.node(slice, [sum], name: "cut")
        let padded = try builder.node(Padding(before: [0, 0, 0, 2], after: [0, 0, 0, 2]), [cut], name: "pad")
        let total = try builder.node(Addition(activation: .relu), [deep, padded], name: "total")
        let answer = try builder.fullyConnected(total, outputs: 4, name: "fc")
        var network = builder.finished(answer)
        let id = try #require(network.nodes[2].weights)
        network[id].constant = Tensor(network[id].shape, network[id].constant?.floats.map { $0 * 1e-3 } ?? [])
        network[network.nodes[2].inputs[2]].constant = Tensor([6], [Float](repeating: 0, count: 6))
        return (network, (0..<6).map { _ in builder.sample() })
    }

    private static func apply(_ step: LayerRemoval, to network: Network, _ cases: [[Float]]) throws -> CompressedNetwork
    {
        let result = try CompressedNetwork(network).applying([step], observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").map(\.message) == [])
        return result
    }

    /// The branch that adds next to nothing leaves, and its sum with it, since the shortcut is clamped already.
    @Test func theLeastBranchLeaves() throws {
        let (network, cases) = try Self.network()
        let result = try Self.apply(LayerRemoval(), to: network, cases)
        #expect(result.network.nodes.map(\.name) == ["stem", "down", "deep", "cut", "pad", "total", "fc"])
        #expect(
            DecompositionTests.difference(try result.network.output(cases[0]), try network.output(cases[0])) < 0.02)
        #expect(result.lowered().macs == CompressedNetwork(network).lowered().macs - 36 * 9 * 6 * 4 * 2)
    }

    /// A named layer takes its branch along; with the shortcut's changes of shape it is found as well.
    @Test func namedLayersTakeTheirBranch() throws {
        let (network, cases) = try Self.network()
        let result = try Self.apply(LayerRemoval(layers: ["down"]), to: network, cases)
        #expect(result.network.nodes.map(\.name) == ["stem", "inner", "back", "sum", "cut", "pad", "total", "fc"])
        let lonely = try Self.apply(LayerRemoval(layers: ["deep"]), to: network, cases)
        #expect(!lonely.network.nodes.contains { $0.name == "deep" })
    }

    /// A chain without sums: only layers that keep their shape can leave, and no more than there are.
    @Test func shapesDecideInChains() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 3], seed: 2)
        let first = try builder.convolution(builder.input, outputs: 5, name: "first")
        let same = try builder.convolution(first, outputs: 5, name: "same")
        let answer = try builder.fullyConnected(same, outputs: 2, name: "fc")
        let network = builder.finished(answer)
        let cases = [builder.sample(), builder.sample()]
        let result = try Self.apply(LayerRemoval(), to: network, cases)
        #expect(result.network.nodes.map(\.name) == ["first", "fc"])
        #expect(throws: Diagnostics.self) { try Self.apply(LayerRemoval(layers: ["first"]), to: network, cases) }
        let error = #expect(throws: Diagnostics.self) { try Self.apply(LayerRemoval(count: 2), to: network, cases) }
        #expect(error?.findings.first?.message.contains("only 1 of 2") == true)
    }

    /// Two towers that do not come from one value are no branch and shortcut.
    @Test func towersStay() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 3], seed: 2)
        let other = builder.network.append(Value(name: "other", shape: [1, 4, 4, 3], elementType: .float32))
        builder.network.inputs.append(other)
        let left = try builder.convolution(builder.input, outputs: 5, name: "left")
        let right = try builder.convolution(other, outputs: 5, name: "right")
        let sum = try builder.node(Addition(), [left, right])
        let answer = try builder.fullyConnected(sum, outputs: 2, name: "fc")
        let network = builder.finished(answer)
        #expect(throws: Diagnostics.self) { try Self.apply(LayerRemoval(layers: ["left"]), to: network, []) }
    }
}
