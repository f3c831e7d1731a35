import FixedPoint
public import Hardware
import Quantities
import Synchronization
import Tensors
public import Workloads

/// A spatial array with the memory behind it; finds the mapping of a layer once and keeps it.
public struct PreparedSpatialArray: Engine {
    public let array: SpatialArray
    /// Bytes that the memory behind moves in a cycle.
    public let bytesPerCycle: Double
    /// Femtojoules of a bit of the memory behind.
    private let memoryReadEnergy: Double
    private let memoryWriteEnergy: Double
    /// Bits of its bus.
    private let memoryWordBits: Int
    private let kept = FoundMappings()

    /// - Parameter memory: The memory behind the buffers.
    public init(_ array: SpatialArray, of device: Device, memory: Memory?) {
        self.array = array
        let bus = memory.map { Double($0.busWidth.count) / 8 / Double(1 + $0.waitStates) } ?? 0
        bytesPerCycle = memory?.bandwidth?.bytesPerCycle(at: device.clock) ?? bus
        memoryWordBits = max(1, memory?.busWidth.count ?? 1)
        let operations = OperationEnergy(device.energy)
        memoryReadEnergy = Double(memory.flatMap(operations.read)?.attojoules ?? 0) / 1000
        memoryWriteEnergy = Double(memory.flatMap(operations.write)?.attojoules ?? 0) / 1000
    }

    public var storage: ActivationStorage {
        switch array.arrangement {
        case .rowStationary(let grid): ActivationStorage(isPacked: true, alignment: max(1, grid.codeWord.count / 8))
        case .loopNest: ActivationStorage(isPacked: true, alignment: 1)
        }
    }

    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        let layer = operands.layer
        switch layer.computeClass {
        case .free: return .success(ScheduledForm(.none))
        case .pooling, .elementwise, .transcendental, .dataMovement:
            let elements = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.shape.elementCount }
            return .success(ScheduledForm(.stream(elements: elements)))
        case .convolution, .depthwise, .fullyConnected:
            switch found(for: operands) {
            case .rowStationary(let mapping, _): return .success(ScheduledForm(.mapping(.rowStationary(mapping))))
            case .loopNest(let mapping, _): return .success(ScheduledForm(.mapping(.loopNest(mapping))))
            case .refused(let reason): return .failure(UnsupportedLayer(layer: layer.name, reason: reason))
            }
        }
    }

    /// A mapping with what it moves, or why there is none.
    public enum Found: Sendable {
        case rowStationary(RowStationaryMapping, RowStationaryCost)
        case loopNest(LoopMapping, LoopAccesses)
        case refused(String)
    }

    /// The mapping of a layer that multiplies, searched for once.
    public func found(for operands: LayerOperands) -> Found {
        let layer = operands.layer
        if layer.isFloat { return .refused("the array multiplies integers only, and the layer computes in float") }
        if operands.inputBits > array.activationBits.count {
            return .refused("the array multiplies activations of at most \(array.activationBits.count) bits")
        }
        if let weights = layer.weights, weights.elementBits > array.weightBits.count {
            return .refused("the array multiplies weights of at most \(array.weightBits.count) bits")
        }
        let question = FoundMappings.Question(
            loops: layer.loops, inputBits: operands.inputBits, outputBits: operands.outputBits,
            weightBits: layer.weights?.elementBits ?? operands.inputBits, zeros: codedZeros(operands))
        if let answer = kept[question] { return answer }
        let answer = search(question)
        kept[question] = answer
        return answer
    }

    /// Zeros as far as they decide a mapping: where runs of them are coded.
    private func codedZeros(_ operands: LayerOperands) -> Double {
        switch array.arrangement {
        case .rowStationary: zeros(met: operands).value
        case .loopNest: 0
        }
    }

    private func search(_ question: FoundMappings.Question) -> Found {
        switch array.arrangement {
        case .rowStationary(let grid):
            if let reason = Self.refusal(of: question.loops, LoopNestArray(axes: [], levels: [])) {
                return .refused(reason)
            }
            var search = RowStationarySearch(rowLayer(question.loops, grid, zeros: question.zeros))
            if let (mapping, cost) = search.run() { return .rowStationary(mapping, cost) }
        case .loopNest(let nest):
            if let reason = Self.refusal(of: question.loops, nest) { return .refused(reason) }
            let problem = problem(question, nest)
            if let mapping = LoopSearch(problem).run() {
                return .loopNest(mapping, LoopAccesses(mapping, of: problem))
            }
        }
        return .refused("not even one output at a time fits the array's stores")
    }

    /// Layers whose counts would not be whole numbers of a machine word.
    private static func refusal(of loops: LoopNest, _ nest: LoopNestArray) -> String? {
        let extents = LoopProblem(
            loops: loops, array: nest, widths: .init(weights: 1, inputs: 1, outputs: 1, sums: 1), memoryReadEnergy: 0,
            memoryWriteEnergy: 0
        ).extents
        if extents.contains(where: { $0 < 1 || $0 > 1 << 20 }) {
            return "a loop of the layer is empty or longer than 1,048,576"
        }
        if [loops.strideHeight, loops.strideWidth, loops.dilationHeight, loops.dilationWidth].contains(where: {
            $0 < 1 || $0 > 1 << 20
        }) {
            return "a stride or a dilation of the layer is not positive, or endless"
        }
        if extents.reduce(1.0, { $0 * Double($1) }) > 1e14 { return "the layer has more than 1e14 products" }
        return nil
    }

    private func problem(_ question: FoundMappings.Question, _ nest: LoopNestArray) -> LoopProblem {
        LoopProblem(
            loops: question.loops, array: nest,
            widths: .init(
                weights: question.weightBits, inputs: question.inputBits, outputs: max(1, question.outputBits),
                sums: array.accumulatorBits.count),
            memoryReadEnergy: memoryReadEnergy, memoryWriteEnergy: memoryWriteEnergy, memoryWordBits: memoryWordBits)
    }

    /// The fraction of activations that are zero: counted, or the profile's assumption; none in a network's inputs.
    public func zeros(met operands: LayerOperands) -> MeasuredFraction {
        if let counted = operands.layer.activationZeros { return counted }
        let isInput = operands.inputs.contains { $0.producer == nil }
        return MeasuredFraction(value: isInput ? 0 : Double(array.assumedZeros) / 1000, origin: .assumed)
    }

    private func rowLayer(_ loops: LoopNest, _ grid: RowStationaryArray, zeros: Double) -> RowStationaryLayer {
        let word = max(1, max(array.activationBits.count, array.weightBits.count))
        return RowStationaryLayer(
            loops, grid, wordBits: word,
            inputCoding: Self.coding(grid, word: word, zeros: zeros),
            outputCoding: Self.coding(grid, word: word, zeros: Double(array.assumedZeros) / 1000),
            bytesPerCycle: bytesPerCycle)
    }

    /// Words of memory for each activation whose runs of zeros are coded, at most one.
    ///
    /// A run covers up to `2^bits - 1` zeros and one value; zeros that fall independently make
    /// `(1 - z) / (1 - z^(2^bits))` runs for each activation.
    static func coding(_ grid: RowStationaryArray, word: Int, zeros: Double) -> Double {
        let run = grid.runBits.count
        let each = run + word
        guard run > 0, run < 31, grid.codeWord.count >= each, zeros > 0 else { return 1 }
        let bits = Double(grid.codeWord.count) / Double(grid.codeWord.count / each)
        var power = zeros
        for _ in 0..<run { power *= power }
        let runs = zeros < 1 ? (1 - zeros) / (1 - power) : 1 / Double(1 << run)
        return min(1, runs * bits / Double(word))
    }
}

/// Mappings already searched for, by layer; a search is a pure function, so that keeping its answer changes none.
private final class FoundMappings: Sendable {
    struct Question: Sendable, Hashable {
        var loops: LoopNest
        var inputBits: Int
        var outputBits: Int
        var weightBits: Int
        var zeros: Double
    }

    private let answers = Mutex<[Question: PreparedSpatialArray.Found]>([:])

    subscript(_ question: Question) -> PreparedSpatialArray.Found? {
        get { answers.withLock { $0[question] } }
        set {
            guard let newValue else { return }
            answers.withLock { answers in
                if answers.count >= 1 << 16 { answers.removeAll() }
                answers[question] = newValue
            }
        }
    }
}
