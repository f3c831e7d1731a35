import Compression
import Diagnostics
import Networks
import Tensors
import Testing

/// The choice of channels and the fits behind it, on seeded numbers.
@Suite struct ChannelSelectionTests {
    private static func random(_ rows: Int, _ columns: Int, seed: Int) -> Matrix {
        var generator = SplitMix(seed: UInt64(seed))
        return Matrix(rows: rows, columns: columns) { _, _ in Double(generator.signed()) }
    }

    /// Every set of `count` of `total` places.
    private static func subsets(_ count: Int, of total: Int) -> [[Int]] {
        (0..<1 << total).filter { $0.nonzeroBitCount == count }.map { bits in
            (0..<total).filter { bits >> $0 & 1 == 1 }
        }
    }

    /// Row 14: greedy equals brute force for up to 6 channels on most seeds, and is on no seed worse than a random choice on
    /// the average over all choices, when contributions are as unequal as those of trained channels.
    @Test func greedyChoiceIsNearlyTheBest() {
        var (hits, trials) = (0, 0)
        for seed in 0..<60 {
            let (channels, count) = (4 + seed % 3, 2 + seed % 2)
            let raw = Self.random(40, channels, seed: seed)
            let contributions = Matrix(rows: 40, columns: channels) { raw[$0, $1] / Double(1 + $1) }
            let gram = ContributionGram(
                gram: contributions.times(contributions, transposingSelf: true),
                response: [Double](repeating: 0, count: channels))
            let lengths = Self.subsets(count, of: channels).map(gram.lengthOfSum)
            let greedy = gram.lengthOfSum(gram.leastContributing(count))
            let best = lengths.reduce(.infinity, min)
            #expect(greedy >= best * (1 - 1e-12))
            #expect(greedy <= lengths.reduce(0, +) / Double(lengths.count))
            hits += greedy <= best * (1 + 1e-12) ? 1 : 0
            trials += 1
        }
        #expect(Double(hits) > 0.6 * Double(trials))
    }

    /// The Gram matrix of contributions is what the definition by windows gives.
    @Test func contributionsFollowFromTheirDefinition() throws {
        let (patches, filters) = (Self.random(30, 6, seed: 1), Self.random(4, 6, seed: 2))
        let reader = try Self.reader(patches, filters, targets: Self.random(30, 4, seed: 3))
        let gram = ContributionGram([reader], classes: [10, 11, 12], isCentered: false)
        func contribution(_ channel: Int, _ row: Int, _ filter: Int) -> Double {
            [channel, channel + 3].reduce(0) { $0 + patches[row, $1] * filters[filter, $1] }
        }
        let length = reader.moments[0].targetSquares.reduce(0, +)
        for first in 0..<3 {
            for second in 0..<3 {
                let exact = (0..<120).reduce(0) {
                    $0 + contribution(first, $1 / 4, $1 % 4) * contribution(second, $1 / 4, $1 % 4)
                }
                #expect(abs(gram.gram[first, second] - exact / length) < 1e-12)
            }
        }
    }

    /// A fully connected reader of channels 10, 11 and 12, each with two columns.
    private static func reader(_ patches: Matrix, _ filters: Matrix, targets: Matrix) throws -> ReaderMoments {
        var builder = NetworkBuilder(input: [1, 6], seed: 1)
        let output = try builder.fullyConnected(builder.input, outputs: 4, name: "fc")
        let network = builder.finished(output)
        let layer = try #require(LayerPatches(network.nodes[0], in: network))
        var moments = LayerMoments(columns: 6, targets: targets.columns)
        moments.add(patches, targets: targets)
        return ReaderMoments(
            reader: ChannelReader(layer: "fc", patches: layer, classes: [10, 11, 12, 10, 11, 12]), moments: [moments],
            filters: [filters])
    }

    /// Row 15: with all channels the residual is 0; the least-squares step never raises the objective.
    @Test func fitsNeverRaiseTheObjective() throws {
        let (patches, filters) = (Self.random(80, 6, seed: 4), Self.random(4, 6, seed: 5))
        let whole = try Self.reader(patches, filters, targets: patches.times(filters.transposed))
        var fitted = whole
        try fitted.fit(removing: [], damping: 0.01)
        #expect(abs(fitted.objective) < 1e-9)
        #expect(zip(fitted.filters[0].elements, filters.elements).allSatisfy { abs($0 - $1) < 1e-9 })
        var thin = whole
        thin.scale(by: [11: 0])
        var before = thin.objective
        #expect(before > 1)
        for _ in 0..<4 {
            try thin.fit(removing: [11], damping: 0.1)
            #expect(thin.objective <= before + 1e-9)
            before = thin.objective
        }
        var exact = whole
        try exact.fit(removing: [11], damping: 1e-9)
        #expect(exact.objective <= before + 1e-6)
        #expect(thin.filters[0].elements.indices.allSatisfy { $0 % 3 != 1 || thin.filters[0].elements[$0] == 0 })
    }

    /// Channels of which the target is a sum are found among others, and their number is met exactly.
    @Test(arguments: 1..<8)
    func lassoFindsTheSupport(count: Int) {
        let predictors = Self.random(60, 8, seed: 20 + count)
        let chosen = (0..<count).map { $0 * 5 % 8 }.sorted()
        let response = (0..<8).map { column in
            (0..<60).reduce(0) { sum, row in
                sum + predictors[row, column] * chosen.reduce(0) { $0 + predictors[row, $1] * (1 + Double($1) / 8) }
            }
        }
        let path = LassoPath(gram: predictors.times(predictors, transposingSelf: true), response: response)
        #expect(path.support(count: count) == chosen)
        #expect(path.support(count: 8) == Array(0..<8))
        for wanted in 1..<count { #expect(path.support(count: wanted).count == wanted) }
    }

    /// Predictors that leave at penalties far below the largest response are told apart by these, not by their coefficients.
    @Test func lassoTellsSmallPredictorsApart() {
        let gram = Matrix(rows: 3, columns: 3) { $0 == $1 ? [1, 1, 0.01][$0] : 0 }
        let path = LassoPath(gram: gram, response: [1, 1e-6, 1e-7])
        #expect(path.support(count: 2) == [0, 1])
        #expect(path.support(count: 1) == [0])
    }

    /// With no penalty coordinate descent solves the normal equations; with a large one nothing is left.
    @Test func lassoMeetsItsConditions() throws {
        let predictors = Self.random(50, 5, seed: 9)
        let gram = predictors.times(predictors, transposingSelf: true)
        let response = Self.random(5, 1, seed: 10).elements
        let path = LassoPath(gram: gram, response: response)
        let exact = try CholeskyFactor(gram).solve(Matrix(rows: 5, columns: 1, elements: response)).elements
        let free = path.coefficients(penalty: 0, from: [0, 0, 0, 0, 0])
        #expect(zip(free, exact).allSatisfy { abs($0 - $1) < 1e-5 })
        let penalty = 0.3
        let sparse = path.coefficients(penalty: penalty, from: free)
        for place in 0..<5 {
            let slope = (0..<5).reduce(response[place]) { $0 - gram[place, $1] * sparse[$1] }
            #expect(sparse[place] == 0 ? abs(slope) <= penalty + 1e-6 : abs(abs(slope) - penalty) < 1e-4)
        }
        #expect(path.coefficients(penalty: 10, from: free) == [0, 0, 0, 0, 0])
    }

    /// Row 13: maps that are linear mixes of kept ones are rebuilt without error; else the error is the residual.
    @Test func mapsAreRebuiltByLeastSquares() throws {
        let sources = Self.random(200, 3, seed: 12)
        let mix = Matrix(rows: 3, columns: 5) { row, column in
            column < 3 ? (row == column ? 2 : 0) : Double(row + column) / 8
        }
        let maps = sources.times(mix)
        var moments = LayerMoments(columns: 5)
        moments.add(maps)
        var covariance = moments.centered.gram
        for place in covariance.elements.indices { covariance.elements[place] /= 200 }
        let means = moments.columnSums.map { $0 / 200 }
        let exact = try MapRebuild(covariance: covariance, means: means, count: 3)
        #expect(exact.error < 1e-9 * exact.variance)
        let rough = try MapRebuild(covariance: covariance, means: means, count: 2)
        #expect(rough.kept.count == 2 && rough.error > 1e-3)
        var squares = 0.0
        for row in 0..<200 {
            for map in 0..<5 {
                let rebuilt = rough.kept.indices.reduce(rough.offsets[map]) {
                    $0 + rough.weights[map, $1] * maps[row, rough.kept[$1]]
                }
                squares += (maps[row, map] - rebuilt) * (maps[row, map] - rebuilt)
            }
        }
        #expect(abs(squares / 200 - rough.error) < 1e-9)
    }

    /// Variances of contributions are those of the numbers themselves; the least leave.
    @Test func inboundVariancesFollowFromTheirDefinition() {
        let (patches, filters) = (Self.random(40, 6, seed: 14), Self.random(2, 6, seed: 15))
        var moments = LayerMoments(columns: 6)
        moments.add(patches)
        let variances = InboundVariances(moments, filters: filters, depth: 3)
        for channel in 0..<3 {
            let numbers = (0..<40).map { row in
                [channel, channel + 3].reduce(0) { $0 + patches[row, $1] * filters[1, $1] }
            }
            let mean = numbers.reduce(0, +) / 40
            let exact = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40
            #expect(abs(variances.variance(ofFilter: 1, channel: channel) - exact) < 1e-12)
            #expect(abs(variances.mean(ofFilter: 1, channel: channel) - mean) < 1e-12)
        }
        let least = (0..<3).min {
            variances.variance(ofFilter: 1, channel: $0) < variances.variance(ofFilter: 1, channel: $1)
        }
        #expect(variances.dropped(ofFilter: 1, keeping: 2) == Set([least ?? -1]))
    }
}
