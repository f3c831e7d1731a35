import Compression
import Diagnostics
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct FrequencyPackingTests {
    static func apply(_ step: any CompressionStep, to network: Network) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying(step, observing: CaseObserver(cases: []))
        #expect(result.faults(file: "test").isEmpty)
        return result
    }

    static func difference(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// The transform is orthonormal: its inverse gives the kernel back, and lengths stay.
    @Test(arguments: [(3, 3), (5, 2), (1, 7), (11, 11)])
    func cosineTransformIsLossless(height: Int, width: Int) {
        var generator = SplitMix(seed: 9)
        let kernel = (0..<height * width).map { _ in Double(generator.signed()) }
        let transform = CosineTransform(height: height, width: width)
        let coefficients = transform.forward(kernel)
        let back = transform.inverse(coefficients)
        #expect(zip(kernel, back).allSatisfy { abs($0 - $1) < 1e-14 })
        let lengths = [kernel, coefficients].map { $0.reduce(0) { $0 + $1 * $1 } }
        #expect(abs(lengths[0] - lengths[1]) < 1e-13 * lengths[0])
        let mix = (0..<height * width).map { place in
            coefficients.indices.reduce(0.0) { $0 + coefficients[$1] * transform.kernel(of: $1)[place] }
        }
        #expect(zip(kernel, mix).allSatisfy { abs($0 - $1) < 1e-13 })
    }

    @Test func nothingDroppedLosesNothing() throws {
        let (network, cases) = try RewriteTests.network()
        let result = try Self.apply(FrequencyPacking(layers: ["*"], density: 1, bits: 32), to: network)
        #expect(Self.difference(try result.network.output(cases[0]), try network.output(cases[0])) < 1e-5)
        #expect(result.compositions.count == 2)
    }

    /// A convolution is the mix of the responses of each channel to the basis kernels.
    @Test func basisResponsesMakeTheConvolution() throws {
        let (network, cases) = try RewriteTests.network()
        let packed = try Self.apply(FrequencyPacking(layers: ["second"], density: 0.3, bits: 6), to: network)
        var mixed = packed.network
        let place = try #require(mixed.nodes.firstIndex { $0.name == "second" })
        let node = mixed.nodes[place]
        let weights = try #require(mixed[node.inputs[1]].constant?.floats)
        let convolution = try #require(node.operation as? Convolution2D)
        let transform = CosineTransform(height: 3, width: 3)
        let basis = (0..<9).map(transform.kernel(of:))
        let filters = (0..<9 * 72).map { Float(basis[$0 % 72 % 9][$0 / 72]) }
        let mix = (0..<6).flatMap { output in
            (0..<8).flatMap { channel in
                transform.forward((0..<9).map { Double(weights[(output * 9 + $0) * 8 + channel]) }).map(Float.init)
            }
        }
        let responses = mixed.append(Value(name: "responses", shape: [1, 7, 6, 72], elementType: .float32))
        let kernels = mixed.append(Value(name: "basis", constant: Tensor([1, 3, 3, 72], filters)))
        let coefficients = mixed.append(Value(name: "mix", constant: Tensor([6, 1, 1, 72], mix)))
        mixed.nodes[place].operation = Convolution2D(activation: convolution.activation)
        mixed.nodes[place].inputs = [responses, coefficients, node.inputs[2]]
        mixed.nodes.insert(
            Node(
                name: "responses", operation: DepthwiseConvolution2D(window: convolution.window),
                inputs: [node.inputs[0], kernels], outputs: [responses]), at: place)
        for reals in cases.prefix(4) {
            #expect(Self.difference(try mixed.output(reals), try packed.network.output(reals)) < 2e-5)
        }
    }

    /// The parts have the size of the formula, plain where a table would not pay, and the file gives them back.
    @Test(arguments: [(4, 3), (32, 3), (64, 4), (64, 32)])
    func sizeIsThatOfTheParts(outputs: Int, bits: Int) throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 12], seed: 8)
        builder.network.outputs = [try builder.convolution(builder.input, outputs: outputs, name: "conv")]
        let step = FrequencyPacking(layers: ["conv"], clusters: 5, density: 0.25, bits: bits)
        let result = try Self.apply(step, to: builder.network)
        let composition = try #require(result.compositions.values.first)
        let (gaps, levels) = (try composition.part("gaps"), try composition.part("levels"))
        let plain = [5 * 9 * 32, outputs * 12 * 3, 32, gaps.patterns.count * gaps.width, gaps.patterns.count * bits]
        let words = composition.parts.map { PublishedSizeTests.codedBits($0.patterns, width: $0.width) }
        #expect(composition.size.count == zip(plain, words).reduce(0) { $0 + min($1.0, $1.1) })
        #expect(composition.parts.map { $0.coding == .huffman } == zip(plain, words).map { $1 < $0 })
        #expect(levels.coding == (bits < 32 ? .huffman : .plain))
        #expect(gaps.patterns.count <= outputs * 12 * 9 / 4 + (outputs * 12 * 9) >> gaps.width)
        let weights = try #require(result.lowered().layers[0].weights)
        #expect(weights.encodedSize == composition.size && weights.isEntropyCoded == composition.isEntropyCoded)
        let files = try CompressedNetworkFiles(result)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == result.compositions)
        #expect(try CompressedNetworkFiles(copy) == files)
    }

    /// More shared kernels, more coefficients and more bits never fit worse by much; rests beat centres alone.
    @Test func errorFallsWithWhatIsStored() throws {
        let (network, _) = try RewriteTests.network()
        func distortion(_ clusters: Int, _ density: Double, _ bits: Int) throws -> Double {
            let step = FrequencyPacking(layers: ["second"], clusters: clusters, density: density, bits: bits)
            return try #require(try Self.apply(step, to: network).weightDistortion(ofLayer: "second", against: network))
        }
        #expect(try distortion(16, 0, 8) < distortion(2, 0, 8))
        #expect(try distortion(4, 0.5, 8) < distortion(4, 0.1, 8))
        #expect(try distortion(4, 0.5, 8) < distortion(4, 0.5, 3))
        #expect(try distortion(48, 0, 8) < 1e-12)
    }

    @Test func damagedPartsAreRefused() throws {
        let (network, _) = try RewriteTests.network()
        let result = try Self.apply(FrequencyPacking(layers: ["second"]), to: network)
        let composition = try #require(result.compositions.values.first)
        for index in composition.parts.indices {
            var damaged = composition
            damaged.parts[index].patterns.removeLast()
            #expect(throws: Diagnostic.self) { try damaged.elements(shape: [6, 3, 3, 8]) }
        }
        #expect(throws: Diagnostic.self) { try composition.elements(shape: [6, 3, 3, 9]) }
        #expect(throws: Diagnostic.self) { try composition.elements(shape: [6, 1000, 1, 8]) }
        for step in [
            FrequencyPacking(layers: ["logits"]), FrequencyPacking(layers: ["second"], clusters: 49),
            FrequencyPacking(layers: ["second"], clusters: 0), FrequencyPacking(layers: ["second"], density: 2),
        ] {
            #expect(throws: Diagnostics.self) { try Self.apply(step, to: network) }
        }
        let packed = try Self.apply(FrequencyPacking(layers: ["*"], clusters: 48), to: network)
        #expect(packed.history[0].layers == ["second"], "layers of fewer kernels are left out unless they are named")
    }
}
