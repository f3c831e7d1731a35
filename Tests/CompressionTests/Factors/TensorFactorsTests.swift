import Compression
import Networks
import Tensors
import Testing
import Workloads

@Suite struct TensorFactorsTests {
    private static func weights(seed: UInt64) -> Tensor {
        var generator = SplitMix(seed: seed)
        return Tensor([12, 3, 3, 10], (0..<12 * 9 * 10).map { _ in generator.signed() })
    }

    /// Iteration starts from the truncated singular vectors and never leaves more than they do.
    @Test func iterationIsNeverWorseThanSingularVectors() throws {
        for seed in 0..<5 {
            let errors = try [0, 1, 5].map {
                try TuckerFactors(Self.weights(seed: UInt64(seed)), inputRank: 4, outputRank: 5, iterations: $0)
                    .squaredError
            }
            #expect(errors[1] < errors[0] && errors[2] <= errors[1] + 1e-9)
        }
    }

    /// Compression `d^2 S T / (S R3 + d^2 R3 R4 + T R4)` and speed with the sizes of the images, exactly.
    @Test func tuckerCostsFollowTheFormulas() throws {
        let (network, cases) = try FactorFitTests.sample()
        let step = TuckerDecomposition(layers: ["conv"], inputRank: 3, outputRank: 2)
        let workload = try FactorFitTests.apply(step, to: network, cases).lowered()
        #expect(workload.weightCount == 4 * 3 + 9 * 3 * 2 + 8 * 2)
        #expect(workload.macs == 4 * 3 * 42 + 9 * 3 * 2 * 24 + 8 * 2 * 24)
    }

    @Test(arguments: [1, 3, 6])
    func plantedTermsAreFound(rank: Int) throws {
        var generator = SplitMix(seed: UInt64(rank))
        let extents = [8, 3, 3, 7]
        let planted = extents.map { generator.matrix($0, rank) }
        let elements = (0..<extents.reduce(1, *)).map { place in
            let index = [place / 63, place / 21 % 3, place / 7 % 3, place % 7]
            return (0..<rank).reduce(0.0) { sum, term in
                sum + (0..<4).reduce(1.0) { $0 * planted[$1][index[$1], term] }
            }
        }
        let found = try CanonicalPolyadic(elements, extents: extents, rank: rank, iterations: 2000)
        #expect(found.relativeError < 1e-6)
        #expect(!found.isRegularized)
        if rank > 1 {
            let fewer = try CanonicalPolyadic(elements, extents: extents, rank: rank - 1, iterations: 200)
            #expect(fewer.relativeError > 1e-3)
        }
    }

    /// A tensor of rank 3 to which two terms come as near as one likes, growing without bound.
    @Test func degenerateTermsAreHeldDown() throws {
        let (a, b) = ([1.0, 0.2], [0.1, 1.0])
        let elements = (0..<8).map { place in
            let (i, j, k) = (place / 4, place / 2 % 2, place % 2)
            return a[i] * a[j] * b[k] + a[i] * b[j] * a[k] + b[i] * a[j] * a[k]
        }
        func fit(_ limit: Double) throws -> CanonicalPolyadic {
            try CanonicalPolyadic(elements, extents: [2, 2, 2], rank: 2, iterations: 3000, limit: limit)
        }
        let (free, held) = (try fit(1e6), try fit(2))
        #expect(!free.isRegularized && free.degeneracy > 3)
        #expect(held.isRegularized && held.degeneracy < 2.2)
        #expect(held.relativeError > free.relativeError && held.relativeError < 0.1)
        #expect(
            try CanonicalPolyadic([Double](repeating: 0, count: 8), extents: [2, 2, 2], rank: 1, iterations: 5)
                .relativeError == 0)
    }

    @Test func termsComputeTheLayer() throws {
        let (network, cases) = try FactorFitTests.sample()
        let result = try FactorFitTests.apply(
            CanonicalDecomposition(layers: ["conv"], rank: 30, iterations: 500), to: network, cases)
        #expect(result.lowered().weightCount == 30 * (4 + 2 * 3 + 8))
        #expect(result.network.nodes.map(\.name) == ["conv.1", "conv.2", "conv.3", "conv"])
        let few = try FactorFitTests.apply(CanonicalDecomposition(layers: ["conv"], rank: 3), to: network, cases)
        let errors = try [result, few].map { try FactorFitTests.damage($0.network, network, cases) }
        #expect(errors[0] < 0.01 * errors[1])
        #expect(result.history[0].remarks.first?.hasPrefix("layer 'conv': 30 terms leave 0.0") == true)
    }

    /// A core of diagonal blocks computes bit for bit what a grouped convolution does.
    @Test func blockDiagonalCoreIsAGroupedConvolution() throws {
        let (network, cases) = try FactorFitTests.sample()
        let step = BlockTermDecomposition(layers: ["conv"], blocks: 2, inputRank: 2, outputRank: 3)
        let grouped = try FactorFitTests.apply(step, to: network, cases).network
        let place = try #require(grouped.nodes.firstIndex { $0.name == "conv.2" })
        let id = grouped.nodes[place].inputs[1]
        #expect(grouped[id].shape == [6, 3, 3, 2])
        var dense = grouped
        let blocks = grouped[id].reals
        let elements = (0..<6 * 9 * 4).map { place -> Float in
            let (output, tap, input) = (place / 36, place / 4 % 9, place % 4)
            guard output / 3 == input / 2 else { return 0 }
            return Float(blocks[(output * 9 + tap) * 2 + input % 2])
        }
        dense[id].shape = [6, 3, 3, 4]
        dense[id].constant = Tensor([6, 3, 3, 4], elements)
        var operation = try #require(grouped.nodes[place].operation as? Convolution2D)
        #expect(operation.groups == 2)
        operation.groups = 1
        dense.nodes[place].operation = operation
        for reals in cases { #expect(try dense.output(reals) == grouped.output(reals)) }
    }

    /// One block of full ranks is lossless; blocks that were planted are found; weights follow the formula.
    @Test func blocksComputeTheLayer() throws {
        let (network, cases) = try FactorFitTests.sample()
        let whole = try FactorFitTests.apply(
            BlockTermDecomposition(layers: ["conv"], blocks: 1, fraction: 1), to: network, cases)
        #expect(try FactorFitTests.damage(whole.network, network, cases) < 1e-9)
        var planted = network
        var generator = SplitMix(seed: 77)
        let terms = (0..<2).map { _ in
            let inner = Matrix(
                rows: 2, columns: 36, elements: generator.matrix(18, 2).times(generator.matrix(2, 4)).elements)
            return generator.matrix(8, 2).times(inner)
        }
        planted[network.nodes[0].inputs[1]].constant = Tensor(
            [8, 3, 3, 4], zip(terms[0].elements, terms[1].elements).map { Float($0 + $1) })
        let errors = try [1, 100].map { rounds in
            let step = BlockTermDecomposition(
                layers: ["conv"], blocks: 2, inputRank: 2, outputRank: 2, rounds: rounds)
            let result = try FactorFitTests.apply(step, to: planted, cases)
            #expect(result.lowered().weightCount == 2 * (4 * 2 + 9 * 2 * 2 + 8 * 2))
            return try FactorFitTests.damage(result.network, planted, cases)
        }
        #expect(errors[1] < 0.5 * errors[0])
    }
}
