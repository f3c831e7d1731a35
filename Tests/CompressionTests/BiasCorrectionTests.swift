import Compression
import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

@Suite struct BiasCorrectionTests {
    /// After the correction each layer's mean response on the calibration is the given network's.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func meansAreThoseOfTheGivenNetwork(seed: UInt64) throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 3], seed: seed)
        let first = try builder.convolution(builder.input, outputs: 6, activation: .none, name: "first")
        let clamped = try builder.node(Rectifier(activation: .relu), [first])
        let second = try builder.convolution(clamped, outputs: 5, activation: .none, name: "second")
        let network = builder.finished(second)
        let cases = (0..<8).map { _ in builder.sample() }
        let observer = CaseObserver(cases: cases)
        func shift(_ compressed: CompressedNetwork) throws -> Double {
            var shifts = [Double](repeating: 0, count: 5)
            for sample in cases {
                let (exact, got) = (try network.output(sample), try compressed.network.output(sample))
                for (place, pair) in zip(exact, got).enumerated() { shifts[place % 5] += Double(pair.1 - pair.0) }
            }
            return shifts.reduce(0) { max($0, abs($1)) } / Double(cases.count * 25)
        }
        let plain = try CompressedNetwork(network).applying(
            FixedPointQuantization(weightBits: 3, activationBits: 12), observing: observer)
        let corrected = try plain.applying(BiasCorrection(), observing: observer)
        #expect(try shift(corrected) < 1e-3 && shift(corrected) < 0.1 * shift(plain))
        let float = try CompressedNetwork(network).applying(
            [MagnitudePruning(density: 0.4), BiasCorrection()], observing: observer)
        #expect(try shift(float) < 1e-5)
    }

    /// Behind a normalization the mean of a clamped normal variable gives the same as data that are normal.
    @Test func normalizationStandsForData() throws {
        var builder = NetworkBuilder(input: [1, 24, 24, 2], seed: 4)
        let normal = try builder.normalization(builder.input)
        let clamped = try builder.node(Rectifier(activation: .relu6), [normal])
        let output = try builder.convolution(
            clamped, outputs: 4, kernel: (1, 1), window: Window(), activation: .none, name: "layer")
        var network = builder.finished(output)
        let parameters = network.nodes[0].inputs[3...4]
        for (id, value) in zip(parameters, [Float(0), Float(0.999)]) {
            network[id].constant = Tensor([2], [Float](repeating: value, count: 2))
        }
        let cases = (0..<6).map { _ in
            (0..<24 * 24 * 2).map { _ in
                let (radius, angle) = (Double(builder.generator.signed()), Double(builder.generator.signed()))
                return Float((-2 * log(max(abs(radius), 1e-9))).squareRoot() * cos(Double.pi * angle))
            }
        }
        let observer = CaseObserver(cases: cases)
        let pruned = try CompressedNetwork(network).applying(
            MagnitudePruning(layers: ["layer"], density: 0.5), observing: observer)
        func bias(_ source: BiasCorrection.Source) throws -> [Float] {
            let result = try pruned.applying(BiasCorrection(layers: ["layer"], source: source), observing: observer)
            let node = try #require(result.network.nodes.first { $0.name == "layer" })
            return result.network[node.inputs[2]].constant?.floats ?? []
        }
        for (left, right) in zip(try bias(.calibration), try bias(.normalization)) { #expect(abs(left - right) < 0.05) }
        let before = try #require(pruned.network.nodes.first { $0.name == "layer" }).inputs[2]
        #expect(
            try zip(bias(.normalization), pruned.network[before].constant?.floats ?? []).contains { abs($0 - $1) > 0.1 }
        )
    }

    @Test func meanOfAClampedNormalVariable() {
        for (mean, deviation) in [(0.3, 1.2), (-2, 0.5), (5, 2), (0.0, 1)] {
            for clamp in Activation.allCases {
                let count = 20000
                let sum = (0..<count).reduce(0.0) { sum, step in
                    let x = -8 + 16 * (Double(step) + 0.5) / Double(count)
                    return sum + Double(clamp.clamped(Float(mean + deviation * x))) * exp(-x * x / 2)
                }
                let wanted = sum * 16 / Double(count) / (2 * Double.pi).squareRoot()
                #expect(abs(clamp.mean(ofNormal: mean, deviation: deviation) - wanted) < 1e-5)
            }
        }
    }

    @Test func whatCannotBeComparedIsRefused() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 1)
        let observer = CaseObserver(cases: cases)
        let plain = try CompressedNetwork(network).applying(FixedPointQuantization(), observing: observer)
        let read = try CompressedNetworkFiles(plain).compressedNetwork(folder: "test")
        let error = #expect(throws: Diagnostics.self) { try read.applying(BiasCorrection(), observing: observer) }
        #expect(error?.findings.first?.message.contains("not known") == true)
        #expect(throws: Diagnostics.self) {
            try plain.applying(BiasCorrection(source: .normalization), observing: observer)
        }
        #expect(throws: Diagnostics.self) { try plain.applying(BiasCorrection(), observing: ActivationStatistics()) }
    }
}
