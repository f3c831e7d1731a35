import Hardware
import Quantities
import Workloads

/// What a row-stationary mapping does for one layer: cycles, and words that pass each place.
///
/// A pass takes `max(n*f*p*q*S, inputs / input bus, sums / sum bus)` cycles after its weights and the first windows of
/// its inputs have reached the cells. Inputs and sums share a buffer that holds one tile: bringing its inputs and taking
/// its outputs away is waited for. Weights are fetched during the pass before.
public struct RowStationaryCost: Sendable, Hashable {
    public var passes = 0
    /// Cycles in which cells multiply, or wait for a bus within a pass.
    public var computeCycles = 0
    /// Of these, cycles of products alone.
    public var productCycles = 0
    /// Cycles in which weights and first windows reach the cells.
    public var fillCycles = 0
    /// Cycles in which the array waits for memory.
    public var waitCycles = 0
    /// Words between the buffers and the cells.
    public var inputWords = 0
    public var filterWords = 0
    public var sumWords = 0
    /// Words between memory and the buffers, before coding.
    public var memoryInputWords = 0
    public var memoryFilterWords = 0
    public var memoryOutputWords = 0

    public var cycles: Int { computeCycles + fillCycles + waitCycles }
    public var bufferWords: Int { inputWords + filterWords + sumWords }
}

/// A layer on a row-stationary array: its extents in the array's words, and the rates of its memory.
struct RowStationaryLayer {
    let loops: LoopNest
    let array: RowStationaryArray
    let wordBits: Int
    /// Filters and channels of one group; depthwise layers have one of each.
    let filters: Int
    let channels: Int
    let paddedWidth: Int
    /// Fraction of a word that one activation takes in memory, read and written.
    let inputCoding: Double
    let outputCoding: Double
    /// Cycles for one word between memory and the buffers.
    let cyclesPerWord: Double

    init(
        _ loops: LoopNest, _ array: RowStationaryArray, wordBits: Int, inputCoding: Double, outputCoding: Double,
        bytesPerCycle: Double
    ) {
        self.loops = loops
        self.array = array
        self.wordBits = wordBits
        (filters, channels) = (loops.outputChannels, loops.inputChannels)
        paddedWidth = (loops.outputWidth - 1) * loops.strideWidth + (loops.kernelWidth - 1) * loops.dilationWidth + 1
        self.inputCoding = inputCoding
        self.outputCoding = outputCoding
        cyclesPerWord = Double(wordBits) / 8 / bytesPerCycle
    }

    /// Words that a store of so many bytes holds.
    func words(_ bytes: Bytes) -> Int { bytes.count * 8 / wordBits }

    /// Words of a bus in a cycle, at least one in `wordBits` cycles.
    private func cycles(_ words: Int, on bus: Bits) -> Int { ceiling(words * wordBits, max(1, bus.count)) }

    func rows(_ map: RowStationaryMapping) -> Int {
        (map.e - 1) * loops.strideHeight + (pieceRows(map) - 1) * loops.dilationHeight + 1
    }

    func pieceRows(_ map: RowStationaryMapping) -> Int { ceiling(loops.kernelHeight, map.rowPieces) }

    func pieceColumns(_ map: RowStationaryMapping) -> Int { ceiling(loops.kernelWidth, map.columnPieces) }

    /// Input columns under the output columns of a pass.
    func columns(_ map: RowStationaryMapping) -> Int {
        min(paddedWidth, (map.f - 1) * loops.strideWidth + (pieceColumns(map) - 1) * loops.dilationWidth + 1)
    }

    func cost(_ map: RowStationaryMapping) -> RowStationaryCost {
        let (rows, columns) = (rows(map), columns(map))
        let (height, width) = (pieceRows(map), pieceColumns(map))
        let strips = ceiling(loops.outputHeight, map.e) * ceiling(loops.outputWidth, map.f)
        let (images, kept) = (ceiling(loops.batch, map.n), ceiling(filters, map.m))
        let steps = ceiling(channels, map.q * map.r) * map.rowPieces * map.columnPieces
        let sweeps = ceiling(filters, map.p * map.t)
        var cost = RowStationaryCost()
        cost.passes = loops.groups * strips * images * steps * sweeps
        let products = map.n * map.f * map.p * map.q * width
        let passFilters = map.p * map.t * map.q * map.r * height * width
        let passInputs = map.n * map.q * map.r * rows * columns
        let passSums = map.n * map.e * map.f * map.p * map.t
        let busy = max(products, cycles(passInputs, on: array.inputBus), cycles(passSums, on: array.sumBus))
        cost.productCycles = cost.passes * products
        cost.computeCycles = cost.passes * busy
        cost.fillCycles =
            cost.passes
            * (cycles(passFilters, on: array.filterBus)
                + cycles(map.q * map.r * rows * width, on: array.inputBus))
        count(&cost, strips: strips, images: images, steps: steps, sweeps: sweeps, kept: kept)
        cost.waitCycles = waitCycles(cost)
        return cost

        func count(
            _ cost: inout RowStationaryCost, strips: Int, images: Int, steps: Int, sweeps: Int, kept: Int
        ) {
            let outputs = loops.outputElements
            let weights = loops.groups * filters * channels * loops.kernelHeight * loops.kernelWidth
            let all = loops.groups * loops.batch * channels
            cost.filterWords = weights * strips * images
            cost.inputWords = all * strips * rows * columns * sweeps * map.rowPieces * map.columnPieces
            cost.sumWords = outputs * (2 * steps - 1)
            cost.memoryFilterWords = cost.filterWords
            cost.memoryOutputWords = outputs
            let tile = min(loops.inputHeight, rows) * min(loops.inputWidth, columns)
            let plane = loops.inputHeight * loops.inputWidth
            cost.memoryInputWords = all * (strips == 1 ? min(plane, tile) : strips * tile) * kept
        }
    }
    /// Cycles in which the array waits for the memory: for inputs and outputs always, for filters beyond what computing hides.
    private func waitCycles(_ cost: RowStationaryCost) -> Int {
        let memoryInput = Double(cost.memoryInputWords) * inputCoding
        let exposed = (memoryInput + Double(cost.memoryOutputWords) * outputCoding) * cyclesPerWord
        let filterTime = Double(cost.memoryFilterWords) * cyclesPerWord
        let hidden = max(0, filterTime - Double(cost.computeCycles + cost.fillCycles))
        return Int(min((exposed + hidden).rounded(.up), 9e15))
    }
}
