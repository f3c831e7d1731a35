import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct LocalBinaryConvolutionTests {
    private func step(_ numbers: [String: Double], layers: LayerSelection = ["conv"])
        -> LocalBinaryConvolution
    {
        LocalBinaryConvolution(
            layers: layers,
            parameters: StepParameters(
                numbers.mapValues { ParameterValue.number($0) }, for: LocalBinaryConvolution.description))
    }

    private func network(kernel: Int = 3) throws -> (network: Network, cases: [[Float]]) {
        var builder = NetworkBuilder(input: [1, 8, 8, 4], seed: 11)
        let output = try builder.convolution(
            builder.input, outputs: 6, kernel: (kernel, kernel), window: Window(padding: .uniform(kernel / 2)),
            name: "conv")
        return (builder.finished(output), (0..<24).map { _ in builder.sample() })
    }

    /// As many anchors as input channels save a factor of the kernel's places: 9 for 3x3, 25 for 5x5.
    @Test(arguments: [3, 5]) func ratioIsThatOfTheKernel(kernel: Int) throws {
        let (network, cases) = try network(kernel: kernel)
        let made = try step([:]).apply(to: CompressedNetwork(network), observing: CaseObserver(cases: cases))
        let layers = made.lowered().layers
        #expect(layers.map(\.name) == ["conv.1", "conv"] && made.origin(of: "conv.1") == "conv")
        #expect(6 * kernel * kernel * 4 == kernel * kernel * (layers[1].weights?.elements ?? 0))
        #expect(layers[0].weights?.encodedSize == Bits(64) && layers[0].weights?.storage == .composed)
        #expect(made.faults(file: "f").isEmpty)
    }

    /// More anchors than a filter has weights would ask for more weights than the layer has.
    @Test func tooManyAnchorsAreRefused() throws {
        let (network, cases) = try network()
        #expect(throws: Diagnostics.self) {
            try step(["anchors": 37]).apply(to: CompressedNetwork(network), observing: CaseObserver(cases: cases))
        }
    }

    /// Anchors are drawn again from the seed when files are read, and stay composed on integers.
    @Test func anchorsComeFromTheSeed() throws {
        let (network, cases) = try network()
        let observer = CaseObserver(cases: cases)
        let made = try step(["anchors": 36, "density": 0.3, "seed": 77]).apply(
            to: CompressedNetwork(network), observing: observer)
        let id = made.network.nodes[0].inputs[1]
        let anchors = try #require(made.network[id].constant?.floats)
        #expect(Set(anchors) == [-1, 0, 1])
        let part = Double(anchors.count { $0 != 0 }) / Double(anchors.count)
        #expect(abs(part - 0.3) < 0.06)
        let files = try CompressedNetworkFiles(made)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == made.compositions && copy.compositions.count == 1)
        #expect(try CompressedNetworkFiles(copy) == files)
        let integer = try FixedPointQuantization(activationBits: 12).apply(to: made, observing: observer)
        #expect(integer.compositions == made.compositions)
        #expect(integer.lowered().layers[0].weights?.elementBits == 2)
        let (float, got) = (try made.network.output(cases[0]), try integer.network.output(cases[0]))
        for (left, right) in zip(float, got) { #expect(abs(left - right) < 0.1 * max(1, abs(left))) }
        let other = try step(["anchors": 36, "density": 0.3, "seed": 78]).apply(
            to: CompressedNetwork(network), observing: observer)
        #expect(other.network[other.network.nodes[0].inputs[1]].constant?.floats != anchors)
    }

    /// More anchors fit the responses better; the fit beats the mean response.
    @Test func moreAnchorsComeCloser() throws {
        let (network, cases) = try network()
        let fitted = Array(cases.prefix(16))
        let errors = try [2, 8, 32].map { count -> Double in
            let made = try step(["anchors": Double(count), "positions": 4096]).apply(
                to: CompressedNetwork(network), observing: CaseObserver(cases: fitted))
            var sum = 0.0
            for reals in cases.suffix(8) {
                for (left, right) in zip(try network.output(reals), try made.network.output(reals)) {
                    sum += Double((left - right) * (left - right))
                }
            }
            return sum
        }
        #expect(errors[2] < errors[1] && errors[1] < errors[0])
    }

    @Test func badRequestsAreRefused() throws {
        let (network, cases) = try network(kernel: 1)
        #expect(throws: Diagnostics.self) {
            try step([:]).apply(to: CompressedNetwork(network), observing: CaseObserver(cases: cases))
        }
        let (wide, more) = try self.network()
        #expect(throws: Diagnostics.self) {
            try step(["anchors": 3, "multiple": 2]).apply(
                to: CompressedNetwork(wide), observing: CaseObserver(cases: more))
        }
        #expect(throws: Diagnostics.self) {
            try step(["density": 0]).apply(to: CompressedNetwork(wide), observing: CaseObserver(cases: more))
        }
        #expect(throws: Diagnostics.self) {
            try step([:]).apply(to: CompressedNetwork(wide), observing: ActivationStatistics())
        }
        #expect(throws: Diagnostics.self) {
            try step([:]).apply(to: CompressedNetwork(wide), observing: CaseObserver(cases: []))
        }
    }
}
