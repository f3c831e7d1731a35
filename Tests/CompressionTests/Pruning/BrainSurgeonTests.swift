import Compression
import Diagnostics
import Networks
import Tensors
import Testing

@Suite struct BrainSurgeonTests {
    /// A Hessian of correlated inputs and the weights of a filter.
    private static func problem(_ size: Int, seed: UInt64) -> (hessian: Matrix, weights: [Double]) {
        var generator = SplitMix(seed: seed)
        let mixing = Matrix(rows: size, columns: size) { row, column in
            Double(generator.signed()) + (row == column ? 0.5 : 0)
        }
        let patches = Matrix(rows: 3 * size, columns: size) { _, _ in Double(generator.signed()) }.times(mixing)
        let gram = patches.times(patches, transposingSelf: true)
        let hessian = Matrix(rows: size, columns: size) { 2 * gram[$0, $1] / Double(3 * size) }
        return (hessian, (0..<size).map { _ in Double(generator.signed()) })
    }

    /// The best weights with those of `removed` at zero, and half their curved distance from the given ones.
    private static func constrained(
        _ hessian: Matrix, _ weights: [Double], removed: Set<Int>
    ) throws -> (weights: [Double], loss: Double) {
        let free = weights.indices.filter { !removed.contains($0) }
        let system = Matrix(rows: free.count, columns: free.count) { hessian[free[$0], free[$1]] }
        let right = Matrix(rows: free.count, columns: 1) { row, _ in
            removed.reduce(0) { $0 + hessian[free[row], $1] * weights[$1] }
        }
        let moves = try CholeskyFactor(system).solve(right).elements
        var best = weights.indices.map { removed.contains($0) ? 0 : weights[$0] }
        for (index, place) in free.enumerated() { best[place] += moves[index] }
        let change = Matrix(rows: weights.count, columns: 1) { row, _ in best[row] - weights[row] }
        return (best, change.times(hessian.times(change), transposingSelf: true).elements[0] / 2)
    }

    /// Each step takes the weight whose absence costs least, and leaves the constrained optimum (methods row 2).
    @Test(arguments: 0..<6)
    func everyStepIsTheConstrainedOptimum(seed: Int) throws {
        let (hessian, weights) = Self.problem(12, seed: UInt64(seed))
        var surgeon = BrainSurgeon(weights: weights, inverse: try CholeskyFactor(hessian).inverse())
        var removed: Set<Int> = []
        for _ in 0..<11 {
            let place = try #require(surgeon.cheapest())
            let losses = try weights.indices.filter { !removed.contains($0) }.map {
                try Self.constrained(hessian, weights, removed: removed.union([$0])).loss
            }
            removed.insert(place)
            let best = try Self.constrained(hessian, weights, removed: removed)
            let saliency = surgeon.saliency(of: place)
            let before = surgeon.loss
            surgeon.remove(place)
            #expect(zip(surgeon.weights, best.weights).allSatisfy { abs($0 - $1) < 1e-9 })
            #expect(abs(surgeon.loss - best.loss) < 1e-9 && abs(surgeon.loss - before - saliency) < 1e-9)
            #expect(best.loss <= (losses.min() ?? 0) + 1e-9)
            #expect(removed.allSatisfy { surgeon.weights[$0] == 0 })
        }
    }

    @Test func zerosStayAndPatternsHold() throws {
        var (hessian, weights) = Self.problem(18, seed: 4)
        hessian.elements[0] += 0.1
        for place in [2, 3, 11] { weights[place] = 0 }
        let inverse = try CholeskyFactor(hessian).inverse()
        var free = BrainSurgeon(weights: weights, inverse: inverse)
        free.operate(removals: 8)
        #expect(free.weights.count { $0 == 0 } == 8 && [2, 3, 11].allSatisfy { free.weights[$0] == 0 })
        var few = BrainSurgeon(weights: weights, inverse: inverse)
        few.operate(removals: 1)
        #expect(few.weights == weights)
        var structured = BrainSurgeon(weights: weights, inverse: inverse)
        structured.operate(removals: 0, pattern: .twoOfFour)
        let counts = stride(from: 0, to: 18, by: 4).map { start in
            structured.weights[start..<min(start + 4, 18)].count { $0 != 0 }
        }
        #expect(counts == [2, 2, 2, 2, 2] && [2, 3, 11].allSatisfy { structured.weights[$0] == 0 })
    }

    /// Correlated inputs: what magnitude loses of a layer's responses, compensation mostly keeps; the bias takes the mean.
    @Test(arguments: [nil, NeighbourPattern.oneOfTwo])
    func responsesSufferLessThanByMagnitude(_ pattern: NeighbourPattern?) throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 3], seed: 8)
        let wide = try builder.convolution(builder.input, outputs: 12, name: "wide")
        let grouped = try builder.convolution(wide, outputs: 8, groups: 2, name: "grouped")
        let deep = try builder.depthwise(grouped)
        let output = try builder.fullyConnected(deep, outputs: 6, name: "fc")
        let network = builder.finished(output)
        let observer = CaseObserver(cases: (0..<40).map { _ in builder.sample() })
        let naive: any CompressionStep = pattern.map { NMSparsity(pattern: $0) } ?? MagnitudePruning(density: 0.5)
        func error(_ step: any CompressionStep) throws -> Float {
            let result = try CompressedNetwork(network).applying(step, observing: observer)
            #expect(result.faults(file: "test").isEmpty)
            for node in result.network.nodes {
                let weights = try #require(node.weights.flatMap { result.network[$0].constant?.floats })
                #expect(abs(weights.count { $0 == 0 } * 2 - weights.count) <= weights.count / 8, "\(node.name)")
            }
            return try observer.cases.reduce(0) { sum, reals in
                try sum
                    + zip(network.output(reals), result.network.output(reals)).reduce(0) {
                        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
                    }
            }
        }
        let whole = try error(OptimalBrainSurgeon(density: 0.5, pattern: pattern))
        let blocked = try error(OptimalBrainSurgeon(density: 0.5, pattern: pattern, blockSize: 16))
        let magnitude = try error(naive)
        #expect(whole < magnitude / 2 && blocked < magnitude, "\(whole) \(blocked) \(magnitude)")
    }

    /// One quota for all layers leaves the same number of weights in all, and something in each.
    @Test func networkQuotaIsShared() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 5)
        let result = try CompressedNetwork(network).applying(
            OptimalBrainSurgeon(density: 0.25, quota: .network), observing: CaseObserver(cases: cases))
        let weights = result.network.nodes.compactMap { node in node.weights.map { result.network[$0].reals } }
        let left = weights.map { reals in reals.count { $0 != 0 } }
        let all = weights.reduce(0) { $0 + $1.count }
        #expect(left.reduce(0, +) == Int((0.25 * Double(all)).rounded()) && left.allSatisfy { $0 > 0 })
    }

    @Test func gridsAndSingularHessiansAreRefused() throws {
        var builder = NetworkBuilder(input: [1, 6], seed: 2)
        let output = try builder.fullyConnected(builder.input, outputs: 3, name: "fc")
        let network = builder.finished(output)
        let observer = CaseObserver(cases: [builder.sample(), builder.sample()])
        func message(_ steps: [any CompressionStep]) -> String? {
            #expect(throws: Diagnostics.self) {
                try CompressedNetwork(network).applying(steps, observing: observer)
            }?.findings.first?.message
        }
        #expect(message([OptimalBrainSurgeon(damping: 0)])?.contains("'fc': its Hessian cannot be inverted") == true)
        #expect(message([FixedPointQuantization(), OptimalBrainSurgeon()])?.contains("leave their grid") == true)
        #expect(message([OptimalBrainSurgeon(density: 1.5)])?.contains("outside") == true)
        let dead = CaseObserver(cases: [[Float](repeating: 0, count: 6)])
        let result = try CompressedNetwork(network).applying(OptimalBrainSurgeon(), observing: dead)
        #expect(result.network[result.network.nodes[0].inputs[1]].constant?.floats.count { $0 == 0 } == 9)
    }
}
