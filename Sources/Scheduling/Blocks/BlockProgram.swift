import Hardware
import Quantities
import Tensors
public import Workloads

/// The operations of a block-based engine that compute one layer.
public enum BlockProgram: Sendable, Hashable {
    /// Nothing runs: a view, or elements that their writers put in place.
    case none
    /// A function of single elements, looked up in a table by the operation that makes them.
    case table(EngineOperation)
    /// Operations one after another.
    case operations([EngineOperation])
    /// The host core computes the layer.
    case host

    public init(_ operands: LayerOperands) {
        let layer = operands.layer
        switch layer.computeClass {
        case .free:
            self = .none
        case .convolution, .depthwise, .fullyConnected:
            self = .operations([BlockProgram.product(operands)])
        case .pooling:
            self = layer.isFloat ? .host : .operations([BlockProgram.pooling(operands)])
        case .elementwise:
            self = operands.touchesReals ? .host : BlockProgram.elements(operands)
        case .transcendental:
            let isRowwise = layer.loops.reductionLength > 1
            self =
                operands.touchesReals
                ? .host
                : isRowwise ? .operations(BlockProgram.softmax(operands)) : .table(BlockProgram.lookup(operands))
        case .dataMovement:
            self = operands.touchesReals ? .host : BlockProgram.movement(operands)
        }
    }

    /// A word or two for people.
    public var name: String {
        switch self {
        case .none: "in place"
        case .table: "table"
        case .operations: "operations"
        case .host: "host"
        }
    }

    /// Whether the host computes a layer.
    public static func isHosted(_ layer: WorkloadLayer, in workload: Workload) -> Bool {
        switch layer.computeClass {
        case .convolution, .depthwise, .fullyConnected, .free: return false
        case .pooling, .elementwise, .transcendental, .dataMovement:
            return (layer.inputs + layer.outputs).contains { workload.tensors[$0].isFloat }
        }
    }

    /// A convolution of any kind, a channel group at a time.
    private static func product(_ operands: LayerOperands) -> EngineOperation {
        let loops = operands.layer.loops
        let isDepthwise = operands.layer.computeClass == .depthwise
        var (input, output) = (operands.inputs.first?.map ?? .single, operands.outputs.first?.map ?? .single)
        if operands.layer.computeClass == .fullyConnected {
            input = BlockShape(
                1, loops.batch * loops.groups * loops.outputHeight * loops.outputWidth, loops.inputChannels)
            output = BlockShape(1, input.width, loops.outputChannels)
        }
        var operation = EngineOperation(
            isDepthwise && loops.groups > 1 ? .depthwise : .convolution, input: input, output: output,
            inputBits: operands.storedInputBits, outputBits: operands.storedOutputBits)
        operation.setWindow(loops)
        if !isDepthwise, loops.groups > 1 {
            operation.repeats = loops.groups
            operation.input.depth = loops.inputChannels
            operation.output.depth = loops.outputChannels
        }
        if output.height > loops.outputHeight, operands.layer.computeClass == .convolution {
            operation.upscale = 2
            (operation.strideHeight, operation.strideWidth) = (1, 1)
        }
        operation.unrollStrides()
        return operation
    }

    /// A window without weights; a mean over all rows and columns multiplies with ones.
    private static func pooling(_ operands: LayerOperands) -> EngineOperation {
        let loops = operands.layer.loops
        let (input, output) = (operands.inputs.first?.map ?? .single, operands.outputs.first?.map ?? .single)
        let isMean = loops.kernelWidth == 1 && loops.kernelHeight > input.height && loops.kernelHeight == input.area
        var operation = EngineOperation(
            isMean ? .depthwise : .pooling, input: input, output: output, inputBits: operands.storedInputBits,
            outputBits: operands.storedOutputBits)
        operation.setWindow(loops)
        if isMean { (operation.kernelHeight, operation.kernelWidth) = (input.height, input.width) }
        operation.unrollStrides()
        return operation
    }

    private static func elements(_ operands: LayerOperands) -> BlockProgram {
        let constants = operands.layer.weights.map { $0.elements } ?? 0
        let second =
            operands.inputs.count > 1
            ? operands.inputs[1].map
            : constants == 1 ? .single : constants > 1 ? BlockShape(1, 1, constants) : nil
        guard let first = operands.inputs.first?.map, let output = operands.outputs.first?.map else { return .none }
        guard let second else {
            let isLarger = output.elements > first.elements && output.depth == first.depth
            return isLarger ? .operations(interpolation(operands, first, output)) : .table(lookup(operands))
        }
        var operation = EngineOperation(
            .elementwise, input: first, output: output, inputBits: operands.storedInputBits,
            outputBits: operands.storedOutputBits)
        (operation.second, operation.secondIsConstant) = (second, operands.inputs.count == 1)
        operation.stage = first == second ? .sum : .product
        return .operations([operation])
    }

    /// Enlarging by interpolation: a copy with a border, then a window of 2 x 2 for each of four phases.
    private static func interpolation(
        _ operands: LayerOperands, _ input: BlockShape, _ output: BlockShape
    ) -> [EngineOperation] {
        let bits = operands.storedInputBits
        let bordered = BlockShape(input.height + 2, input.width + 2, input.depth)
        let copy = EngineOperation(.pooling, input: bordered, output: bordered, inputBits: bits, outputBits: bits)
        var phase = EngineOperation(
            .depthwise, input: bordered, output: output, inputBits: bits, outputBits: operands.storedOutputBits)
        (phase.kernelHeight, phase.kernelWidth) = (2, 2)
        return [copy, phase, phase, phase, phase]
    }

    /// Every element through a table of 256 bytes, or of 512 words for 16 bits.
    private static func lookup(_ operands: LayerOperands) -> EngineOperation {
        let (input, output) = (operands.inputs.first?.map ?? .single, operands.outputs.first?.map ?? .single)
        var operation = EngineOperation(
            .pooling, input: input, output: output, inputBits: operands.storedInputBits,
            outputBits: operands.storedOutputBits)
        operation.tableBytes = operands.storedInputBits > 8 ? 2048 : 256
        return operation
    }

    /// Joined and cut tensors are written and read in place, but for parts that others read too; the rest is copied.
    private static func movement(_ operands: LayerOperands) -> BlockProgram {
        guard let input = operands.inputs.first?.map, let output = operands.outputs.first?.map else { return .none }
        func copy(_ input: BlockShape, _ output: BlockShape) -> EngineOperation {
            EngineOperation(
                .pooling, input: input, output: output, inputBits: operands.storedInputBits,
                outputBits: operands.storedOutputBits)
        }
        if operands.inputs.count > 1 {
            let shared = operands.inputs.filter { $0.producer == nil || $0.consumers.count > 1 }
            return shared.isEmpty ? .none : .operations(shared.map { copy($0.map, $0.map) })
        }
        guard output.elements >= input.elements else { return .none }
        var operation = copy(input, output)
        operation.upscale = output.elements > input.elements && output.depth == input.depth ? 2 : 1
        return .operations([operation])
    }
}

extension BlockProgram {
    /// The functions of a row that softmax is made of: largest, exponentials by table, sum, reciprocal, product.
    ///
    /// The reciprocal takes three rounds of Newton's method on one 32-bit element a row.
    private static func softmax(_ operands: LayerOperands) -> [EngineOperation] {
        let map = operands.outputs.first?.map ?? .single
        let bits = operands.storedInputBits
        let row = BlockShape(1, 1, map.area)
        func step(
            _ stage: EngineOperation.Stage, _ shape: BlockShape, second: BlockShape?, from: Int = 32, to: Int = 32
        ) -> EngineOperation {
            var operation = EngineOperation(.elementwise, input: shape, output: shape, inputBits: from, outputBits: to)
            (operation.stage, operation.second) = (stage, second)
            operation.secondIsConstant = second == .single
            return operation
        }
        let whole = BlockShape(map.area, map.depth, 1)
        var largest = EngineOperation(
            .pooling, input: whole, output: BlockShape(map.area, 1, 1), inputBits: bits, outputBits: bits)
        largest.kernelWidth = map.depth
        largest.stage = .maximum
        var exponentials = step(.sum, map, second: map, from: bits, to: 32)
        exponentials.tableBytes = 1024
        var steps = [largest, exponentials, step(.plain, map, second: .single)]
        let sums = BlockShape(map.height, map.width, 1)
        steps.append(EngineOperation(.reduction, input: map, output: sums, inputBits: 32, outputBits: 32))
        steps.append(step(.plain, row, second: nil))
        steps += [step(.sum, row, second: .single), step(.sum, row, second: .single), step(.plain, row, second: row)]
        steps += [step(.product, row, second: .single), step(.sum, row, second: .single)]
        for _ in 0..<3 {
            steps += [step(.product, row, second: row), step(.sum, row, second: .single)]
            steps += [step(.product, row, second: row), step(.product, row, second: .single)]
            steps.append(step(.sum, row, second: row))
        }
        var zeroPoint = step(.sum, map, second: map)
        zeroPoint.secondIsConstant = true
        steps += [step(.product, map, second: map), zeroPoint]
        steps.append(step(.plain, map, second: map, from: 32, to: bits))
        return steps
    }
}

extension EngineOperation {
    /// The engine steps by at most 3: places further apart are operations of their own.
    fileprivate mutating func unrollStrides() {
        let largest = 3
        if strideHeight > largest, output.height > 1 {
            repeats *= output.height
            (output.height, input.height) = (1, min(input.height, spannedHeight))
        }
        if strideWidth > largest, output.width > 1 {
            repeats *= output.width
            (output.width, input.width) = (1, min(input.width, spannedWidth))
        }
    }

    fileprivate mutating func setWindow(_ loops: LoopNest) {
        (kernelHeight, kernelWidth) = (max(1, loops.kernelHeight), max(1, loops.kernelWidth))
        (strideHeight, strideWidth) = (max(1, loops.strideHeight), max(1, loops.strideWidth))
        (dilationHeight, dilationWidth) = (max(1, loops.dilationHeight), max(1, loops.dilationWidth))
    }
}

extension BlockShape {
    static let single = BlockShape(1, 1, 1)
}

extension TensorFootprint {
    /// Rows, columns and channels: the last three extents, the batch above the rows.
    var map: BlockShape {
        let extents = shape.extents.map { max(1, $0) }
        let depth = extents.last ?? 1
        let width = extents.count > 1 ? extents[extents.count - 2] : 1
        let height = extents.dropLast(2).reduce(1) { Int(clamping: Int128($0) * Int128($1)) }
        return BlockShape(height, width, depth)
    }
}

extension LayerOperands {
    /// Bits of an input element in memory: 8, 16 or 32.
    var storedInputBits: Int { stored(inputBits) }

    var storedOutputBits: Int { stored(outputBits) }

    private func stored(_ bits: Int) -> Int { bits <= 8 ? 8 : bits <= 16 ? 16 : 32 }

    /// `true` for a layer that reads or writes reals.
    var touchesReals: Bool { (inputs + outputs).contains { $0.isFloat } }
}
