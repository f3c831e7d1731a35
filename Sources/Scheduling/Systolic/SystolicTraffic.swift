public import Hardware
import Quantities
import Workloads

/// What the buffers of a systolic array fetch and write for one group of a layer, fold by fold.
///
/// Folds run in two nested loops. A buffer of the array holds a tile, and when double-buffered only half of it is there
/// for the folds at work. What fits stays; what does not is fetched again: so the size of a buffer decides the traffic.
public struct SystolicTraffic: Sendable, Hashable {
    /// Trips of the outer and the inner loop over folds.
    public var outer: Int
    public var inner: Int
    /// Bytes read before every fold.
    public var perFold = 0
    /// Bytes read before the first fold of each outer trip.
    public var perOuter = 0
    /// Bytes read before each fold of the first outer trip.
    public var perSweep = 0
    /// Bytes written after every fold: outputs, and sums that the output buffer could not keep.
    public var written = 0

    /// Bytes between the buffers and the memory behind them.
    public var total: Int {
        outer * inner * (perFold + written) + outer * perOuter + inner * perSweep
    }

    /// The loop order of less traffic for one group of a layer.
    public init(_ operands: LayerOperands, _ folds: SystolicFolds, on array: SystolicArray) {
        let sizes = Sizes(operands, folds, array)
        let (rowsOutside, columnsOutside) = sizes.orders()
        self = columnsOutside.total < rowsOutside.total ? columnsOutside : rowsOutside
    }

    fileprivate init(outer: Int, inner: Int) {
        self.outer = outer
        self.inner = inner
    }
}

/// Bytes of the operands of one group, and of their tiles.
private struct Sizes {
    let array: SystolicArray
    let folds: SystolicFolds
    let input: Int
    let weights: Int
    let output: Int
    /// Input under as many neighbouring pixels as the array has lines for them.
    let inputTile: Int
    let pixels: Int
    let filters: Int

    init(_ operands: LayerOperands, _ folds: SystolicFolds, _ array: SystolicArray) {
        self.array = array
        self.folds = folds
        let loops = operands.layer.loops
        pixels = loops.batch * loops.outputHeight * loops.outputWidth
        filters = loops.outputChannels
        let pixelBits = loops.inputChannels * operands.inputBits
        input = ceiling(loops.batch * loops.inputHeight * loops.inputWidth * pixelBits, 8)
        weights = ceiling(operands.layer.weights?.encodedSize.bytes.count ?? 0, max(1, loops.groups))
        output = ceiling(pixels * filters * operands.outputBits, 8)
        let line = array.dataflow == .outputStationary ? array.rows : array.columns
        let rows = min(loops.outputHeight, ceiling(line, max(1, loops.outputWidth)))
        let inputRows = min(
            loops.inputHeight,
            (rows - 1) * loops.strideHeight + (loops.kernelHeight - 1) * loops.dilationHeight + 1)
        let gathered = ceiling(line * loops.reductionLength * operands.inputBits, 8)
        inputTile = min(input, gathered, ceiling(inputRows * loops.inputWidth * pixelBits, 8))
    }

    private func fits(_ bytes: Int, in buffer: Bytes) -> Bool {
        bytes <= (array.doubleBuffered ? buffer.count / 2 : buffer.count)
    }

    /// The two loop orders: row folds outside, and column folds outside.
    func orders() -> (SystolicTraffic, SystolicTraffic) {
        switch array.dataflow {
        case .outputStationary:
            let inputs = Operand(whole: input, tile: inputTile, buffer: array.ifmapBuffer)
            let filters = Operand(
                whole: weights, tile: ceiling(weights, max(1, folds.columnFolds)), buffer: array.filterBuffer)
            return (
                nest(outer: inputs, inner: filters, folds.rowFolds, folds.columnFolds),
                nest(outer: filters, inner: inputs, folds.columnFolds, folds.rowFolds)
            )
        case .weightStationary:
            return stationary(
                kept: weights, keptTile: ceiling(weights, max(1, folds.foldsPerGroup)), keptBuffer: array.filterBuffer,
                streamed: input, streamBuffer: array.ifmapBuffer, outputs: (pixels, array.columns))
        case .inputStationary:
            return stationary(
                kept: input, keptTile: ceiling(inputTile, max(1, folds.rowFolds)), keptBuffer: array.ifmapBuffer,
                streamed: weights, streamBuffer: array.filterBuffer, outputs: (filters, array.columns))
        }
    }

    private struct Operand {
        var whole: Int
        var tile: Int
        var buffer: Bytes
    }

    /// Output stationary: each operand follows one loop; the other loop uses its tile again if it stayed.
    private func nest(outer: Operand, inner: Operand, _ outerTrips: Int, _ innerTrips: Int) -> SystolicTraffic {
        var traffic = SystolicTraffic(outer: outerTrips, inner: innerTrips)
        if fits(outer.whole, in: outer.buffer) {
            traffic.perOuter = ceiling(outer.whole, max(1, outerTrips))
        } else if fits(outer.tile, in: outer.buffer) {
            traffic.perOuter = outer.tile
        } else {
            traffic.perFold += outer.tile
        }
        if fits(inner.whole, in: inner.buffer) {
            traffic.perSweep = ceiling(inner.whole, max(1, innerTrips))
        } else {
            traffic.perFold += inner.tile
        }
        traffic.written = ceiling(output, max(1, folds.foldsPerGroup))
        return traffic
    }

    /// One operand is loaded into the cells once; a slice of the other streams through for each fold.
    private func stationary(
        kept: Int, keptTile: Int, keptBuffer: Bytes, streamed: Int, streamBuffer: Bytes, outputs: (Int, Int)
    ) -> (SystolicTraffic, SystolicTraffic) {
        let slice = ceiling(streamed, max(1, folds.rowFolds))
        let keptShare = fits(kept, in: keptBuffer) ? ceiling(kept, max(1, folds.foldsPerGroup)) : keptTile
        var rowsOutside = SystolicTraffic(outer: folds.rowFolds, inner: folds.columnFolds)
        rowsOutside.perFold = keptShare
        if fits(streamed, in: streamBuffer) || fits(slice, in: streamBuffer) {
            rowsOutside.perOuter = slice
        } else {
            rowsOutside.perFold += slice
        }
        addSums(to: &rowsOutside, live: pixels * filters)
        var columnsOutside = SystolicTraffic(outer: folds.columnFolds, inner: folds.rowFolds)
        columnsOutside.perFold = keptShare
        if fits(streamed, in: streamBuffer) {
            columnsOutside.perSweep = slice
        } else {
            columnsOutside.perFold += slice
        }
        addSums(to: &columnsOutside, live: min(pixels * filters, outputs.0 * outputs.1))
        return (rowsOutside, columnsOutside)
    }

    /// Outputs, and partial sums that leave and come back when `live` of them do not fit the output buffer.
    private func addSums(to traffic: inout SystolicTraffic, live: Int) {
        var bytes = output
        let width = ceiling(array.accumulatorBits.count, 8)
        if folds.rowFolds > 1, !fits(live * width, in: array.ofmapBuffer) {
            bytes += 2 * (folds.rowFolds - 1) * pixels * filters * width
        }
        traffic.written = ceiling(bytes, max(1, folds.foldsPerGroup))
    }
}
