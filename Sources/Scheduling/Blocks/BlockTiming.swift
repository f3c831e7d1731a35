public import Hardware
import Quantities

/// Cycles of operations on a block-based engine whose operands come in time: the vendor's published estimate.
///
/// A block takes the larger of what the multipliers, the output stage and the issue of commands need; blocks at the edge
/// count by their units. Source: Vela 5.2.0, `ethos_u55_performance.cpp`. It is *not* a simulation of the pipeline: it
/// knows no conflicts on the shared buffer and no refills of the weight decoder.
public struct BlockTiming: Sendable {
    public let engine: NeuralProcessor

    public init(_ engine: NeuralProcessor) {
        self.engine = engine
    }

    /// Where the operands of an operation lie.
    public struct Places: Sendable, Hashable {
        public var input: MapPlace
        public var second: MapPlace?
        public var output: MapPlace
        /// Where scales and biases are read, or nil for an operation without them.
        public var constants: MemoryPort?

        public init(input: MapPlace, second: MapPlace?, output: MapPlace, constants: MemoryPort?) {
            self.input = input
            self.second = second
            self.output = output
            self.constants = constants
        }
    }

    /// Which ends of an operation are seen: those inside a chain of slices hide behind each other.
    public struct Ends: OptionSet, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        public static let first = Ends(rawValue: 1)
        public static let last = Ends(rawValue: 2)
        public static let both: Ends = [.first, .last]
    }

    /// Cycles by what limits the blocks; their sum is the time of the operation.
    public struct Cycles: Sendable, Hashable {
        /// The multipliers are the slowest.
        public var multiplication = 0
        /// The output stage is the slowest.
        public var output = 0
        /// Issuing commands and moving the first and last block.
        public var overhead = 0

        public var total: Int { multiplication + output + overhead }
    }

    /// The time of one operation.
    public func cycles(
        _ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: Places, ends: Ends = .both
    ) -> Cycles {
        switch operation.unit {
        case .elementwise: elementwise(operation, blocks, places)
        case .convolution, .depthwise, .pooling, .reduction: multiplying(operation, blocks, places, ends)
        }
    }

    private func multiplying(
        _ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: Places, _ ends: Ends
    ) -> Cycles {
        let block = operation.output.clipped(to: blocks.outputBlock)
        let unit = unit(of: operation)
        let inBlock = max(1, block.blocks(of: unit).elements)
        let count = Double(operation.output.blocks(of: unit).elements) / Double(inBlock)
        var stage = (outputRate(operation) * Double(block.elements)).rounded(.up)
        if operation.hasWeights, let constants = places.constants {
            stage = max(stage, 10 * Double(block.depth) * Double(constants.readLatency) / 256)
        }
        let products = Double(productCycles(operation, blocks))
        let input = inputLatency(operation, blocks, places)
        let output = outputLatency(operation, blocks, places)
        let memory = count > 1 ? Double(abs(output - input)) : 0
        let command = (memory + products + stage) / 4
        let (slowProducts, slowStage) = (max(products, command), max(stage, command))
        var cycles = Cycles()
        if slowProducts > slowStage {
            cycles.multiplication = whole(slowProducts * count)
            if ends.contains(.last) { cycles.output = whole(slowStage) }
        } else {
            cycles.output = whole(slowStage * count + slowProducts)
        }
        if ends.contains(.last) { cycles.overhead += output }
        if ends.contains(.first) { cycles.overhead += input }
        return cycles
    }

    private func elementwise(
        _ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: Places
    ) -> Cycles {
        let elements = Double(places.output.stored(operation.output).elements)
        let rate = outputRate(operation)
        let stage = (rate * elements).rounded(.up)
        let block = Double(
            max(outputLatency(operation, blocks, places), inputLatency(operation, blocks, places)))
        let each = (block / Double(max(1, blocks.outputBlock.elements)) + rate) / 4
        let command = (each * elements).rounded(.up)
        var cycles = Cycles()
        cycles.output = whole(stage)
        cycles.overhead = max(0, whole(command) - cycles.output)
        return cycles
    }

    /// Outputs that are made at a time; a single row of a pair of rows is laid out as four columns.
    private func unit(of operation: EngineOperation) -> BlockShape {
        let isRow = operation.unit == .convolution && operation.output.height == 1 && operation.kernelHeight == 1
        if engine.unitHeight == 2, isRow, operation.output.width % 2 == 0 { return BlockShape(1, 4, engine.unitDepth) }
        return BlockShape(engine.unitHeight, engine.unitWidth, engine.unitDepth)
    }

    /// Cycles of the multipliers for one block.
    private func productCycles(_ operation: EngineOperation, _ blocks: BlockConfiguration) -> Int {
        let input = operation.input.clipped(to: blocks.inputBlock)
        let unit = unit(of: operation)
        let units = operation.output.clipped(to: blocks.outputBlock).blocks(of: unit)
        let partKernel = operation.unit == .convolution && blocks.traversal == .partKernelFirst
        let channels = partKernel ? ceiling(input.depth, 8) : 1
        let parts = WindowParts(operation, high: BlockSearch.largestWindow, wide: BlockSearch.largestWindow)
        var sum = parts.sum { places in
            let (steps, cycles) = step(operation, places, units, partKernel: partKernel)
            return (cycles + delay(operation, steps, units)) * channels
        }
        if operation.unit == .convolution || operation.unit == .reduction {
            sum *= Int128(ceiling(operation.input.depth, max(1, input.depth)))
        }
        return Int(clamping: min(sum, 4_000_000_000_000_000) / Int128(max(1, engine.cores)))
    }

    /// Steps through a part of the window, and the cycles of its units without delays.
    private func step(
        _ operation: EngineOperation, _ places: Int, _ units: BlockShape, partKernel: Bool
    ) -> (steps: Int, cycles: Int) {
        let weights = 4 * engine.unitDepth
        switch operation.unit {
        case .pooling:
            let passes = engine.poolingBits > 0 ? max(1, operation.inputBits / engine.poolingBits) : 1
            return (1, max(4, places) * units.elements * passes)
        case .depthwise:
            let steps = ceiling(places, 4)
            return (steps, max(weights, 4 * units.area * max(1, operation.inputBits / 8)) * steps * units.depth)
        case .convolution, .reduction, .elementwise:
            let steps = partKernel ? ceiling(places, operation.inputBits == 16 ? 2 : 4) : places
            return (steps, max(weights, 4 * units.area) * steps * units.depth)
        }
    }

    /// Cycles lost between dependent steps of thin blocks.
    private func delay(_ operation: EngineOperation, _ steps: Int, _ units: BlockShape) -> Int {
        let each = operation.hasWideSums ? engine.wideStepDelay : engine.stepDelay
        var cycles = 0
        if units.area == 1 {
            cycles = units.depth == 1 ? each * steps : each * (steps - 1) * units.depth
        }
        if operation.hasWideSums, units.width == 1 || units.height == 1, units.depth > 1 {
            cycles += engine.thinBlockDelay * units.depth
        }
        return cycles
    }

    /// Cycles of the output stages for one element.
    private func outputRate(_ operation: EngineOperation) -> Double {
        let costs = engine.outputs
        let stage: Double
        if operation.unit == .elementwise, operation.inputBits == 32 {
            stage = (operation.second == nil ? costs.wideUnary : costs.wideBinary).value
        } else if operation.stage == .product, operation.outputBits == 32 {
            stage = costs.wideProduct.value
        } else if operation.stage == .product || operation.hasWideSums {
            stage = costs.product.value
        } else if operation.stage == .maximum {
            stage = costs.maximum.value
        } else if operation.stage == .sum {
            stage = costs.sum.value
        } else {
            stage = costs.plain.value
        }
        let table = operation.tableBytes > 0 ? costs.table.value : 0
        return max(stage, table) / Double(max(1, engine.cores))
    }

    private func whole(_ cycles: Double) -> Int { Int(min(max(0, cycles), 4e15)) }
}

extension BlockTiming {
    /// Cycles before the first input block is there.
    private func inputLatency(_ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: Places) -> Int {
        let first = latency(operation.input, operation, blocks, places.input)
        guard let second = operation.second, let place = places.second else { return first }
        return max(first, latency(second, operation, blocks, place))
    }

    private func latency(
        _ shape: BlockShape, _ operation: EngineOperation, _ blocks: BlockConfiguration, _ place: MapPlace
    ) -> Int {
        let bytes = place.burstBytes(
            of: shape.clipped(to: blocks.inputBlock).elements, bits: operation.inputBits, block: blocks.inputBlock,
            shape: shape, isRead: true, cores: engine.cores)
        return place.port.readLatency + place.port.cycles(of: bytes)
    }

    /// Cycles until the last output block is away.
    private func outputLatency(_ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: Places) -> Int {
        let shape = operation.output
        let bytes = places.output.burstBytes(
            of: shape.clipped(to: blocks.outputBlock).elements, bits: operation.outputBits, block: blocks.outputBlock,
            shape: shape, isRead: false, cores: engine.cores)
        return places.output.port.writeLatency + places.output.port.cycles(of: bytes)
    }
}
