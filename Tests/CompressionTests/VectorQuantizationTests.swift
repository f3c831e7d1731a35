import Compression
import Diagnostics
import Execution
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct VectorQuantizationTests {
    private let observer = CaseObserver(cases: [])

    private func layer(inputs: Int = 24, outputs: Int = 40, seed: UInt64 = 1) throws -> CompressedNetwork {
        var builder = NetworkBuilder(input: [1, 1, 1, inputs], seed: seed)
        let output = try builder.fullyConnected(builder.input, outputs: outputs, name: "dense")
        return CompressedNetwork(builder.finished(output))
    }

    private func weights(_ compressed: CompressedNetwork) -> [Float] {
        compressed.network.nodes[0].weights.flatMap { compressed.network[$0].constant?.floats } ?? []
    }

    private func error(_ one: CompressedNetwork, _ other: CompressedNetwork) -> Double {
        zip(weights(one), weights(other)).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    }

    private func size(_ compressed: CompressedNetwork) -> Int {
        compressed.lowered().layers[0].weights?.encodedSize.count ?? 0
    }

    /// `32 k n + log2(k) m s` bits for an `m x n` matrix in `s` parts.
    @Test(arguments: [(4, 16), (2, 8), (24, 32), (1, 4)])
    func sizeIsThatOfTheFormula(_ length: Int, _ count: Int) throws {
        let given = try layer()
        let step = ProductQuantization(length: length, centers: count)
        let quantized = try step.apply(to: given, observing: observer)
        let places = Int(log2(Double(count)))
        #expect(size(quantized) == 32 * count * 24 + places * 40 * (24 / length))
        #expect(quantized.lowered().layers[0].weights?.storage == .composed)
        #expect(try quantized.network.output([Float](repeating: 1, count: 24)).count == 40)
    }

    /// As many centers as rows, and vectors that repeat: nothing is lost.
    @Test func enoughCentersLoseNothing() throws {
        let given = try layer()
        let full = try ProductQuantization(length: 6, centers: 40).apply(to: given, observing: observer)
        #expect(weights(full) == weights(given))
        var repeated = given
        let id = try #require(given.network.nodes[0].weights)
        let rows = weights(given)
        repeated.network[id].constant = Tensor([40, 24], (0..<40).flatMap { rows[$0 % 5 * 24..<($0 % 5 + 1) * 24] })
        let few = try ProductQuantization(length: 4, centers: 5).apply(to: repeated, observing: observer)
        #expect(weights(few) == weights(repeated))
    }

    @Test func everyStageLessensTheError() throws {
        let given = try layer()
        let errors = try (1...5).map { stages in
            let step = ResidualQuantization(centers: 8, stages: stages)
            let quantized = try step.apply(to: given, observing: observer)
            #expect(size(quantized) == stages * (32 * 8 * 24 + 3 * 40))
            return error(quantized, given)
        }
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 }, "\(errors)")
    }

    @Test(arguments: 0..<4) func filesHoldEveryComposition(_ seed: Int) throws {
        let (network, cases) = try NetworkBuilder.random(seed: UInt64(seed))
        let observer = CaseObserver(cases: cases)
        let steps: [any CompressionStep] = [
            ProductQuantization(layers: ["*"], length: 1, centers: 3), ResidualQuantization(centers: 3, stages: 2),
            ResponseProductQuantization(length: 1, centers: 3),
        ]
        for step in steps {
            let compressed = try step.apply(to: CompressedNetwork(network), observing: observer)
            #expect(!compressed.compositions.isEmpty)
            let files = try CompressedNetworkFiles(compressed)
            let copy = try files.compressedNetwork(folder: "f")
            #expect(copy.compositions == compressed.compositions)
            #expect(try CompressedNetworkFiles(copy) == files)
            let coded = try StorageCoding().apply(to: compressed, observing: observer)
            let (before, after) = (compressed.lowered(), coded.lowered())
            for (one, other) in zip(before.layers, after.layers) {
                #expect((other.weights?.encodedSize.count ?? 0) <= (one.weights?.encodedSize.count ?? 0))
            }
        }
    }

    /// The tables hold `C_s K` elements and every output adds `M` of their products: the sums equal those of decoded weights.
    @Test func tablesOfProductsEqualDecodedWeights() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 8], seed: 3)
        let image = try builder.convolution(builder.input, outputs: 12, name: "conv")
        let flat = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [image])
        let logits = try builder.fullyConnected(flat, outputs: 10, name: "logits")
        let cases = (0..<5).map { _ in builder.sample() }
        let calibration = CaseObserver(cases: cases)
        let steps: [any CompressionStep] = [
            ProductQuantization(length: 4, centers: 4), FixedPointQuantization(),
            ExecutionForm(form: .productCodebook, length: 4),
        ]
        let formed = try CompressedNetwork(builder.finished(logits)).applying(steps, observing: calibration)
        let dense = try #require(formed.network.nodes.first { $0.name == "logits" }?.weights)
        guard case .productCodebook(let codebook)? = formed.network[dense].form else {
            Issue.record("no form")
            return
        }
        let (inputs, outputs, count, parts) = (12, 10, 4, 3)
        let stored = try #require(formed.compositions[formed.network[dense].name])
        #expect(stored.size == Bits(8 * count * inputs + 2 * parts * outputs))
        #expect(codebook.tables.count == parts)
        #expect(codebook.tables.reduce(0) { $0 + $1.count } == inputs * count)
        let rows = try #require(
            formed.network.nodes.first { $0.name == "logits" }.flatMap { WeightRows(of: $0, in: formed.network) })
        #expect(try codebook.indices(of: rows).count == outputs * parts)
        let fast = try Interpreter(formed.network)
        let slow = try Interpreter(formed.network, kernels: .reference)
        for reals in cases {
            let input = formed.network[formed.network.inputs[0]]
            let grid = try #require(input.quantization)
            let integers = reals.map { max(-128, min(127, Int(($0 / grid.scale).rounded()) + grid.zeroPoint)) }
            let tensor = try #require(Tensor(input.shape, integers: integers, storedAs: input.elementType))
            #expect(try fast.run([tensor]) == slow.run([tensor]))
        }
    }

    /// On inputs that are correlated, fitting responses answers better than fitting weights, from tables of the same size.
    @Test func responsesBeatWeights() throws {
        let given = try layer(seed: 6)
        var generator = SplitMix(seed: 9)
        let cases = (0..<200).map { _ -> [Float] in
            let common = generator.signed() * 3
            return (0..<24).map { common * Float($0 % 5 - 1) + generator.signed() * Float($0) / 12 }
        }
        let calibration = CaseObserver(cases: Array(cases[..<150]))
        let plain = try ProductQuantization(length: 4, centers: 8).apply(to: given, observing: calibration)
        let fitted = try ResponseProductQuantization(length: 4, centers: 8).apply(to: given, observing: calibration)
        #expect(size(plain) == size(fitted))
        func responseError(_ network: CompressedNetwork) throws -> Double {
            try cases[150...].reduce(0) { sum, reals in
                try zip(network.network.output(reals), given.network.output(reals)).reduce(sum) {
                    $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
                }
            }
        }
        let (naive, better) = (try responseError(plain), try responseError(fitted))
        #expect(better < naive / 2, "\(better) \(naive)")
    }

    /// More turns never answer worse on the calibration cases themselves.
    @Test func turnsLessenTheError() throws {
        let given = try layer(seed: 7)
        var generator = SplitMix(seed: 2)
        let calibration = CaseObserver(cases: (0..<60).map { _ in (0..<24).map { _ in generator.signed() } })
        let errors = try [0, 1, 2, 5].map { rounds in
            let step = ResponseProductQuantization(length: 4, centers: 8, rounds: rounds)
            let fitted = try step.apply(to: given, observing: calibration)
            let remark = try #require(fitted.history.last?.remarks.first)
            let number = remark.split(separator: " ").compactMap { Double($0) }
            return try #require(number.first)
        }
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 >= $1 - 1e-7 }, "\(errors)")
    }

    @Test func badTablesAreRefused() throws {
        let given = try layer()
        let steps: [any CompressionStep] = [
            ProductQuantization(layers: ["dense"], length: 5), ProductQuantization(layers: ["dense"], centers: 41),
            ResidualQuantization(layers: ["dense"], centers: 41),
            ResponseProductQuantization(layers: ["dense"], centers: 41), ResponseProductQuantization(length: 4),
        ]
        for step in steps {
            #expect(throws: Diagnostics.self) { try step.apply(to: given, observing: ActivationStatistics()) }
        }
    }
}
