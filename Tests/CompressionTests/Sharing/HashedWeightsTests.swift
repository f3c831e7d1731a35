import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct HashedWeightsTests {
    private func step(
        _ name: String, _ numbers: [String: Double], fit: String = "weights", layers: LayerSelection = .all
    ) throws -> any CompressionStep {
        var parameters = numbers.mapValues { ParameterValue.number($0) }
        parameters["fit"] = .text(fit)
        let recipe = Recipe(steps: [RecipeEntry(step: name, layers: layers, parameters: parameters)])
        return try #require(StepCatalog.standard.steps(of: recipe).first)
    }

    private func dense(inputs: Int = 40, outputs: Int = 12) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, inputs], seed: 5)
        let output = try builder.fullyConnected(builder.input, outputs: outputs, name: "dense")
        // Inputs that depend on each other, so that responses and weights are different matters.
        let cases = (0..<30).map { _ in
            let (few, noise) = (builder.sample().prefix(4), builder.sample())
            return noise.indices.map { few[$0 % 4] + 0.1 * noise[$0] }
        }
        return (builder.finished(output), cases)
    }

    private func responseError(_ compressed: CompressedNetwork, _ network: Network, _ cases: [[Float]]) throws -> Double
    {
        var sum = 0.0
        for reals in cases {
            for (left, right) in zip(try network.output(reals), try compressed.network.output(reals)) {
                sum += Double((left - right) * (left - right))
            }
        }
        return sum
    }

    private func weightError(_ compressed: CompressedNetwork, _ network: Network) -> Double {
        compressed.weightDistortion(ofLayer: "dense", against: network) ?? .infinity
    }

    /// Values of the reference implementation for words of four little-endian bytes.
    @Test func hashesAreThoseOfXXHash() {
        #expect(XXHash32(seed: 0)(0) == 148_298_089)
        #expect(XXHash32(seed: 0)(1) == 4_089_149_075)
        #expect(XXHash32(seed: 7)(1) == 1_468_301_318)
        #expect(XXHash32(seed: 42)(123_456) == 1_675_657_178)
        #expect(XXHash32(seed: .max)(.max) == 551_811_927)
    }

    /// The store is 32 bits a bucket and 32 of the seed; the matrix is decoded from the seed alone.
    @Test(arguments: [1, 7, 60]) func storeIsBucketsTimesBits(buckets: Int) throws {
        let (network, cases) = try dense()
        let step = try step("hashed-weights", ["buckets": Double(buckets), "seed": 9])
        let hashed = try CompressedNetwork(network).applying(step, observing: CaseObserver(cases: cases))
        let weights = try #require(hashed.lowered().layers[0].weights)
        #expect(weights.encodedSize == Bits(buckets * 32 + 32) && weights.storage == .composed)
        let name = try #require(hashed.compositions.keys.first)
        let composition = try #require(hashed.compositions[name])
        let (values, constant) = (
            try composition.part("buckets").reals, hashed.network.values.first { $0.name == name }
        )
        let decoded = (0..<UInt32(480)).map { place -> Float in
            let bucket = (UInt64(XXHash32(seed: 9)(place)) * UInt64(buckets)) >> 32
            return XXHash32(seed: 10)(place) & 1 == 0 ? values[Int(bucket)] : -values[Int(bucket)]
        }
        #expect(constant?.constant?.floats == decoded)
        let files = try CompressedNetworkFiles(hashed)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == hashed.compositions)
        #expect(try CompressedNetworkFiles(copy) == files)
        let again = try CompressedNetwork(network).applying(step, observing: CaseObserver(cases: cases))
        #expect(again.compositions == hashed.compositions)
    }

    /// Means are the least squares of the weights; what is fitted to responses answers better, at the weights' cost.
    @Test func eachFitIsTheBestOfItsKind() throws {
        let (network, cases) = try dense()
        let observer = CaseObserver(cases: cases)
        let byWeights = try CompressedNetwork(network).applying(
            step("hashed-weights", ["buckets": 60]), observing: observer)
        let byResponses = try CompressedNetwork(network).applying(
            step("hashed-weights", ["buckets": 60], fit: "responses"), observing: observer)
        #expect(weightError(byWeights, network) < weightError(byResponses, network))
        let errors = try [byResponses, byWeights].map { try responseError($0, network, cases) }
        #expect(errors[0] < 0.5 * errors[1])
        let name = try #require(byWeights.compositions.keys.first)
        for place in 0..<3 {
            for factor: Float in [0.9, 1.1] {
                var moved = byWeights
                let buckets = try #require(moved.compositions[name]?.parts[0].reals)
                moved.compositions[name]?.parts[0].patterns[place] = (buckets[place] * factor).bitPattern
                let id = moved.network.nodes[0].inputs[1]
                let elements = try #require(moved.compositions[name]).elements(shape: [12, 40])
                moved.network[id].constant = Tensor([12, 40], elements)
                #expect(weightError(moved, network) > weightError(byWeights, network))
            }
        }
    }

    /// One read and no hidden unit is `hashed-weights`.
    @Test(arguments: ["weights", "responses"]) func oneReadWithoutUnitsIsTheHashingTrick(fit: String) throws {
        let (network, cases) = try NetworkBuilder.random(seed: 5)
        let observer = CaseObserver(cases: Array(cases.prefix(2)))
        let common = ["fraction": 0.25, "seed": 3]
        let plain = try CompressedNetwork(network).applying(
            step("hashed-weights", common, fit: fit), observing: observer)
        let general = try CompressedNetwork(network).applying(
            step("functional-hashing", common.merging(["reads": 1, "hidden": 0]) { $1 }, fit: fit), observing: observer)
        #expect(general.compositions == plain.compositions && !plain.compositions.isEmpty)
        #expect(try general.network.output(cases[0]) == plain.network.output(cases[0]))
    }

    /// Hidden units never raise the error, and their reals are stored.
    @Test func hiddenUnitsLowerTheError() throws {
        let (network, cases) = try dense()
        func applied(_ hidden: Int, _ fit: String) throws -> CompressedNetwork {
            try CompressedNetwork(network).applying(
                step(
                    "functional-hashing",
                    ["buckets": 60, "reads": 3, "hidden": Double(hidden), "rounds": 20], fit: fit),
                observing: CaseObserver(cases: cases))
        }
        let (linear, network3) = (try applied(0, "weights"), try applied(6, "weights"))
        #expect(weightError(network3, network) < 0.98 * weightError(linear, network))
        #expect(network3.lowered().layers[0].weights?.encodedSize == Bits(60 * 32 + 32 + 6 * 5 * 32))
        let files = try CompressedNetworkFiles(network3)
        #expect(try CompressedNetworkFiles(files.compressedNetwork(folder: "f")) == files)
        let errors = try [6, 0].map { try responseError(applied($0, "responses"), network, cases) }
        #expect(errors[0] <= errors[1] * 1.0001)
    }

    @Test func badRequestsAreRefused() throws {
        let (network, cases) = try dense()
        let observer = CaseObserver(cases: cases)
        func refusal(_ parameters: [String: Double], of compressed: CompressedNetwork) throws -> String {
            let error = #expect(throws: Diagnostics.self) {
                try compressed.applying(step("hashed-weights", parameters), observing: observer)
            }
            return try #require(error).rendered()
        }
        let plain = CompressedNetwork(network)
        #expect(try refusal(["buckets": 481], of: plain).contains("481 buckets for 480 weights"))
        #expect(try refusal(["buckets": 4, "fraction": 0.5], of: plain).contains("either"))
        #expect(try refusal(["fraction": 0], of: plain).contains("outside"))
        let integer = try plain.applying(FixedPointQuantization(), observing: observer)
        #expect(try refusal([:], of: CompressedNetwork(integer.network)).contains("its weights are integers"))
        #expect(throws: Diagnostics.self) {
            try plain.applying(
                step("hashed-weights", [:], fit: "responses"), observing: ActivationStatistics())
        }
        var hashed = try plain.applying(step("hashed-weights", [:]), observing: observer)
        let name = try #require(hashed.compositions.keys.first)
        hashed.compositions[name]?.rule = .hashedValues(HashedValues(reads: 0, hidden: 70))
        #expect(throws: Diagnostics.self) { try CompressedNetworkFiles(hashed).compressedNetwork(folder: "f") }
    }
}
