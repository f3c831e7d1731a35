import Compression
import Foundation
import Networks
import Tensors
import Testing

extension SplitMix {
    /// A number of the normal distribution (Box and Muller).
    mutating func normal() -> Double {
        let (first, second) = (Double(next() >> 11) + 1, Double(next() >> 11))
        return (-2 * log(first * 0x1p-53)).squareRoot() * cos(2 * Double.pi * second * 0x1p-53)
    }

    mutating func matrix(_ rows: Int, _ columns: Int, scale: Double = 1) -> Matrix {
        Matrix(rows: rows, columns: columns) { _, _ in normal() * scale }
    }
}

@Suite struct VariationalRankTests {
    private static func planted(_ rank: Int, deviation: Double, seed: UInt64) -> Matrix {
        var generator = SplitMix(seed: seed)
        let left = generator.matrix(128, rank)
        let right = generator.matrix(rank, 1152)
        let noise = generator.matrix(128, 1152, scale: deviation)
        let signal = left.times(right)
        return Matrix(rows: 128, columns: 1152) { signal[$0, $1] + noise[$0, $1] }
    }

    @Test(arguments: [5, 8, 12, 20])
    func plantedRanksAreFound(rank: Int) throws {
        for seed in 0..<3 {
            let found = try VariationalRank(of: Self.planted(rank, deviation: 1.5, seed: UInt64(seed)))
            #expect(found.rank == rank)
            #expect(abs(found.noiseVariance.squareRoot() / 1.5 - 1) < 0.01)
        }
    }

    @Test func noiseHasNoRank() throws {
        for seed in 0..<10 {
            var generator = SplitMix(seed: UInt64(seed))
            let found = try VariationalRank(of: generator.matrix(40, 300, scale: 0.3))
            #expect(found.rank == 0)
            #expect(abs(found.noiseVariance.squareRoot() / 0.3 - 1) < 0.01)
        }
    }

    /// With shrunk singular values the product comes nearer to the signal than with those of the noisy matrix.
    @Test func shrinkingIsNearerToTheSignal() throws {
        let (noisy, signal) = (Self.planted(5, deviation: 4, seed: 7), Self.planted(5, deviation: 0, seed: 7))
        let parts = try SingularValueDecomposition(noisy)
        let found = try VariationalRank(of: noisy)
        #expect(found.rank == 5)
        func error(_ values: [Double]) -> Double {
            let scaled = Matrix(rows: parts.left.rows, columns: 5) { parts.left[$0, $1] * values[$1] }
            let right = Matrix(rows: 5, columns: parts.right.columns) { parts.right[$0, $1] }
            return zip(scaled.times(right).elements, signal.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(error(found.values) < error(Array(parts.values.prefix(5))))
        #expect(try VariationalRank(of: noisy.transposed).rank == 5)
    }

    /// The source's approximation of the threshold, exact for squares.
    @Test func thresholdIsNearItsApproximation() {
        #expect(abs(VariationalRank.threshold(1) - 2.5129) < 1e-4)
        for ratio in [0.02, 0.1, 0.3, 0.6] {
            #expect(abs(VariationalRank.threshold(ratio) / (2.5129 * ratio.squareRoot()) - 1) < 0.1)
        }
    }

    @Test func limitsAreNumbers() throws {
        #expect(VariationalRank(singularValues: [0, 0], rows: 2, columns: 5).rank == 0)
        #expect(try VariationalRank(of: Self.planted(5, deviation: 0, seed: 3)).rank == 5)
        #expect(VariationalRank(singularValues: [3], rows: 1, columns: 9).noiseVariance.isFinite)
    }

    @Test func ranksComeFromTheWeights() throws {
        var builder = NetworkBuilder(input: [1, 8, 8, 24], seed: 4)
        let image = try builder.convolution(builder.input, outputs: 32, activation: .none, name: "conv")
        let flat = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [image])
        builder.network.outputs = [try builder.fullyConnected(flat, outputs: 40, name: "fc")]
        var network = builder.network
        var generator = SplitMix(seed: 8)
        func plant(_ layer: Int, _ shape: Shape, _ elements: [Double]) {
            network[network.nodes[layer].inputs[1]].constant = Tensor(shape, elements.map(Float.init))
        }
        let (left, core, right) = (
            generator.matrix(32, 6), generator.matrix(6 * 9, 5), generator.matrix(5, 24)
        )
        let inner = Matrix(rows: 6, columns: 9 * 24, elements: core.times(right).elements)
        let noise = generator.matrix(32, 9 * 24, scale: 0.5)
        plant(0, [32, 3, 3, 24], zip(left.times(inner).elements, noise.elements).map { $0 + $1 })
        let dense = generator.matrix(40, 4).times(generator.matrix(4, 32))
        let grain = generator.matrix(40, 32, scale: 0.1)
        plant(2, [40, 32], zip(dense.elements, grain.elements).map { $0 + $1 })
        let result = try CompressedNetwork(network).applying(
            [TuckerDecomposition(layers: ["conv"], ranks: .evbmf), FullyConnectedSVD(layers: ["fc"], ranks: .evbmf)],
            observing: CaseObserver(cases: []))
        #expect(result.history[0].remarks == ["layer 'conv': ranks 5 and 6 stand above the noise"])
        #expect(result.history[1].remarks == ["layer 'fc': rank 4 of 32 stands above the noise"])
        #expect(result.network.nodes.map(\.name) == ["conv.1", "conv.2", "conv", "layer1", "fc.1", "fc"])
    }
}
