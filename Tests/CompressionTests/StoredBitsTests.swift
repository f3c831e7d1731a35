import Compression
import Diagnostics
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

/// What is stored has one form only: what is read and written again gives the same bytes.
@Suite struct StoredBitsTests {
    private static let single = ProductVectors(length: 1, tables: 1)

    /// A dense layer whose weights, all alike, are one vector of one element, with places of no bits.
    private func constant(named name: String = "weights", besides other: String? = nil) throws -> CompressedNetwork {
        var builder = NetworkBuilder(input: [1, 1, 1, 6], seed: 3)
        let output = try builder.fullyConnected(builder.input, outputs: 4, name: "dense")
        builder.network.outputs = [output]
        var compressed = CompressedNetwork(builder.network)
        let inputs = compressed.network.nodes[0].inputs
        let shared = [Float](repeating: 0.5, count: 24)
        compressed.network[inputs[1]].name = name
        compressed.network[inputs[1]].constant = Tensor([4, 6], shared)
        if let other { compressed.network[inputs[2]].name = other }
        compressed.compositions[name] = Self.single.composition(
            centers: [0.5], places: [UInt32](repeating: 0, count: 24), count: 1)
        return compressed
    }

    private func refusal(of files: CompressedNetworkFiles) throws -> Diagnostics {
        try #require(#expect(throws: Diagnostics.self) { try files.compressedNetwork(folder: "f") })
    }

    /// Numbers of no bits take no bytes: their claimed count is held against the constant before anything is allocated.
    @Test func countsOfNoBitsAreBoundedByTheConstant() throws {
        var files = try CompressedNetworkFiles(constant())
        #expect(try files.compressedNetwork(folder: "f").compositions.count == 1)
        let text = String(decoding: files.network, as: UTF8.self)
        try #require(text.contains("\"count\" : 24"))
        files.network = Data(text.replacingOccurrences(of: "\"count\" : 24", with: "\"count\" : 385").utf8)
        let refusal = try refusal(of: files)
        #expect(
            refusal.findings.map(\.location) == [SourceLocation(file: "f/network.json", position: .part("weights"))])
        #expect(refusal.rendered().contains("part 'places': 385 patterns of no bits where at most 384"))
        #expect(throws: Diagnostic.self) { try StoredPart("a", bytes: [], count: 9, width: 0, mostOfNoBits: 8) }
        #expect(try StoredPart("a", bytes: [], count: 9, width: 0, mostOfNoBits: 9).patterns.count == 9)
    }

    /// Constants called as the parts of others are stored beside them.
    @Test(arguments: [
        ("weights", "weights#table"), ("weights", "weights##table"), ("weights#", "weights"), ("#", "##table"),
        ("weights#table", "weights"),
    ])
    func partsAndConstantsNeverShareAName(_ name: String, _ other: String) throws {
        let compressed = try constant(named: name, besides: other)
        let files = try CompressedNetworkFiles(compressed)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == compressed.compositions)
        #expect(copy.network.values.map(\.constant) == compressed.network.values.map(\.constant))
        #expect(try CompressedNetworkFiles(copy) == files)
    }

    /// Each bit of the tensors' elements that is turned is read as such, or refused.
    @Test func filesOfCompositionsAreReadAndWrittenTheSame() throws {
        var builder = NetworkBuilder(input: [1, 5, 5, 3], seed: 4)
        let output = try builder.convolution(builder.input, outputs: 5, name: "conv")
        let step = try #require(
            StepCatalog.standard.steps(of: Recipe(steps: [RecipeEntry(step: "weight-sharing", parameters: [:])])).first)
        let shared = try CompressedNetwork(builder.finished(output)).applying(step, observing: CaseObserver(cases: []))
        var plain = shared
        let value = try #require(plain.network.nodes.first?.weights.map { plain.network[$0] })
        let values = try #require(value.constant?.floats)
        let centers = Set(values).sorted()
        let places = values.map { value in UInt32(centers.firstIndex(of: value) ?? 0) }
        plain.compositions[value.name] = Self.single.composition(centers: centers, places: places, count: centers.count)
        let files = try CompressedNetworkFiles(plain)
        let header = files.tensors.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } + 8
        var refused = 0
        for bit in 8 * header..<8 * files.tensors.count {
            var changed = files
            changed.tensors[bit / 8] ^= UInt8(1 << (bit % 8))
            guard let copy = try? changed.compressedNetwork(folder: "f") else {
                refused += 1
                continue
            }
            #expect(try CompressedNetworkFiles(copy) == changed)
        }
        #expect(refused > 0)
    }

    @Test func tensorsOfNoConstantAreNamed() throws {
        var files = try CompressedNetworkFiles(constant())
        var tensors = try Safetensors.decode(files.tensors, name: "t")
        tensors["stray"] = Tensor([1], [1])
        files.tensors = try Safetensors.encode(tensors)
        #expect(try refusal(of: files).rendered().contains("stray"))
    }

    @Test func spareBitsAreZero() throws {
        let values: [Float] = (0..<13).map { $0 % 3 == 0 ? 0 : Float($0 % 4) }
        let symbols = try #require(WeightSymbols(Tensor([1, 13], values), quantization: nil))
        let groups = WeightGroups(shape: [1, 13], computeClass: .fullyConnected, granularity: .weight)
        for layout in WeightEncodingTests.layouts {
            for coding in WeightEncodingTests.codings {
                let encoded = WeightEncoding(layout, elements: coding.elements, indices: coding.indices)
                    .encode(symbols, groups: groups)
                for bit in encoded.size.count..<8 * encoded.bytes.count {
                    var changed = encoded
                    changed.bytes[bit / 8] ^= UInt8(1 << (bit % 8))
                    #expect(throws: Diagnostic.self) { try changed.decode(width: 32, groups: groups) }
                }
                var longer = encoded
                longer.bytes.append(0)
                #expect(throws: Diagnostic.self) { try longer.decode(width: 32, groups: groups) }
            }
        }
        #expect(throws: Diagnostic.self) { try StoredPart("a", bytes: [0b100], count: 2, width: 1, mostOfNoBits: 0) }
        #expect(try StoredPart("a", bytes: [0b10], count: 2, width: 1, mostOfNoBits: 0).patterns == [0, 1])
    }

    /// A name longer than its field says is refused when it is written, not found when it is read.
    @Test func namesFitTheirField() throws {
        let longest = String(repeating: "n", count: 65535)
        let compressed = try constant(named: longest)
        #expect(try CodedWeightsFile(compressed).constants(of: compressed.network)[longest] != nil)
        let fault = try #require(
            #expect(throws: Diagnostic.self) { try CodedWeightsFile(constant(named: longest + "n")) })
        #expect(fault.message.contains("a constant's name of 65536 bytes") && fault.message.count < 200)
    }

    @Test func constantsOfOneNameAreRefused() throws {
        let compressed = try constant()
        let records = try CodedWeightsFile(compressed).records()
        let file = try CodedWeightsFile(records: [records[0], records[0]])
        #expect(throws: Diagnostic.self) { try file.records() }
    }

    /// Sixteen reads an element are summed as they are found: a table of them would take 192 bytes an element.
    @Test func hashedElementsAreComputedOneByOne() async {
        await #expect(processExitsWith: .success) {
            func peakBytes() -> Int {
                var usage = rusage()
                getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
                return usage.ru_maxrss * 1024
            }
            let composition = WeightComposition(
                .hashedValues(HashedValues(reads: 16, hidden: 0)),
                parts: [StoredPart("buckets", reals: [1, 2, 4]), StoredPart("seed", patterns: [7], width: 32)])
            let before = peakBytes()
            let elements = try composition.elements(shape: [1 << 20])
            precondition(elements.count == 1 << 20 && peakBytes() - before < 48 << 20, "too much memory")
        }
    }
}
