import Compression
import Diagnostics
import Execution
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct TernaryWeightsTests {
    private func weights(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix(seed: seed)
        return (0..<count).map { _ in Double(generator.signed() + generator.signed() + generator.signed()) }
    }

    private func error(_ weights: [Double], _ fit: TernaryFit) -> Double {
        zip(weights, fit.signs).reduce(0) { sum, pair in
            let level = pair.1 > 0 ? fit.positive : pair.1 < 0 ? -fit.negative : 0
            return sum + (pair.0 - level) * (pair.0 - level)
        }
    }

    /// No other signs with their best levels come closer: all of them are tried.
    @Test(arguments: 0..<6) func optimalThresholdsAreTheLeastSquares(seed: UInt64) {
        let weights = weights(8, seed: seed)
        var least = Double.infinity
        for code in 0..<6561 {
            var rest = code
            let signs = weights.map { _ -> Int in
                defer { rest /= 3 }
                return rest % 3 - 1
            }
            func mean(_ side: Int) -> Double {
                let members = zip(weights, signs).filter { $1 == side }.map(\.0)
                return members.isEmpty ? 0 : members.reduce(0, +) / Double(members.count)
            }
            let (above, below) = (mean(1), mean(-1))
            least = min(
                least,
                zip(weights, signs).reduce(0) { sum, pair in
                    let value = pair.1 > 0 ? above : pair.1 < 0 ? below : 0
                    return sum + (pair.0 - value) * (pair.0 - value)
                })
        }
        #expect(abs(error(weights, TernaryFit(weights, threshold: .optimal)) - least) < 1e-12)
    }

    /// Given the signs, moving a level either way raises the error; the rule of the mean beats that of the maximum.
    @Test func levelsAreTheBestOfTheirSides() {
        let weights = weights(500, seed: 3)
        let errors = TernaryFit.Threshold.allCases.map { threshold -> Double in
            let fit = TernaryFit(weights, threshold: threshold)
            for factor in [0.99, 1.01] {
                let moved = zip(weights, fit.signs).reduce(0.0) { sum, pair in
                    let level = pair.1 > 0 ? fit.positive * factor : pair.1 < 0 ? -fit.negative * factor : 0
                    return sum + (pair.0 - level) * (pair.0 - level)
                }
                #expect(moved > error(weights, fit))
            }
            return error(weights, fit)
        }
        #expect(errors[0] < errors[2] && errors[2] < errors[1])
        let large = weights.map(abs).max() ?? 0
        #expect(
            TernaryFit(weights, threshold: .maximum).signs.count { $0 == 0 }
                == weights.count { abs($0) <= 0.05 * large })
    }

    @Test(arguments: [0, 5, 11]) func filesHoldTwoBitsAWeightAndTwoLevelsAFilter(seed: UInt64) throws {
        let (network, cases) = try NetworkBuilder.random(seed: seed)
        let observer = CaseObserver(cases: cases)
        for levels in TernaryWeights.Levels.allCases {
            let ternary = try TernaryWeights(levels: levels).apply(to: CompressedNetwork(network), observing: observer)
            #expect(ternary.compositions.count == network.nodes.count { $0.weights != nil })
            for (node, layer) in zip(ternary.network.nodes, ternary.lowered().layers) {
                guard let weights = layer.weights, let id = node.weights else { continue }
                let filters =
                    levels == .layer
                    ? 1
                    : layer.operatorName == "depthwiseConvolution2D"
                        ? ternary.network[id].shape[3] : ternary.network[id].shape[0]
                #expect(weights.encodedSize == Bits(2 * weights.elements + 64 * filters))
                #expect(weights.storage == .composed && weights.nonzeroElements < weights.elements)
                #expect(Set(ternary.network[id].constant?.floats ?? []).count <= 2 * filters + 1)
            }
            let files = try CompressedNetworkFiles(ternary)
            let copy = try files.compressedNetwork(folder: "f")
            #expect(copy.compositions == ternary.compositions)
            #expect(try CompressedNetworkFiles(copy) == files)
        }
    }

    /// In integers the two-accumulator path equals the dense one, and the sizes stay.
    @Test(arguments: [1, 4]) func twoAccumulatorsEqualTheDenseProduct(seed: UInt64) throws {
        let (network, cases) = try NetworkBuilder.random(seed: seed)
        let steps: [any CompressionStep] = [FixedPointQuantization(), TernaryWeights()]
        let dense = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
        let formed = try ExecutionForm(form: .ternary).apply(to: dense, observing: CaseObserver(cases: cases))
        #expect(formed.compositions == dense.compositions && !formed.compositions.isEmpty)
        #expect(formed.faults(file: "f").isEmpty)
        let input = Tensor.bytes([1, 6, 6, 3], seed: seed)
        let results = try [formed, dense].map { try Interpreter($0.network).run([input]) }
        #expect(results[0] == results[1])
        let files = try CompressedNetworkFiles(formed)
        #expect(try CompressedNetworkFiles(files.compressedNetwork(folder: "f")) == files)
        let floats = try TernaryWeights().apply(to: CompressedNetwork(network), observing: CaseObserver(cases: cases))
        for (left, right) in zip(try floats.network.output(cases[0]), try dense.network.output(cases[0])) {
            #expect(abs(left - right) < 0.4 * max(1, abs(left)))
        }
    }

    /// Signs and levels fitted to responses change the responses less than those fitted to weights, in reals and in integers.
    @Test(arguments: [false, true]) func responsesAreNearerThanWeights(inIntegers: Bool) throws {
        var builder = NetworkBuilder(input: [1, 8, 8, 6], seed: 7)
        let image = try builder.convolution(builder.input, outputs: 10, name: "first")
        let output = try builder.convolution(image, outputs: 10, activation: .none, name: "second")
        let network = builder.finished(output)
        let cases = (0..<16).map { _ in builder.sample() }
        let observer = CaseObserver(cases: cases)
        let start = try CompressedNetwork(network).applying(
            inIntegers ? [FixedPointQuantization()] : [], observing: observer)
        func error(_ step: any CompressionStep) throws -> Double {
            let made = try start.applying(step, observing: observer)
            #expect(made.compositions.count == 1)
            var sum = 0.0
            for reals in cases {
                for (left, right) in zip(try network.output(reals), try made.network.output(reals)) {
                    sum += Double((left - right) * (left - right))
                }
            }
            return sum
        }
        for threshold in TernaryFit.Threshold.allCases {
            let steps = TernaryWeights.Fit.allCases.map {
                TernaryWeights(layers: ["second"], threshold: threshold, fit: $0, positions: 64)
            }
            #expect(try error(steps[1]) < 0.8 * error(steps[0]))
        }
        let sketches = [NetworkSketching.Fit.refined, .responses].map {
            NetworkSketching(layers: ["second"], terms: 2, fit: $0, positions: 64)
        }
        #expect(try error(sketches[1]) < 0.8 * error(sketches[0]))
    }

    @Test func filtersOfZerosStayZero() throws {
        var builder = NetworkBuilder(input: [1, 1, 1, 6], seed: 3)
        let output = try builder.fullyConnected(builder.input, outputs: 4, name: "dense")
        var network = builder.finished(output)
        network[network.nodes[0].inputs[1]].constant = Tensor([4, 6], [Float](repeating: 0, count: 24))
        let cases = [builder.sample()]
        for step in [TernaryWeights() as any CompressionStep, NetworkSketching(terms: 2)] {
            let exact = try network.output(cases[0])
            let float = try CompressedNetwork(network).applying(step, observing: CaseObserver(cases: cases))
            #expect(try float.network.output(cases[0]) == exact)
            let integer = try CompressedNetwork(network).applying(
                [FixedPointQuantization(), step], observing: CaseObserver(cases: cases))
            #expect(integer.faults(file: "f").isEmpty)
            for (left, right) in zip(try integer.network.output(cases[0]), exact) { #expect(abs(left - right) < 0.02) }
        }
    }
}

extension Tensor {
    /// Seeded integers of 8 bits.
    static func bytes(_ shape: Shape, seed: UInt64) -> Tensor {
        var generator = SplitMix(seed: seed)
        return Tensor(
            shape: shape,
            elements: .int8((0..<shape.elementCount).map { _ in Int8(truncatingIfNeeded: generator.next()) }))
    }
}
