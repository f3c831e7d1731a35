import Compression
import Diagnostics
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct NumberTypeTests {
    /// Row 19 of the methods: 256 patterns, ascending, and finer than 8 uniform bits in every decade but the first.
    @Test func dynamicTreeIsMonotone() throws {
        let numbers = DynamicTree.numbers
        #expect(numbers.count == 256 && numbers[0] == 0 && numbers[128] == 0)
        for pattern in 0..<127 {
            #expect(numbers[pattern] < numbers[pattern + 1])
            #expect(numbers[pattern + 128] == -numbers[pattern])
        }
        #expect(numbers[127] < 1 && numbers[127] > 0.99)
        func worst(_ decade: Int, _ rounded: (Double) -> Double) -> Double {
            (0...2000).map { step in
                let real = pow(10, -Double(decade) - 1 + Double(step) / 2000)
                return abs(rounded(real) - real) / real
            }.max() ?? 0
        }
        for decade in 0..<6 {
            let tree = worst(decade) { numbers[Int(DynamicTree.pattern(nearest: $0))] }
            let uniform = worst(decade) { ($0 * 127).rounded() / 127 }
            #expect(decade == 0 ? tree > uniform : tree < uniform)
            #expect(tree <= 4.51 / pow(2, Double(6 - decade)), "\(decade): \(tree)")
        }
    }

    /// Every number is its own nearest; the stored form is a byte a weight and a scale, and composes what runs.
    @Test func dynamicTreeWeightsAreComposed() throws {
        for pattern in 1..<256 where pattern != 128 {
            #expect(DynamicTree.pattern(nearest: DynamicTree.numbers[pattern]) == UInt32(pattern))
        }
        let (network, cases) = try NetworkBuilder.random(seed: 3)
        let result = try CompressedNetwork(network).applying(
            DynamicTreeWeights(), observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").isEmpty)
        let again = try CompressedNetworkFiles(result).compressedNetwork(folder: "test")
        for (node, layer) in zip(result.network.nodes, result.lowered().layers) {
            guard let weights = node.weights.map({ result.network[$0] }), let constant = weights.constant else {
                continue
            }
            #expect(result.compositions[weights.name]?.composes(constant) == true)
            #expect(layer.weights?.encodedSize.count == 8 * constant.floats.count + 32)
            #expect(again.compositions[weights.name] == result.compositions[weights.name])
            let largest = constant.floats.reduce(0) { max($0, abs($1)) }
            let old = network.values.first { $0.name == weights.name }?.constant?.floats ?? []
            #expect(zip(old, constant.floats).allSatisfy { abs($0 - $1) <= 0.0071 * largest + 0.36 * abs($0) })
        }
        let exact = try CompressedNetwork(network).applying(
            FixedPointQuantization(), observing: CaseObserver(cases: cases))
        #expect(throws: Diagnostics.self) {
            try exact.applying(DynamicTreeWeights(), observing: CaseObserver(cases: []))
        }
    }

    /// Row 20 of the methods: the mean of a million roundings is within four standard deviations of the number.
    @Test(arguments: [0.3, -1.7, 0.015625, 100.499])
    func stochasticRoundingKeepsTheMean(real: Double) throws {
        let format = try #require(DynamicFixedPoint(integerBits: 8, fractionBits: 2))
        let count = 1_000_000
        let integers = format.integers(
            of: [Double](repeating: real, count: count), rounding: StochasticRounding(seed: 7))
        let steps = real * 4
        let fraction = steps - steps.rounded(.down)
        #expect(Set(integers).isSubset(of: [Int(steps.rounded(.down)), Int(steps.rounded(.down)) + 1]))
        let mean = Double(integers.reduce(0, +)) / Double(count)
        let deviation = (fraction * (1 - fraction) / Double(count)).squareRoot()
        #expect(abs(mean - steps) <= 4 * deviation + 0x1p-16)
    }

    @Test func fixedPointSaturatesAndHoldsTheLargest() throws {
        let format = try #require(DynamicFixedPoint(integerBits: 3, fractionBits: 2))
        let rounding = StochasticRounding(seed: 1)
        #expect(format.integers(of: [-9, 9, 1.25, -4, 3.75], rounding: rounding) == [-16, 15, 5, -16, 15])
        #expect(DynamicFixedPoint(holding: [0.3, -0.6], bits: 8)?.integerBits == 1)
        #expect(DynamicFixedPoint(holding: [0.01], bits: 8)?.integerBits == -5)
        #expect(DynamicFixedPoint(holding: [1, -4], bits: 8)?.integerBits == 3)
        #expect(DynamicFixedPoint(holding: [0], bits: 8)?.fractionBits == 7)
    }

    /// Floats on the grid become its integers; the same seed the same weights.
    @Test func stochasticWeightsComposeWithQuantization() throws {
        let (network, cases) = try NetworkBuilder.random(seed: 5)
        let observer = CaseObserver(cases: cases)
        let steps: [any CompressionStep] = [
            StochasticFixedPoint(weightBits: 9), FixedPointQuantization(activationBits: 12),
        ]
        let result = try CompressedNetwork(network).applying(steps, observing: observer)
        #expect(result.lowered().layers.compactMap(\.weights).allSatisfy { $0.elementBits == 9 })
        for node in result.network.nodes {
            guard let grid = node.weights.flatMap({ result.network[$0].quantization }) else { continue }
            #expect(grid.dynamicFixedPoint != nil)
        }
        let again = try CompressedNetwork(network).applying(steps, observing: observer)
        let other = try CompressedNetwork(network).applying(
            [StochasticFixedPoint(weightBits: 9, seed: 2), steps[1]], observing: observer)
        #expect(try CompressedNetworkFiles(again) == CompressedNetworkFiles(result))
        #expect(try CompressedNetworkFiles(other).tensors != CompressedNetworkFiles(result).tensors)
        #expect(throws: Diagnostics.self) {
            try CompressedNetwork(network).applying(
                StochasticFixedPoint(weightBits: 16, fractionBits: -100).self, observing: observer
            ).applying(StochasticFixedPoint(layers: ["absent"]), observing: observer)
        }
    }
}
