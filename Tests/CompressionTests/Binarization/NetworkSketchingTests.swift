import Compression
import Diagnostics
import Execution
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct NetworkSketchingTests {
    private func weights(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix(seed: seed)
        return (0..<count).map { _ in Double(generator.signed() + generator.signed() + generator.signed()) }
    }

    /// Each term leaves at most `1 - 1/t` of the squared rest; normal weights lose a factor of about `1 - 2/pi`.
    @Test(arguments: [1, 7, 300]) func residualsFallGeometrically(count: Int) {
        let sketch = FilterSketch(weights(count, seed: UInt64(count)), terms: 8, refines: false)
        for (before, after) in zip(sketch.squaredErrors, sketch.squaredErrors.dropFirst()) {
            #expect(after <= before * (1 - 1 / Double(count)) + 1e-12)
        }
        if count == 300 { #expect(sketch.squaredErrors[1] / sketch.squaredErrors[0] < 0.45) }
    }

    @Test(arguments: 0..<40) func refinedIsNeverWorseThanDirect(seed: UInt64) {
        let weights = weights(5 + Int(seed) * 3, seed: seed)
        for terms in 1...5 {
            let direct = FilterSketch(weights, terms: terms, refines: false)
            let refined = FilterSketch(weights, terms: terms, refines: true)
            let (left, right) = (refined.squaredErrors[terms], direct.squaredErrors[terms])
            #expect(left <= right * (1 + 1e-12))
            if terms == 5, seed > 3 { #expect(left < right) }
        }
    }

    /// Weights that are sums of two sign vectors with factors are found again.
    @Test func sketchesOfSketchesAreExact() {
        let exact = [1.25, -1.25, 0.75, -0.75, 0.75, 1.25, -0.75, 1.25]
        let sketch = FilterSketch(exact, terms: 3, refines: true)
        #expect((sketch.squaredErrors.last ?? 1) < 1e-20)
    }

    /// Sums along the tree are the sums themselves; no spanning tree of five vectors takes fewer additions.
    @Test(arguments: 0..<10) func sharedSumsEqualSeparateOnes(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let vectors = (0..<5).map { _ in (0..<11).map { _ in generator.next() & 1 == 0 } }
        let shared = AssociativeSums(vectors)
        let inputs = (0..<11).map { _ in Double(Int(generator.next() % 2001)) - 1000 }
        #expect(
            shared.sums(of: inputs) == vectors.map { zip($0, inputs).reduce(0) { $0 + ($1.0 ? $1.1 : -$1.1) } })
        #expect(shared.order.map(\.vector).sorted() == Array(0..<5) && shared.separateAdditions == 50)
        func cost(_ left: Int, _ right: Int) -> Int {
            let distance = zip(vectors[left], vectors[right]).count { $0 != $1 }
            return min(distance, 11 - distance)
        }
        var least = Int.max
        for code in 0..<625 {
            let parents = [code % 5, code / 5 % 5, code / 25 % 5, code / 125]
            let reaches = (1..<5).allSatisfy { vector in
                var at = vector
                for _ in 0..<5 where at != 0 { at = parents[at - 1] }
                return at == 0
            }
            if reaches { least = min(least, 10 + (1..<5).reduce(0) { $0 + cost($1, parents[$1 - 1]) }) }
        }
        #expect(shared.additions == least)
    }

    @Test(arguments: [(0, 1), (5, 3), (11, 8)]) func filesHoldABitATermAndAFactorAFilter(seed: Int, terms: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed))
        let sketched = try NetworkSketching(layers: ["*"], terms: min(terms, 8)).apply(
            to: CompressedNetwork(network), observing: CaseObserver(cases: cases))
        for (name, composition) in sketched.compositions {
            let value = try #require(sketched.network.values.first { $0.name == name })
            let factors = try composition.part("factors").patterns.count
            #expect(composition.size == Bits(terms * value.shape.elementCount + 32 * factors))
        }
        #expect(sketched.history[0].remarks.contains { $0.contains("additions along trees") })
        let files = try CompressedNetworkFiles(sketched)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == sketched.compositions)
        #expect(try CompressedNetworkFiles(copy) == files)
    }

    /// Integer networks execute the signs, with the results of the weights themselves.
    @Test(arguments: [2, 8]) func integerSketchesAreExecuted(seed: UInt64) throws {
        let (network, cases) = try NetworkBuilder.random(seed: seed)
        let steps: [any CompressionStep] = [FixedPointQuantization(), NetworkSketching(terms: 3)]
        let sketched = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: cases))
        #expect(sketched.faults(file: "f").map(\.message) == [])
        #expect(sketched.network.values.compactMap(\.form).count == sketched.compositions.count)
        #expect(!sketched.compositions.isEmpty)
        let plain = try ExecutionForm(form: .elements).apply(to: sketched, observing: CaseObserver(cases: cases))
        let input = Tensor.bytes([1, 6, 6, 3], seed: seed)
        let results = try [sketched, plain].map { try Interpreter($0.network).run([input]) }
        #expect(results[0] == results[1])
        let files = try CompressedNetworkFiles(sketched)
        #expect(try CompressedNetworkFiles(files.compressedNetwork(folder: "f")) == files)
    }

    @Test func moreTermsThanWeightsAreRefused() throws {
        var builder = NetworkBuilder(input: [1, 1, 1, 3], seed: 3)
        let output = try builder.fullyConnected(builder.input, outputs: 4, name: "dense")
        let network = builder.finished(output)
        let error = #expect(throws: Diagnostics.self) {
            try NetworkSketching(terms: 4).apply(to: CompressedNetwork(network), observing: ActivationStatistics())
        }
        #expect(try #require(error).rendered().contains("4 terms for filters of 3 weights"))
    }
}
