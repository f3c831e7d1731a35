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
        sumGranule = roundedUp(operation.hasWideSums ? buffer.wideSumGranules : buffer.sumGranules, to: 2)
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
        let space = output.clipped(to: BlockSearch.largest)
        let rows = lines(
            space.height, output.height, unit: engine.unitHeight, stride: operation.strideHeight,
            window: operation.spannedHeight, single: isSingleRow)
        let columns = lines(
            space.width, output.width, unit: engine.unitWidth, stride: operation.strideWidth,
            window: operation.spannedWidth, single: false)
        let deepest = roundedUp(space.depth, to: engine.unitDepth)
        var best = Best()
        var widest = [Int](repeating: columns.count, count: rows.count)
        var depth = max(engine.unitDepth, min(deepest, BlockSearch.slice))
        if depth < output.depth { depth = roundedUp(depth, to: BlockSearch.slice) }
        while depth <= deepest {
            let level = Level(depth: depth, search: self)
            for (index, row) in rows.enumerated() {
                var step = 0
                for place in 0..<widest[index] {
                    let column = columns[place]
                    guard level.fits(row, column, step: &step) else {
                        widest[index] = place
                        break
                    }
                    let cost = level.cost(row, column)
                    if cost <= best.cost { best.consider(row, column, level, cost: cost, volume) }
                }
            }
            depth += engine.unitDepth
            if depth < output.depth { depth = roundedUp(depth, to: BlockSearch.slice) }
        }
        guard best.cost < .infinity else { return nil }
        return BlockConfiguration(inputBlock: best.input, outputBlock: best.output, traversal: traversal)
    }

    /// A single row of outputs under a single row of a window needs no second row of sums.
    private var isSingleRow: Bool {
        operation.output.height == 1 && operation.kernelHeight == 1 && engine.unitHeight == 2
    }

    /// An extent of output blocks that may be chosen, and what it means for the input.
    private struct Line {
        /// Rows or columns of the output block.
        var extent: Int
        /// The same as far as sums are kept for them.
        var kept: Int
        /// Rows or columns of the input block.
        var input: Int
        /// Blocks in the output, edges as parts and as whole ones.
        var blocks: Float
        var whole: Int
    }

    private func lines(
        _ space: Int, _ output: Int, unit: Int, stride: Int, window: Int, single: Bool
    ) -> [Line] {
        (1...max(1, ceiling(space, unit))).map { count in
            let extent = count * unit
            let kept = single ? 1 : extent
            let moved = Int(min(Int128(extent - 1) * Int128(stride), 1 << 24))
            let span = max(1, moved + min(window, BlockSearch.largestWindow))
            return Line(
                extent: extent, kept: kept, input: roundedUp(ceiling(span, operation.upscale), to: unit),
                blocks: Float(output) / Float(kept), whole: ceiling(output, kept))
        }
    }

    /// What does not change among blocks of one depth.
    private struct Level {
        let depth: Int
        let inputDepth: Int
        private let inputBytes: Int
        private let sumBytes: Int
        /// Bytes of sums at which their banks grow by a granule, and bytes of input that then still fit.
        private let sumStep: Int
        private let room: [Int]
        private let weights: Double
        private let depthRatio: Float
        private let wholeDepth: Float
        private let inputs: Double
        private let keepsDepth: Bool
        private let isElementwise: Bool
        private let hasWeights: Bool
        private let isDepthwise: Bool
        private let outputs: Float
        private let volume: Int

        init(depth: Int, search: BlockSearch) {
            let (operation, engine) = (search.operation, search.engine)
            self.depth = depth
            inputDepth = search.keepsDepth ? depth : search.inputDepth
            inputBytes = roundedUp(inputDepth * (operation.inputBits / 8), to: 8)
            isElementwise = operation.unit == .elementwise
            sumBytes = isElementwise ? 0 : roundedUp(depth, to: 8) * search.sumBits / 8
            sumStep = max(1, engine.buffer.bankSize.count * search.sumGranule / 2)
            room = search.room
            keepsDepth = search.keepsDepth
            hasWeights = operation.hasWeights
            isDepthwise = operation.unit == .depthwise
            let places = Double(operation.kernelHeight) * Double(operation.kernelWidth)
            weights = places * Double(search.volume.depth)
            depthRatio = Float(operation.output.depth) / Float(depth) * Float(depth)
            wholeDepth = Float(ceiling(operation.output.depth, depth))
            let parts =
                Double(ceiling(operation.spannedWidth, BlockSearch.largestWindow))
                * Double(ceiling(operation.spannedHeight, BlockSearch.largestWindow))
            inputs = Double(search.volume.depth) * parts
            outputs = Float(operation.output.elements)
            volume = search.volume.elements
        }

        /// Whether input and sums fit twice; `step` counts the granules of sums and only grows along a row.
        func fits(_ row: Line, _ column: Line, step: inout Int) -> Bool {
            let sums = row.kept * column.kept * sumBytes
            while sums > step * sumStep { step += 1 }
            guard step < room.count else { return false }
            return row.input * column.input * inputBytes <= room[step]
        }

        /// What is fetched for one output element.
        func cost(_ row: Line, _ column: Line) -> Float {
            let area = row.input * column.input
            var cost: Float
            if isElementwise {
                cost = outputs / Float(row.extent * column.extent * depth)
            } else {
                var fetched: Float = 0
                if hasWeights {
                    fetched = Float(weights * Double(row.whole * column.whole))
                    if !isDepthwise { fetched *= depthRatio }
                }
                var read = Float(Double(area) * inputs) * row.blocks * column.blocks
                if !keepsDepth { read *= wholeDepth }
                cost = (read + fetched) / outputs
            }
            return volume < area * inputDepth * 2 ? cost / 2 : cost
        }
    }

    /// Bytes of input that fit beside so many granules of sums.
    private var room: [Int] {
        let bank = engine.buffer.bankSize.count
        let granule = max(1, inputGranule)
        if operation.unit == .elementwise {
            let operands = operation.hasScalar && operation.inputBits <= 16 ? 1 : 2
            return usedBanks < 0 ? [] : [bank * (usedBanks / operands / granule * granule / 2)]
        }
        return stride(from: usedBanks, through: 0, by: -max(1, sumGranule)).map { bank * ($0 / granule * granule / 2) }
    }

    /// The best blocks so far.
    private struct Best {
        var cost = Float.infinity
        var coverage = Float.infinity
        var input = BlockShape(0, 0, 0)
        var output = BlockShape(0, 0, 0)

        mutating func consider(
            _ row: Line, _ column: Line, _ level: Level, cost: Float, _ volume: BlockShape
        ) {
            let input = BlockShape(row.input, column.input, level.inputDepth)
            if cost == self.cost {
                let covered = Float(volume.area) / Float(max(1, volume.clipped(to: input).area))
                guard covered <= coverage, row.extent <= 4, column.extent <= 4 else { return }
                coverage = covered
            } else {
                coverage = .infinity
            }
            self.cost = cost
            (self.input, output) = (input, BlockShape(row.extent, column.extent, level.depth))
        }
    }
}
