import Compression
import Diagnostics
import Execution
import FixedPoint
import Networks
import Quantities
import Tensors
import Testing
import Workloads

/// What is composed from stored parts in reals stays composed from stored parts in integers.
@Suite struct IntegerFormTests {
    struct Method: Sendable, CustomTestStringConvertible {
        var step: String
        var numbers: [String: Double]
        /// The part of the numbers that elements select or add.
        var part = ""
        var terms = 1
        /// Whether each channel has numbers of its own.
        var ownsNumbers = false

        var testDescription: String { step }
    }

    private static let selecting = [
        Method(step: "product-quantization", numbers: ["length": 4, "centers": 8], part: "centers"),
        Method(
            step: "residual-quantization", numbers: ["length": 4, "centers": 4, "stages": 3], part: "centers", terms: 3),
        Method(step: "response-product-quantization", numbers: ["length": 4, "centers": 8], part: "centers"),
        Method(step: "hashed-weights", numbers: ["fraction": 0.25], part: "buckets"),
        Method(
            step: "functional-hashing", numbers: ["fraction": 0.25, "reads": 3, "hidden": 0], part: "buckets", terms: 3),
        Method(step: "circulant-projection", numbers: ["keep": 0.5], part: "column"),
        Method(step: "ternary-weights", numbers: [:], part: "levels", ownsNumbers: true),
        Method(step: "network-sketching", numbers: ["terms": 2], part: "factors", terms: 2, ownsNumbers: true),
        Method(step: "kernel-pattern-pruning", numbers: ["entries": 4], part: "weights", ownsNumbers: true),
    ]

    private static let computing = [
        Method(step: "cnnpack", numbers: ["clusters": 4, "density": 0.25, "bits": 6]),
        Method(step: "functional-hashing", numbers: ["fraction": 0.1, "reads": 2, "hidden": 2]),
    ]

    /// A convolution of 40 filters of 72 weights, and its observed cases.
    private func convolution() throws -> (network: CompressedNetwork, observer: CaseObserver) {
        var builder = NetworkBuilder(input: [1, 6, 5, 8], seed: 11)
        let image = try builder.convolution(builder.input, outputs: 40, name: "wide")
        let pooled = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [image])
        let logits = try builder.fullyConnected(pooled, outputs: 5, name: "logits")
        let cases = (0..<12).map { _ in builder.sample() }
        return (CompressedNetwork(builder.finished(logits)), CaseObserver(cases: cases))
    }

    private func applied(_ method: Method) throws -> (float: CompressedNetwork, observer: CaseObserver) {
        let (network, observer) = try convolution()
        let parameters = method.numbers.mapValues { ParameterValue.number($0) }
        let recipe = Recipe(steps: [RecipeEntry(step: method.step, layers: ["wide"], parameters: parameters)])
        let step = try #require(StepCatalog.standard.steps(of: recipe).first)
        let float = try network.applying(step, observing: observer)
        #expect(float.compositions.count == 1)
        return (float, observer)
    }

    /// The composed constant.
    private func value(_ compressed: CompressedNetwork, of float: CompressedNetwork) throws -> Value {
        let name = try #require(float.compositions.keys.first)
        return try #require(compressed.network.values.first { $0.name == name })
    }

    /// The same steps on weights whose composition is not known.
    private func plain(_ step: any CompressionStep, on given: CompressedNetwork, _ observer: CaseObserver) throws
        -> CompressedNetwork
    {
        var given = given
        given.compositions = [:]
        return try given.applying(step, observing: observer)
    }

    private func expectSound(_ compressed: CompressedNetwork, _ observer: CaseObserver) throws {
        #expect(compressed.faults(file: "f").isEmpty)
        let files = try CompressedNetworkFiles(compressed)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == compressed.compositions)
        #expect(try CompressedNetworkFiles(copy) == files)
        let input = compressed.network[compressed.network.inputs[0]]
        let tensor = Tensor.bytes(input.shape, seed: 4)
        let results = try [KernelSelection.fastest, .reference].map {
            try Interpreter(compressed.network, kernels: $0).run([tensor])
        }
        #expect(results[0] == results[1])
    }

    /// Rounding commutes with selection: the constant is the one that plain quantization gives, and the parts hold its
    /// integers in 8 bits a number. Sums of several are off by half a step a term, and never leave the grid, though a term may.
    @Test(arguments: selecting, FixedPointQuantization.WeightScales.allCases)
    func selectedNumbersBecomeIntegers(_ method: Method, _ scales: FixedPointQuantization.WeightScales) throws {
        let (float, observer) = try applied(method)
        let integer = try float.applying(FixedPointQuantization(weightScales: scales), observing: observer)
        let value = try value(integer, of: float)
        let (before, after) = (
            try #require(float.compositions[value.name]), try #require(integer.compositions[value.name])
        )
        let stored = try after.part(method.part)
        #expect(after.rule == before.rule && (method.terms == 1 ? 8...8 : 8...9).contains(stored.width))
        #expect(after.size == Bits(before.size.count - (32 - stored.width) * stored.patterns.count))
        #expect(after.composes(try #require(value.constant)))
        let footprint = try #require(
            zip(integer.network.nodes, integer.lowered().layers).first { node, _ in
                node.weights.map { integer.network[$0].name } == value.name
            }?.1.weights)
        #expect(footprint.encodedSize == after.size && footprint.storage == .composed && footprint.elementBits == 8)
        let hasOneScale = scales == .tensor || !method.ownsNumbers
        #expect(value.quantization?.axis == (hasOneScale ? nil : 0))
        let says = integer.history.last?.remarks.contains { $0.contains("one scale for its weights") }
        #expect(says == (scales == .channel && !method.ownsNumbers))
        let reals = try self.value(float, of: float).reals
        if method.terms == 1 {
            let step = FixedPointQuantization(weightScales: hasOneScale ? .tensor : .channel)
            let reference = try self.value(plain(step, on: float, observer), of: float)
            #expect(value.constant == reference.constant && value.quantization == reference.quantization)
        } else {
            let grid = try #require(value.quantization)
            let channels = reals.count / grid.scales.count
            for (place, real) in reals.enumerated() {
                let step = Double(grid.scales[place / channels])
                #expect(abs(value.reals[place] - real) <= step * Double(method.terms) / 2 * 1.0001)
            }
        }
        try expectSound(integer, observer)
    }

    /// Numbers in words stay in words when they become integers, where these are smaller than fields.
    @Test func codedNumbersStayCoded() throws {
        var (float, observer) = try applied(Self.selecting[0])
        let name = try value(float, of: float).name
        var composition = try #require(float.compositions[name])
        let place = try #require(composition.parts.firstIndex { $0.name == "centers" })
        let count = composition.parts[place].patterns.count
        let few = StoredPart("centers", reals: (0..<count).map { $0 % 8 == 0 ? -0.25 : 0.5 })
        composition.parts[place] = few.coded(as: [.huffman])
        let id = try #require(float.network.nodes[0].weights)
        float.network[id].constant = Tensor([40, 3, 3, 8], try composition.elements(shape: [40, 3, 3, 8]))
        float.compositions[name] = composition
        let integer = try float.applying(FixedPointQuantization(weightBits: 8), observing: observer)
        let parts = try [float, integer].map { try #require($0.compositions[name]).part("centers") }
        #expect(parts.map(\.coding) == [.huffman, .huffman] && parts[1].width == 8)
        #expect(parts[1].size.count < parts[0].size.count && parts[1].size.count < count * 8)
        try expectSound(integer, observer)
    }

    /// What is computed otherwise is rounded behind its rule, at the cost of the scales.
    @Test(arguments: computing, FixedPointQuantization.WeightScales.allCases)
    func computedElementsAreRounded(_ method: Method, _ scales: FixedPointQuantization.WeightScales) throws {
        let (float, observer) = try applied(method)
        for bits in [8, 5] {
            let step = FixedPointQuantization(weightBits: bits, weightScales: scales)
            let integer = try float.applying(step, observing: observer)
            let value = try value(integer, of: float)
            let reference = try self.value(plain(step, on: float, observer), of: float)
            #expect(value.constant == reference.constant && value.quantization == reference.quantization)
            let (before, after) = (
                try #require(float.compositions[value.name]), try #require(integer.compositions[value.name])
            )
            #expect(after.size == Bits(before.size.count + (scales == .tensor ? 1 : 40) * 32))
            #expect(integer.history.last?.remarks.contains { $0.contains("then rounded") } == true)
            try expectSound(integer, observer)
            let coarser = try integer.applying(FixedPointQuantization(weightBits: 4), observing: observer)
            let moved = try self.value(coarser, of: float)
            #expect(coarser.compositions[moved.name]?.composes(try #require(moved.constant)) == true)
            #expect(moved.quantization?.format.bits == 4)
        }
    }

    /// Integers move to fewer bits as they do without a form; numbers then take those bits.
    @Test(arguments: selecting.filter { $0.terms == 1 })
    func coarserIntegersKeepTheForm(_ method: Method) throws {
        let (float, observer) = try applied(method)
        let integer = try float.applying(FixedPointQuantization(), observing: observer)
        let (held, before) = (try value(integer, of: float), try value(float, of: float).name)
        let step = FixedPointQuantization(
            weightBits: 5, weightScales: held.quantization?.axis == nil ? .tensor : .channel)
        let coarser = try integer.applying(step, observing: observer)
        let (fine, coarse) = (try #require(integer.compositions[before]), try #require(coarser.compositions[before]))
        let stored = try coarse.part(method.part)
        #expect(stored.width == 5 && coarse.size == Bits(fine.size.count - 3 * stored.patterns.count))
        let (found, reference) = (
            try value(coarser, of: float), try value(plain(step, on: integer, observer), of: float)
        )
        #expect(found.constant == reference.constant && found.quantization == reference.quantization)
        try expectSound(coarser, observer)
    }

    /// Sums of three numbers do not fit into two bits: few are rounded behind their rule, many are worth less than plain integers.
    @Test(arguments: [(0.05, true), (0.5, false)]) func narrowSumsAreRoundedOrLeft(fraction: Double, keeps: Bool) throws
    {
        let method = Method(step: "functional-hashing", numbers: ["fraction": fraction, "reads": 3, "hidden": 0])
        let (float, observer) = try applied(method)
        let integer = try float.applying(FixedPointQuantization(), observing: observer)
        let coarser = try integer.applying(FixedPointQuantization(weightBits: 2), observing: observer)
        let value = try value(coarser, of: float)
        let count = Int((2880 * fraction).rounded())
        if keeps {
            let composition = try #require(coarser.compositions[value.name])
            #expect(composition.size == Bits(count * 8 + 32 + 40 * 32))
            #expect(composition.composes(try #require(value.constant)))
        } else {
            #expect(coarser.compositions.isEmpty)
        }
        let lost = "layer 'wide': its weights are no longer composed from \(count * 8 + 32) bits of parts"
        #expect(coarser.history.last?.remarks.contains(lost) == !keeps)
        try expectSound(coarser, observer)
    }

    /// What is rounded behind integers is rounded once when it moves to still fewer bits.
    @Test func roundedIntegersStayNear() throws {
        let method = Method(step: "functional-hashing", numbers: ["fraction": 0.05, "reads": 16, "hidden": 0])
        let (float, observer) = try applied(method)
        let steps = [8, 4, 3].map { FixedPointQuantization(weightBits: $0) }
        let values = try steps.indices.map {
            try value(float.applying(Array(steps[...$0]), observing: observer), of: float)
        }
        let coarse = try float.applying(steps, observing: observer)
        #expect(coarse.compositions[values[2].name]?.size == Bits(144 * 8 + 32 + 40 * 32))
        let scales = values.map { $0.quantization?.scales ?? [] }
        for (place, real) in try value(float, of: float).reals.enumerated() {
            let channel = place / 72
            let bound = 8 * scales[0][0] + (scales[1][channel] + scales[2][channel]) / 2
            #expect(abs(values[2].reals[place] - real) <= 1.0001 * Double(bound))
        }
        try expectSound(coarse, observer)
    }

    /// A byte a weight is no gain over integers of 8 bits, but one over integers of 12.
    @Test(arguments: [8, 12]) func formsThatTakeNoFewerBitsAreLeft(bits: Int) throws {
        let (float, observer) = try applied(Method(step: "dynamic-tree", numbers: [:]))
        let integer = try float.applying(FixedPointQuantization(weightBits: bits), observing: observer)
        let (value, size) = (try value(integer, of: float), 2880 * 8 + 32)
        let lost = "layer 'wide': its weights are no longer composed from \(size) bits of parts"
        #expect(integer.history.last?.remarks.contains(lost) == (bits == 8))
        #expect(integer.compositions[value.name]?.size == (bits == 8 ? nil : Bits(size + 40 * 32)))
        try expectSound(integer, observer)
    }

    /// Few values stay few: one scale for the layer unless nothing is shared.
    @Test func sharedValuesStayShared() throws {
        let (network, observer) = try convolution()
        let shared = try network.applying(
            [WeightSharing(layers: ["wide"], bits: 3), FixedPointQuantization()], observing: observer)
        let weights = try ["wide", "logits"].map { name in
            try #require(shared.network.nodes.first { $0.name == name }?.weights.map { shared.network[$0] })
        }
        #expect(Set(weights[0].constant?.integers ?? []).count <= 8)
        #expect(weights.map { $0.quantization?.scales.count } == [1, 5])
        #expect(
            shared.history[1].remarks == ["layer 'wide': one scale for its weights, since channels share stored values"]
        )
        #expect(shared.lowered().layers[0].weights?.encodedSize == Bits(2880 * 3 + 8 * 8 + 8))
    }

    /// Stored numbers are drawn once, not once for each element that selects them.
    @Test func drawnNumbersKeepTheForm() throws {
        let (float, observer) = try applied(Self.selecting[0])
        let name = try value(float, of: float).name
        let drawn = try float.applying(StochasticFixedPoint(layers: ["wide"], weightBits: 8), observing: observer)
        let onGrid = try #require(drawn.compositions[name])
        #expect(onGrid.size == float.compositions[name]?.size && drawn.grids[name] != nil)
        let integer = try drawn.applying(FixedPointQuantization(), observing: observer)
        let composition = try #require(integer.compositions[name])
        #expect(try composition.part("centers").width == 8)
        #expect(try value(integer, of: float).reals == value(drawn, of: float).reals)
        let fewer = try integer.applying(StochasticFixedPoint(layers: ["wide"], weightBits: 6), observing: observer)
        #expect(try #require(fewer.compositions[name]).part("centers").width == 6)
        try expectSound(fewer, observer)
    }

    /// Rules and numbers from a file are hostile.
    @Test func damagedFormsAreRefused() throws {
        let column = CirculantRows.composition(column: [1, 2, 3], negated: [false, true, false])
        func elements(_ form: RoundedValues, scales: [Float]) throws -> [Float] {
            try WeightComposition(.roundedValues(form), parts: column.parts + [StoredPart("scales", reals: scales)])
                .elements(shape: [2, 3])
        }
        #expect(try elements(RoundedValues(column.rule, axis: nil, bits: 2), scales: [2]) == [1, -1, 1, 1, -1, 1])
        let inner = RoundedValues(column.rule, axis: nil, bits: 8)
        let faulty: [(RoundedValues, [Float])] = [
            (inner, []), (inner, [0]), (inner, [.nan]), (inner, [1, 1]), (inner, [-1]),
            (RoundedValues(column.rule, axis: 7, bits: 8), [1]), (RoundedValues(column.rule, axis: nil, bits: 40), [1]),
            (RoundedValues(.roundedValues(inner), axis: nil, bits: 8), [1]),
        ]
        for (form, scales) in faulty {
            #expect(throws: Diagnostic.self) { try elements(form, scales: scales) }
        }
    }

    /// A number that no element takes may be anything.
    @Test func unusedNumbersDoNoHarm() throws {
        var (float, observer) = try applied(Self.selecting[0])
        let name = try value(float, of: float).name
        var composition = try #require(float.compositions[name])
        let places = composition.parts[1].patterns.map { $0 % 4 }
        composition.parts[1] = StoredPart("places", patterns: places, width: 3)
        for place in composition.parts[0].patterns.indices where place / 4 % 8 >= 4 {
            composition.parts[0].patterns[place] = [Float.nan, .infinity, -.infinity][place % 3].bitPattern
        }
        let id = try #require(float.network.nodes[0].weights)
        float.network[id].constant = Tensor([40, 3, 3, 8], try composition.elements(shape: [40, 3, 3, 8]))
        float.compositions[name] = composition
        let integer = try float.applying(FixedPointQuantization(), observing: observer)
        #expect(integer.compositions[name]?.composes(try #require(integer.network[id].constant)) == true)
    }
}
