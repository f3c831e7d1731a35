import Networks
import Tensors
import Testing

@Suite struct ZooTests {
    struct Expectation: Sendable {
        let name: String
        let convMacs: Int
        let fcMacs: Int
        let parameters: Int
        let convParameters: Int
    }

    /// AlexNet, VGG-16, GoogLeNet and ResNet-50: counts derived from the papers' tables. MobileNet-V1: 568,740,352 MACs and
    /// 4,231,976 parameters are the published 569 million and 4.2 million. SqueezeNet 1.0: 1,248,424 parameters; MACs by hand.
    static let expectations = [
        Expectation(
            name: "alexnet", convMacs: 665_784_864, fcMacs: 58_621_952, parameters: 60_965_224,
            convParameters: 2_334_080),
        Expectation(
            name: "vgg16", convMacs: 15_346_630_656, fcMacs: 123_633_664, parameters: 138_357_544,
            convParameters: 14_714_688),
        Expectation(
            name: "googlenet", convMacs: 1_581_647_872, fcMacs: 1_024_000, parameters: 6_998_552,
            convParameters: 5_973_552),
        Expectation(
            name: "resnet50", convMacs: 3_855_925_248, fcMacs: 2_048_000, parameters: 25_557_032,
            convParameters: 23_508_032),
        Expectation(
            name: "mobilenet-v1", convMacs: 567_716_352, fcMacs: 1_024_000, parameters: 4_231_976,
            convParameters: 3_206_976),
        Expectation(
            name: "squeezenet", convMacs: 832_667_936, fcMacs: 0, parameters: 1_248_424, convParameters: 1_248_424),
    ]

    @Test(arguments: expectations)
    func countsAreExact(expected: Expectation) throws {
        let network = try Zoo.standard.network(named: expected.name)
        #expect(network.faults(file: expected.name).isEmpty)
        let totals = NetworkSummary(network).totals
        #expect(totals.convMacs == expected.convMacs)
        #expect(totals.fcMacs == expected.fcMacs)
        #expect(totals.macs == expected.convMacs + expected.fcMacs)
        #expect(totals.parameters == expected.parameters)
        #expect(totals.convParameters == expected.convParameters)
        #expect(totals.fcParameters == expected.parameters - expected.convParameters)
        #expect(totals.weightBytes == 4 * expected.parameters)
    }

    @Test func weightsComeFromTheSeed() throws {
        let (first, again, other) = (
            try Zoo.standard.network(named: "squeezenet", seed: 1),
            try Zoo.standard.network(named: "squeezenet", seed: 1),
            try Zoo.standard.network(named: "squeezenet", seed: 2)
        )
        #expect(first.values.map(\.constant) == again.values.map(\.constant))
        #expect(first.values.map(\.constant) != other.values.map(\.constant))
        let weights = try #require(first.values.first { $0.name == "conv10:weights" }?.constant?.floats)
        let variance = weights.reduce(0) { $0 + Double($1) * Double($1) } / Double(weights.count)
        #expect(abs(variance * 512 / 2 - 1) < 0.01)
    }
}
