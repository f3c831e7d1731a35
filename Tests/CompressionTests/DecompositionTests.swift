import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

@Suite struct DecompositionTests {
    static func difference(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// One convolution with unequal strides, dilation and padding, then a classifier.
    static func network(groups: Int = 1) throws -> (Network, [Float]) {
        var builder = NetworkBuilder(input: [1, 9, 8, 4], seed: 11)
        let window = Window(
            strideHeight: 2, strideWidth: 1, dilationHeight: 1, dilationWidth: 2,
            padding: .init(top: 1, left: 2, bottom: 0, right: 3))
        let image = try builder.convolution(
            builder.input, outputs: 6, kernel: (3, 2), window: window, groups: groups, name: "conv")
        let logits = try builder.fullyConnected(image, outputs: 10, name: "fc")
        let sample = builder.sample()
        return (builder.finished(logits), sample)
    }

    static func apply(_ step: any CompressionStep, to network: Network) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying([step], observing: CaseObserver(cases: []))
        #expect(result.faults(file: "test").isEmpty)
        return result
    }

    @Test(arguments: [1, 2])
    func spatialIsExactAtFullRank(groups: Int) throws {
        let (network, sample) = try Self.network(groups: groups)
        let full = try #require(SpatialDecomposition.fullRank(of: "conv", in: network))
        #expect(full == min(3 * 4 / groups, 2 * 6 / groups))
        let result = try Self.apply(SpatialDecomposition(layers: ["conv"], rank: full), to: network)
        #expect(result.network.nodes.map(\.name) == ["conv.1", "conv", "fc"])
        #expect(Self.difference(try result.network.output(sample), try network.output(sample)) < 1e-5)
    }

    @Test func tuckerIsExactAtFullRank() throws {
        let (network, sample) = try Self.network()
        let full = try #require(TuckerDecomposition.fullRank(of: "conv", in: network))
        let step = TuckerDecomposition(layers: ["conv"], inputRank: full.input, outputRank: full.output)
        let result = try Self.apply(step, to: network)
        #expect(Self.difference(try result.network.output(sample), try network.output(sample)) < 1e-5)
        #expect(result.origin(of: "conv.1") == "conv")
    }

    @Test func singularValuesAreExactAtFullRank() throws {
        let (network, sample) = try Self.network()
        let full = try #require(FullyConnectedSVD.fullRank(of: "fc", in: network))
        let result = try Self.apply(FullyConnectedSVD(layers: ["fc"], rank: full), to: network)
        #expect(Self.difference(try result.network.output(sample), try network.output(sample)) < 1e-5)
    }

    /// Weights and multiplications follow the formulas of the sources.
    @Test func costsFollowTheFormulas() throws {
        let (network, _) = try Self.network()
        let spatial = try Self.apply(SpatialDecomposition(layers: ["conv"], rank: 5), to: network).lowered()
        #expect(spatial.layers[0].weights?.elements == 5 * 3 * 4)
        #expect(spatial.layers[1].weights?.elements == 5 * 2 * 6)
        let (height, width) = (4, 11)
        #expect(spatial.layers[0].macs == 5 * 3 * 4 * height * 8)
        #expect(spatial.layers[1].macs == 5 * 2 * 6 * height * width)
        let tucker = try Self.apply(
            TuckerDecomposition(layers: ["conv"], inputRank: 3, outputRank: 2), to: network
        ).lowered()
        #expect(tucker.layers.prefix(3).map { $0.weights?.elements } == [4 * 3, 6 * 3 * 2, 6 * 2])
        let svd = try Self.apply(FullyConnectedSVD(layers: ["fc"], rank: 3), to: network).lowered()
        #expect(svd.layers[1].macs == 3 * 6 * height * width)
        #expect(svd.layers[2].macs == 3 * 10)
    }

    /// A smaller rank never fits better (Eckart and Young for the matrix factorizations).
    @Test func errorFallsWithRank() throws {
        let (network, sample) = try Self.network()
        let exact = try network.output(sample)
        for make in [
            { SpatialDecomposition(layers: ["conv"], rank: $0) as any CompressionStep },
            { FullyConnectedSVD(layers: ["fc"], rank: $0) as any CompressionStep },
        ] {
            let errors = try [1, 9].map {
                Self.difference(try Self.apply(make($0), to: network).network.output(sample), exact)
            }
            #expect(errors[1] < errors[0])
        }
    }

    @Test func ranksOutOfRangeAreRefusedWithTheLayer() throws {
        let (network, _) = try Self.network()
        let steps: [any CompressionStep] = [
            SpatialDecomposition(layers: ["conv"], rank: 13), SpatialDecomposition(layers: ["conv"], rank: 0),
            SpatialDecomposition(layers: ["conv"]), SpatialDecomposition(layers: ["fc"], rank: 1),
            FullyConnectedSVD(layers: ["fc"], rank: 11), FullyConnectedSVD(layers: ["fc"], rank: 2, fraction: 0.5),
            TuckerDecomposition(layers: ["conv"], inputRank: 5, outputRank: 2),
            TuckerDecomposition(layers: ["conv"], inputRank: 4, outputRank: 0),
            FullyConnectedSVD(layers: ["nothing"], rank: 2),
        ]
        for step in steps {
            let error = #expect(throws: Diagnostics.self) { try Self.apply(step, to: network) }
            #expect(error?.findings.isEmpty == false)
        }
    }
}
