import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct CirculantProjectionTests {
    @Test(arguments: [1, 2, 7, 16, 45])
    func fourierEqualsTheDenseMatrix(size: Int) {
        var generator = SplitMix64(seed: UInt64(size))
        let matrix = CirculantMatrix(orthogonalOf: size, using: &generator)
        let rows = Matrix(rows: 3, columns: size) { _, _ in Double(Int(generator.next() % 2001) - 1000) / 1000 }
        let (fast, slow) = (matrix.times(rows: rows), rows.times(matrix.dense.transposed))
        #expect(zip(fast.elements, slow.elements).allSatisfy { abs($0 - $1) < 1e-12 })
        let lengths = [rows, fast].map(\.squaredNorm)
        #expect(abs(lengths[0] - lengths[1]) < 1e-12 * lengths[0])
    }

    /// With all maps kept the projection can be undone, so the layer's responses stay.
    @Test func everythingKeptLosesNothing() throws {
        let (network, cases) = try RewriteTests.network()
        let result = try RewriteTests.apply(
            [CirculantProjection(layers: ["second"], keep: 1)], to: network, cases: cases)
        #expect(try RewriteTests.error(of: "second", in: result.network, against: network, cases: cases) < 1e-9)
    }

    /// What is alive while the layer runs falls by the ratio; the projection is stored as one column and signs.
    @Test func liveMemoryFallsByTheRatio() throws {
        var builder = NetworkBuilder(input: [1, 8, 8, 3], seed: 8)
        let wide = try builder.convolution(builder.input, outputs: 16, name: "wide")
        let layer = try builder.convolution(wide, outputs: 16, name: "layer")
        let narrow = try builder.convolution(layer, outputs: 2, name: "narrow")
        let logits = try builder.fullyConnected(narrow, outputs: 4, name: "logits")
        let cases = (0..<20).map { _ in builder.sample() }
        let network = builder.finished(logits)
        let result = try RewriteTests.apply(
            [CirculantProjection(layers: ["layer"], keep: 0.25)], to: network, cases: cases)
        let workload = result.lowered()
        let reader = try #require(workload.layers.first { $0.name == "layer" })
        #expect(workload.tensors[reader.inputs[0]].shape == [1, 8, 8, 4])
        #expect(reader.macs * 4 == CompressedNetwork(network).lowered().layers[1].macs)
        let pixels = 8 * 8 * 4
        #expect(NetworkSummary(network).totals.peakActivationBytes == pixels * (16 + 16))
        #expect(NetworkSummary(result.network).totals.peakActivationBytes == pixels * (16 + 4))
        let projection = try #require(workload.layers.first { $0.name == "layer.1" }?.weights)
        #expect(projection.storage == .composed && projection.encodedSize.count == 16 * 32 + 16)
        let copy = try CompressedNetworkFiles(result).compressedNetwork(folder: "f")
        #expect(copy.compositions == result.compositions && copy.compositions.count == 1)
    }

    /// The best of many draws keeps distances at least as well as one; filters refitted beat filters merely projected back.
    @Test func drawsAreChosenAndFiltersRefitted() throws {
        let (network, cases) = try RewriteTests.network()
        let step = CirculantProjection(layers: ["second"], keep: 0.5)
        let result = try RewriteTests.apply([step], to: network, cases: cases)
        let error = try RewriteTests.error(of: "second", in: result.network, against: network, cases: cases)
        var naive = result.network
        let (first, second) = (naive.nodes[1], naive.nodes[2])
        let rows = try #require(naive[first.inputs[1]].constant?.floats)
        let weights = try #require(network[network.nodes[1].inputs[1]].constant?.floats)
        let back = (0..<6 * 9 * 4).map { place -> Float in
            var sum: Float = 0
            for channel in 0..<8 { sum += weights[place / 4 * 8 + channel] * rows[place % 4 * 8 + channel] }
            return sum / 2
        }
        naive[second.inputs[1]].constant = Tensor([6, 3, 3, 4], back)
        naive[second.inputs[2]].constant = network[network.nodes[1].inputs[2]].constant
        let worse = try RewriteTests.error(of: "second", in: naive, against: network, cases: cases)
        #expect(error < worse)
        var generator = SplitMix64(seed: 1)
        let pixels = Matrix(rows: 40, columns: 8) { _, _ in Double(generator.next() % 100) / 100 }
        var draws = SplitMix64(seed: 0)
        let distortions = (0..<20).map { _ in SignedCirculant(size: 8, kept: 4, using: &draws).distortion(of: pixels) }
        #expect(distortions.allSatisfy { $0 >= 0 && $0 < 1 } && Set(distortions).count > 1)
        #expect(SignedCirculant(size: 8, kept: 8, using: &draws).distortion(of: pixels) < 1e-12)
    }

    @Test func unsuitableLayersAreRefused() throws {
        let (network, cases) = try RewriteTests.network()
        for step in [
            CirculantProjection(layers: ["logits"]), CirculantProjection(layers: ["second"], keep: 0),
            CirculantProjection(layers: ["second"], draws: 0),
        ] {
            #expect(throws: Diagnostics.self) { try RewriteTests.apply([step], to: network, cases: cases) }
        }
        #expect(throws: Diagnostics.self) {
            try RewriteTests.apply([CirculantProjection(layers: ["second"])], to: network, cases: [])
        }
    }
}
