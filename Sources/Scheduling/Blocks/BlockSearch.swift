public import Hardware
import Quantities

/// The choice of an operation's blocks: the vendor's published rule.
///
/// Every output block of whole units, at most 32 x 64 x 128, is tried whose input block and sums fit the shared buffer
/// twice. The cost of a block is what is fetched for an output element, inputs and weights together; it is halved when
/// the whole input fits two blocks. The cheapest wins, the first of equals, but for small blocks that cover more input.
/// Source: Vela 5.2.0, `ethos_u55.cpp`. It is *not* a search for the fewest cycles.
public struct BlockSearch: Sendable {
    static let largest = BlockShape(32, 64, 128)
    static let largestWindow = 8
    /// Channels of a block beyond the first are added in steps of this many.
    public static let slice = 16

    private let engine: NeuralProcessor
    private let operation: EngineOperation
    private let volume: BlockShape
    private let traversal: BlockConfiguration.Traversal
    private let inputDepth: Int
    private let keepsDepth: Bool
    private let usedBanks: Int
    private let inputGranule: Int
    private let sumGranule: Int
    private let sumBits: Int

    public init(_ operation: EngineOperation, on engine: NeuralProcessor) {
        self.engine = engine
        self.operation = operation
        let second = operation.second ?? BlockShape(0, 0, 0)
        volume = second.elements > operation.input.elements ? second : operation.input
        let buffer = engine.buffer
        let partKernel = operation.unit == .convolution && BlockSearch.prefersPartKernel(operation, volume)
        traversal = operation.unit == .depthwise ? .depthwise : partKernel ? .partKernelFirst : .depthFirst
        switch operation.unit {
        case .convolution, .reduction: keepsDepth = false
        case .depthwise, .pooling, .elementwise: keepsDepth = true
        }
        inputDepth =
            operation.inputBits == 16
            ? roundedUp(min(volume.depth, 16), to: 4)
            : roundedUp(min(volume.depth, partKernel ? 16 : 32), to: engine.inputUnitDepth)
        inputGranule =
            operation.inputBits <= 8
            ? buffer.granules8 : operation.inputBits <= 16 ? buffer.granules16 : buffer.granules32
        sumGranule = operation.hasWideSums ? buffer.wideSumGranules : buffer.sumGranules
        sumBits = operation.hasWideSums ? 40 : 32
        let table = operation.tableBytes > 0 ? ceiling(2048, max(1, buffer.bankSize.count)) : 0
        usedBanks = buffer.banks - max(table, buffer.endBanks) - buffer.outputBanks
    }

    /// Part-kernel-first where it keeps at least as many multipliers busy.
    static func prefersPartKernel(_ operation: EngineOperation, _ volume: BlockShape) -> Bool {
        let depth = volume.depth
        if depth <= 8 { return true }
        let places = operation.kernelHeight * operation.kernelWidth
        let narrow = operation.inputBits == 8
        let whole = Double(depth) / Double(roundedUp(depth, to: narrow ? 32 : 16))
        let part =
            Double(depth) / Double(roundedUp(depth, to: 8))
            * (Double(places) / Double(roundedUp(places, to: narrow ? 4 : 2)))
        return part >= whole
    }

    /// The blocks, or nil when not even the smallest fits the buffer.
    public func configuration() -> BlockConfiguration? {
        let output = operation.output
        let unit = BlockShape(engine.unitHeight, engine.unitWidth, engine.unitDepth)
        let space = output.clipped(to: BlockSearch.largest)
        let (height, width) = (roundedUp(space.height, to: unit.height), roundedUp(space.width, to: unit.width))
        let deepest = roundedUp(space.depth, to: unit.depth)
        var best = Best()
        var widest = [Int](repeating: width, count: height / unit.height + 1)
        var depth = max(unit.depth, min(deepest, BlockSearch.slice))
        if depth < output.depth { depth = roundedUp(depth, to: BlockSearch.slice) }
        while depth <= deepest {
            for row in stride(from: unit.height, through: height, by: unit.height) {
                var column = unit.width
                while column <= widest[row / unit.height] {
                    let block = BlockShape(row, column, depth)
                    let input = inputBlock(for: block)
                    let fitted = fitted(block)
                    guard fits(fitted, input) else {
                        widest[row / unit.height] = column - unit.width
                        break
                    }
                    best.consider(block, input, cost: cost(fitted, block, input), volume)
                    column += unit.width
                }
            }
            depth += unit.depth
            if depth < output.depth { depth = roundedUp(depth, to: BlockSearch.slice) }
        }
        guard best.cost < .infinity else { return nil }
        return BlockConfiguration(inputBlock: best.input, outputBlock: best.output, traversal: traversal)
    }

    /// The input that an output block needs.
    private func inputBlock(for block: BlockShape) -> BlockShape {
        func extent(_ outputs: Int, _ stride: Int, _ window: Int, _ unit: Int) -> Int {
            let span = Int(clamping: Int128(outputs - 1) * Int128(stride)) &+ min(window, BlockSearch.largestWindow)
            return roundedUp(ceiling(min(max(span, 1), 1 << 24), operation.upscale), to: unit)
        }
        return BlockShape(
            extent(block.height, operation.strideHeight, operation.spannedHeight, engine.unitHeight),
            extent(block.width, operation.strideWidth, operation.spannedWidth, engine.unitWidth),
            keepsDepth ? block.depth : inputDepth)
    }

    /// A single row of outputs under a single row of a window needs no second row of sums.
    private func fitted(_ block: BlockShape) -> BlockShape {
        guard operation.output.height == 1, operation.kernelHeight == 1, engine.unitHeight == 2 else { return block }
        return BlockShape(1, block.width, block.depth)
    }

    private func fits(_ block: BlockShape, _ input: BlockShape) -> Bool {
        let bank = max(1, engine.buffer.bankSize.count)
        let bytes = input.area * roundedUp(input.depth * (operation.inputBits / 8), to: 8)
        let banks = roundedUp(ceiling(bytes, bank) * 2, to: inputGranule)
        if operation.unit == .elementwise {
            let second = operation.hasScalar && operation.inputBits <= 16 ? 0 : banks
            return banks + second <= usedBanks
        }
        let sums = block.area * roundedUp(block.depth, to: 8) * sumBits / 8
        return banks + roundedUp(ceiling(sums, bank) * 2, to: sumGranule) <= usedBanks
    }

    /// What is fetched for one output element.
    private func cost(_ fitted: BlockShape, _ block: BlockShape, _ input: BlockShape) -> Float {
        let output = operation.output
        var cost: Float
        if operation.unit == .elementwise {
            cost = Float(output.elements) / Float(block.elements)
        } else {
            let rows = Float(output.height) / Float(fitted.height)
            let columns = Float(output.width) / Float(fitted.width)
            let whole = output.blocks(of: fitted)
            var weights: Float = 0
            if operation.hasWeights {
                let places = operation.kernelHeight * operation.kernelWidth
                weights = Float(Double(places) * Double(volume.depth) * Double(whole.area))
                if operation.unit != .depthwise {
                    weights *= Float(output.depth) / Float(fitted.depth) * Float(fitted.depth)
                }
            }
            let repeats =
                ceiling(operation.spannedWidth, BlockSearch.largestWindow)
                * ceiling(operation.spannedHeight, BlockSearch.largestWindow)
            var inputs = Float(Double(input.area) * Double(volume.depth) * Double(repeats)) * rows * columns
            if !keepsDepth { inputs *= Float(whole.depth) }
            cost = (inputs + weights) / Float(output.elements)
        }
        if volume.elements < input.elements * 2 { cost /= 2 }
        return cost
    }

    /// The best blocks so far.
    private struct Best {
        var cost = Float.infinity
        var coverage = Float.infinity
        var input = BlockShape(0, 0, 0)
        var output = BlockShape(0, 0, 0)

        mutating func consider(_ block: BlockShape, _ input: BlockShape, cost: Float, _ volume: BlockShape) {
            guard cost <= self.cost else { return }
            if cost == self.cost {
                let covered = Float(volume.area) / Float(max(1, volume.clipped(to: input).area))
                guard covered <= coverage, block.height <= 4, block.width <= 4 else { return }
                coverage = covered
            } else {
                coverage = .infinity
            }
            self.cost = cost
            (self.input, output) = (input, block)
        }
    }
}
