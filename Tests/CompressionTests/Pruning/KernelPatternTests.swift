import Compression
import Diagnostics
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct KernelPatternTests {
    /// A convolution of small integers, whose sums are exact in any order.
    ///
    /// - Parameter multiplier: outputs of an input channel in a depthwise layer; nil for another one.
    private func convolution(
        seed: UInt64, kernel: (Int, Int) = (3, 3), inputs: Int = 5, groups: Int = 1, multiplier: Int? = nil
    ) throws -> (network: Network, builder: NetworkBuilder, image: [Float]) {
        var builder = NetworkBuilder(input: [1, 7, 6, inputs], seed: seed)
        let window = Window(strideHeight: 2, padding: .uniform(1))
        let output =
            try multiplier.map { try builder.depthwise(builder.input, multiplier: $0, stride: 2) }
            ?? builder.convolution(
                builder.input, outputs: 6, kernel: kernel, window: window, groups: groups, activation: .none,
                name: "conv")
        var network = builder.finished(output)
        if multiplier != nil {
            network.nodes[0].operation = DepthwiseConvolution2D(
                window: Window(strideHeight: 2, strideWidth: 2, padding: .uniform(1)))
        }
        for operand in [1, 2] {
            let id = network.nodes[0].inputs[operand]
            network[id].constant = network[id].constant.map { Tensor($0.shape, $0.floats.map { ($0 * 40).rounded() }) }
        }
        return (network, builder, builder.sample().map { ($0 * 100).rounded() })
    }

    private func weights(_ compressed: CompressedNetwork) throws -> Value {
        try #require(compressed.network.nodes[0].weights.map { compressed.network[$0] })
    }

    /// The masked convolution is the product of patches and filters that lack the same columns, bit for bit (methods row 9).
    @Test(arguments: [2, 3, 4], StridedKernelPruning.Criterion.allCases)
    func maskedIsReduced(_ stride: Int, _ criterion: StridedKernelPruning.Criterion) throws {
        let (network, _, image) = try convolution(seed: 3)
        let result = try CompressedNetwork(network).applying(
            StridedKernelPruning(stride: stride, criterion: criterion), observing: CaseObserver(cases: [image]))
        #expect(result.faults(file: "test").isEmpty)
        let value = try weights(result)
        let node = result.network.nodes[0]
        let patches = try #require(LayerPatches(node, in: result.network))
        let (matrix, filters) = (
            patches.matrix(of: Tensor([1, 7, 6, 5], image)), patches.filters(of: value.reals)
        )
        let offsets = try #require(result.compositions[value.name]).part("patterns").patterns
        let left = (0..<patches.columns).filter { $0 / 5 % stride == Int(offsets[$0 % 5]) }
        #expect(left.count < patches.columns)
        let reduced = Matrix(rows: matrix.rows, columns: left.count) { matrix[$0, left[$1]] }
            .times(Matrix(rows: left.count, columns: 6) { filters[$1, left[$0]] })
        let bias = result.network[node.inputs[2]].reals
        let expected = reduced.elements.indices.map { Float(reduced.elements[$0] + bias[$0 % 6]) }
        #expect(try result.network.output(image) == expected)
    }

    /// In groups and in depthwise layers each input channel has one pattern too, and patches lose the same columns, bit for bit.
    @Test(
        arguments: [(6, 3, nil), (4, 2, nil), (5, 1, 1), (3, 1, 2), (1, 1, 4)] as [(Int, Int, Int?)],
        StridedKernelPruning.Criterion.allCases)
    func maskedIsReducedInGroups(
        _ layer: (inputs: Int, groups: Int, multiplier: Int?), _ criterion: StridedKernelPruning.Criterion
    ) throws {
        let (network, _, image) = try convolution(
            seed: 11, inputs: layer.inputs, groups: layer.groups, multiplier: layer.multiplier)
        let chains: [[any CompressionStep]] = [[], [FixedPointQuantization()]]
        for (index, steps) in chains.enumerated() {
            let step = StridedKernelPruning(stride: 2, criterion: criterion)
            let result = try CompressedNetwork(network).applying(
                steps + [step], observing: CaseObserver(cases: [image]))
            let value = try weights(result)
            let composition = try #require(result.compositions[value.name])
            #expect(try composition.part("patterns").size == Bits(layer.inputs))
            let copy = try CompressedNetworkFiles(result).compressedNetwork(folder: "f")
            #expect(copy.compositions == result.compositions)
            guard index == 0 else { continue }
            let expected = try reducedProduct(result.network, image, offsets: composition.part("patterns").patterns)
            #expect(try result.network.output(image) == expected)
        }
    }

    /// The output of a network's first layer, from patches and filters without the columns that offsets of stride 2 leave out.
    private func reducedProduct(_ network: Network, _ image: [Float], offsets: [UInt32]) throws -> [Float] {
        let node = network.nodes[0]
        let (input, reals) = (network[network.inputs[0]].shape, network[node.inputs[1]].reals)
        let patches = try #require(LayerPatches(node, in: network))
        let (depth, bias) = (offsets.count / patches.groups, network[node.inputs[2]].reals)
        let channels = patches.groups * patches.groupOutputs
        var output = [Float](repeating: 0, count: patches.positions * channels)
        for group in 0..<patches.groups {
            let (matrix, filters) = (
                patches.matrix(of: Tensor(input, image), group: group), patches.filters(of: reals, group: group)
            )
            let left = (0..<patches.columns).filter { column in
                column / depth % 2 == Int(offsets[group * depth + column % depth])
            }
            #expect(left.count < patches.columns)
            let reduced = Matrix(rows: matrix.rows, columns: left.count) { matrix[$0, left[$1]] }
                .times(Matrix(rows: left.count, columns: patches.groupOutputs) { filters[$1, left[$0]] })
            for (place, sum) in reduced.elements.enumerated() {
                let channel = patches.channel(place % patches.groupOutputs, ofGroup: group)
                output[place / patches.groupOutputs * channels + channel] = Float(sum + bias[channel])
            }
        }
        return output
    }

    /// Groups of before stand in no file; groups that do not suit the weights are refused.
    @Test func groupsOfAFileAreChecked() throws {
        let before = Data(#"{"sharesInputs":true}"#.utf8)
        let form = try JSONDecoder().decode(PatternedKernels.self, from: before)
        #expect(form == PatternedKernels(sharesInputs: true))
        #expect(try JSONEncoder().encode(form) == before)
        let grouped = PatternedKernels(sharesInputs: true, groups: 5, isDepthwise: true)
        #expect(try JSONDecoder().decode(PatternedKernels.self, from: JSONEncoder().encode(grouped)) == grouped)
        let (network, _, image) = try convolution(seed: 12, inputs: 4, groups: 2)
        let result = try CompressedNetwork(network).applying(
            StridedKernelPruning(), observing: CaseObserver(cases: [image]))
        let value = try weights(result)
        let composition = try #require(result.compositions[value.name])
        for groups in [0, -2, 1, 3, 4, 5, 6, .max] {
            for isDepthwise in [false, true] {
                var broken = composition
                broken.rule = .patternedKernels(
                    PatternedKernels(sharesInputs: true, groups: groups, isDepthwise: isDepthwise))
                #expect(throws: Diagnostic.self) { try broken.elements(shape: value.shape) }
            }
        }
    }

    /// Index: `C log2(patterns)` bits; each input's offset loses the least of all.
    @Test func offsetsCostTheirLogarithmAndLoseLeast() throws {
        let (network, _, _) = try convolution(seed: 4)
        let before = try #require(network.nodes[0].weights.map { network[$0].reals })
        let result = try CompressedNetwork(network).applying(
            StridedKernelPruning(stride: 4), observing: CaseObserver(cases: []))
        let value = try weights(result)
        let composition = try #require(result.compositions[value.name])
        #expect(try composition.part("patterns").size == Bits(5 * 2))
        #expect(try composition.part("dictionary").size == Bits(4 * 9))
        let kept = value.reals.count { $0 != 0 }
        #expect(try composition.part("weights").patterns.count >= kept)
        #expect(result.lowered().layers[0].weights?.encodedSize == composition.size)
        for input in 0..<5 {
            let sums = (0..<4).map { offset in
                before.indices.filter { $0 % 5 == input && $0 / 5 % 9 % 4 == offset }.reduce(0) { $0 + abs(before[$1]) }
            }
            let chosen = Int(try composition.part("patterns").patterns[input])
            #expect(sums[chosen] == sums.max())
        }
    }

    /// A layer of few inputs energized unevenly: the criterion decides by what the outputs lose.
    @Test func responseLosesLessThanMagnitude() throws {
        let (network, builder, _) = try convolution(seed: 6)
        var sampler = builder
        let cases = (0..<12).map { _ in
            sampler.sample().enumerated().map { $0.offset / 5 % 3 == 0 ? 9 * $0.element : $0.element }
        }
        func lost(_ criterion: StridedKernelPruning.Criterion) throws -> Float {
            let observer = CaseObserver(cases: cases)
            let step = StridedKernelPruning(stride: 2, criterion: criterion, positions: 1 << 10)
            let result = try CompressedNetwork(network).applying(step, observing: observer)
            return try cases.reduce(0) { sum, image in
                try zip(network.output(image), result.network.output(image)).reduce(sum) {
                    $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
                }
            }
        }
        #expect(try lost(.response) <= lost(.magnitude))
    }

    /// Every kernel keeps its entries at places of the dictionary, which is no larger than asked for; size by the formula.
    @Test(arguments: [1, 4, 16])
    func kernelsKeepPatternsOfTheDictionary(_ patterns: Int) throws {
        let (network, builder, image) = try convolution(seed: 5)
        let steps: [[any CompressionStep]] = [
            [KernelPatternPruning(patterns: patterns)],
            [FixedPointQuantization(), KernelPatternPruning(patterns: patterns)],
        ]
        _ = builder
        for (index, steps) in steps.enumerated() {
            let result = try CompressedNetwork(network).applying(steps, observing: CaseObserver(cases: [image]))
            #expect(result.faults(file: "test").isEmpty)
            let value = try weights(result)
            var seen: Set<[Int]> = []
            for kernel in 0..<30 {
                let places = (0..<9).filter { value.reals[(kernel / 5 * 9 + $0) * 5 + kernel % 5] != 0 }
                #expect(places.count <= 4)
                if places.count == 4 { seen.insert(places) }
            }
            #expect(seen.count <= patterns && !seen.isEmpty)
            let composition = try #require(result.compositions[value.name])
            let dictionary = try composition.part("dictionary").patterns.count / 9
            let bits = dictionary * 9 + 30 * Int.bitWidth - 30 * (dictionary - 1).leadingZeroBitCount
            #expect(composition.size == Bits(bits + 30 * 4 * (index == 0 ? 32 : 8)))
        }
    }

    /// One pattern a kernel is lossless when the kernels have those zeros already; more patterns lose no more.
    @Test func morePatternsLoseLess() throws {
        let (network, _, image) = try convolution(seed: 7)
        func kept(_ patterns: Int) throws -> Double {
            let result = try CompressedNetwork(network).applying(
                KernelPatternPruning(entries: 4, patterns: patterns), observing: CaseObserver(cases: [image]))
            return try weights(result).reals.reduce(0) { $0 + $1 * $1 }
        }
        let energies = try [1, 2, 4, 8, 30].map(kept)
        #expect(energies == energies.sorted())
        let magnitudes = try #require(network.nodes[0].weights.map { network[$0].reals })
        let best = (0..<30).reduce(0.0) { sum, kernel in
            let squares = (0..<9).map { magnitudes[(kernel / 5 * 9 + $0) * 5 + kernel % 5] }.map { $0 * $0 }
            return sum + squares.sorted(by: >).prefix(4).reduce(0, +)
        }
        #expect(energies.last == best)
    }

    @Test func unsuitableKernelsAreRefused() throws {
        let (network, _, _) = try convolution(seed: 8, kernel: (1, 1))
        for step in [StridedKernelPruning(layers: ["conv"]), KernelPatternPruning(layers: ["conv"])]
            as [any CompressionStep]
        {
            let error = #expect(throws: Diagnostics.self) {
                try CompressedNetwork(network).applying(step, observing: CaseObserver(cases: []))
            }
            #expect(error?.findings.first?.message.contains("in kernels of 1 weights") == true)
        }
    }

    /// No energy is known without cases; magnitudes need none.
    @Test func responsesAskForCases() throws {
        let (network, _, _) = try convolution(seed: 8)
        let (given, observer) = (CompressedNetwork(network), CaseObserver(cases: []))
        let error = #expect(throws: Diagnostics.self) {
            try given.applying(StridedKernelPruning(criterion: .response), observing: observer)
        }
        #expect(error?.findings.map(\.location?.position) == [.part("conv")])
        #expect(throws: Never.self) { try given.applying(StridedKernelPruning(), observing: observer) }
    }

    /// Parts from a hostile file are refused, not read.
    @Test func brokenPartsAreRefused() throws {
        let (network, _, _) = try convolution(seed: 9)
        let result = try CompressedNetwork(network).applying(
            KernelPatternPruning(), observing: CaseObserver(cases: []))
        let value = try weights(result)
        let whole = try #require(result.compositions[value.name])
        for part in whole.parts.indices {
            var broken = whole
            broken.parts[part] = StoredPart(
                whole.parts[part].name, patterns: whole.parts[part].patterns.dropLast(), width: whole.parts[part].width)
            #expect(throws: Diagnostic.self) { try broken.elements(shape: value.shape) }
        }
        #expect(throws: Diagnostic.self) { try whole.elements(shape: [6, 45]) }
        #expect(throws: Diagnostic.self) { try whole.elements(shape: [6, 9, 9, 5]) }
    }
}
