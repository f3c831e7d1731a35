import Hardware
import Quantities
import Workloads

/// The mapping of least time on a row-stationary array; of equal ones that with the fewest words through the buffers.
///
/// The declared space: all strip heights, all splits of filters and channels into equal parts that the cells' stores
/// hold, all counts of sets along the channels with as many sets along the filters as fit, all divisors of the batch,
/// and as many filters in the shared buffer as fit. Every member that can be better than the best found is costed, so the
/// result is optimal; branches end where their products alone take longer.
struct RowStationarySearch {
    let layer: RowStationaryLayer
    private let loops: LoopNest
    private let array: RowStationaryArray
    private let store: (input: Int, filter: Int, sum: Int, shared: Int, filters: Int)
    private(set) var best: (map: RowStationaryMapping, cost: RowStationaryCost)?
    /// Members of the space, over all sizes of the batch, met or passed over.
    private(set) var represented = 0

    init(_ layer: RowStationaryLayer) {
        self.layer = layer
        loops = layer.loops
        array = layer.array
        store = (
            layer.words(array.inputStore), layer.words(array.filterStore), layer.words(array.sumStore),
            layer.words(array.sharedBuffer), layer.words(array.filterBuffer)
        )
    }

    /// The best mapping, or nil when not even one output at a time fits.
    mutating func run() -> (map: RowStationaryMapping, cost: RowStationaryCost)? {
        guard store.input > 0, store.filter > 0, store.sum > 0, store.shared > 0, store.filters > 0 else { return nil }
        let rowPieces = ceiling(loops.kernelHeight, array.rows)
        let columnPieces = ceiling(loops.kernelWidth, min(store.input, store.filter))
        var split = 1
        while best == nil {
            let f = ceiling(loops.outputWidth, split)
            for e in Self.parts(of: loops.outputHeight, whole: loops.outputHeight) {
                tryRows(
                    RowStationaryMapping(
                        n: 1, m: 1, e: e, p: 1, q: 1, r: 1, t: 1, f: f, rowPieces: rowPieces,
                        columnPieces: columnPieces))
            }
            if f == 1 { break }
            split *= 2
        }
        return best
    }

    /// The distinct sizes of equal parts of a whole, up to a largest, ascending.
    static func parts(of most: Int, whole: Int) -> [Int] {
        var parts: [Int] = []
        var part = 1
        while part <= min(most, whole) {
            // The least size that needs as few parts.
            let count = ceiling(whole, part)
            part = ceiling(whole, count)
            if part > most { break }
            parts.append(part)
            part = count == 1 ? whole + 1 : max(part + 1, ceiling(whole, count - 1))
        }
        return parts
    }

    /// Sets of filter rows by output rows that stand on the cells at once; a set wider than the grid is folded.
    private func sets(_ map: RowStationaryMapping) -> Int {
        let height = layer.pieceRows(map)
        let folds = ceiling(map.e, array.columns)
        guard height * folds <= array.rows else { return 0 }
        return array.rows / (height * folds) * max(1, folds > 1 ? 1 : array.columns / map.e)
    }

    private mutating func tryRows(_ map: RowStationaryMapping) {
        let sets = sets(map)
        guard sets > 0 else { return }
        let width = layer.pieceColumns(map)
        let unavoidable = unavoidable(map)
        for q in Self.parts(of: min(layer.channels, store.input / width, 1 << 12), whole: layer.channels).reversed() {
            let most = min(store.sum, store.filter / (q * width), 1 << 12)
            for p in Self.parts(of: most, whole: layer.filters).reversed() {
                for r in Self.parts(of: sets, whole: ceiling(layer.channels, q)) {
                    var map = map
                    (map.p, map.q, map.r) = (p, q, r)
                    trySets(map, sets, unavoidable)
                }
            }
        }
    }

    /// Cycles besides products that no mapping of so many output rows can avoid: every weight once for each strip, every
    /// input and output through memory once.
    private func unavoidable(_ map: RowStationaryMapping) -> Int {
        let strips = ceiling(loops.outputHeight, map.e) * ceiling(loops.outputWidth, map.f)
        let weights = loops.groups * layer.filters * loops.reductionLength
        let inputs = loops.groups * loops.batch * layer.channels * min(loops.inputHeight, layer.rows(map))
        let moved =
            Double(inputs * min(loops.inputWidth, layer.columns(map))) * layer.inputCoding
            + Double(loops.outputElements) * layer.outputCoding
        let fill = weights * strips * layer.wordBits / max(1, array.filterBus.count)
        return fill + Int(min(moved * layer.cyclesPerWord, 1e15))
    }

    private mutating func trySets(_ map: RowStationaryMapping, _ sets: Int, _ unavoidable: Int) {
        let perSet = map.p * map.q * map.r * layer.pieceRows(map) * layer.pieceColumns(map)
        var map = map
        map.t = min(sets / map.r, store.filters / perSet, ceiling(layer.filters, map.p))
        guard map.t > 0 else { return }
        represented += 1
        guard products(map) + unavoidable <= best?.cost.cycles ?? .max else { return }
        for n in Self.parts(of: loops.batch, whole: loops.batch) where loops.batch % n == 0 {
            map.n = n
            guard let kept = keptFilters(map) else { break }
            map.m = kept
            take(map)
        }
    }

    /// The most filters whose sums fit beside the inputs of a pass; a whole number of passes, or all.
    private func keptFilters(_ map: RowStationaryMapping) -> Int? {
        let inputs = map.n * map.q * map.r * layer.rows(map) * layer.columns(map)
        let plane = map.e * map.f * map.n
        guard inputs < store.shared else { return nil }
        let most = (store.shared - inputs) / plane
        if most >= layer.filters { return layer.filters }
        let together = map.p * map.t
        return most >= together ? most / together * together : nil
    }

    /// Cycles of products of a mapping: a bound on its time.
    private func products(_ map: RowStationaryMapping) -> Int {
        let strips = ceiling(loops.outputHeight, map.e) * ceiling(loops.outputWidth, map.f)
        let steps = ceiling(layer.channels, map.q * map.r) * map.rowPieces * map.columnPieces
        let sweeps = ceiling(layer.filters, map.p * map.t)
        let passes = loops.groups * strips * (loops.batch / map.n) * steps * sweeps
        return passes * map.n * map.f * map.p * map.q * layer.pieceColumns(map)
    }

    private mutating func take(_ map: RowStationaryMapping) {
        let cost = layer.cost(map)
        if let best {
            guard
                cost.cycles < best.cost.cycles
                    || cost.cycles == best.cost.cycles && cost.bufferWords < best.cost.bufferWords
            else { return }
        }
        best = (map, cost)
    }
}
