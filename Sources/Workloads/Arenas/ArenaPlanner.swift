/// Places the buffers of an arena: best fit in two orders, then a search for the least size within a node limit.
public struct ArenaPlanner: Sendable {
    /// Nodes that the search may visit before it keeps the best plan found; 0 for best fit alone.
    ///
    /// A node of a large problem costs more: beyond twenty buffers the limit shrinks in proportion.
    public var nodeLimit: Int

    public init(nodeLimit: Int = 20_000) {
        self.nodeLimit = nodeLimit
    }

    /// A sound plan; `isOptimal` says whether it is proved least.
    public func plan(_ problem: ArenaProblem) -> ArenaPlan {
        let bound = problem.peakLiveBytes
        let orders = [problem.indicesBySize, problem.indicesFromPeak]
        let plans = orders.map { order in
            let offsets = ArenaPlanner.bestFit(problem, order: order)
            return (offsets: offsets, size: problem.size(of: offsets))
        }
        let start = plans[1].size < plans[0].size ? plans[1] : plans[0]
        if start.size == bound || nodeLimit == 0 { return problem.plan(start.offsets, lowerBound: bound) }
        let limit = nodeLimit * 20 / max(20, problem.buffers.count)
        var search = ArenaSearch(
            problem, start: start.offsets, size: start.size, lowerBound: bound, nodeLimit: limit)
        search.run()
        return problem.plan(search.bestOffsets, lowerBound: search.isExhausted ? search.bestSize : bound)
    }

    /// Offsets by best fit: in the order given, each buffer into the smallest gap that holds it.
    static func bestFit(_ problem: ArenaProblem, order: [Int]) -> [Int] {
        let extents = problem.buffers.map(problem.extent)
        var offsets = [Int](repeating: 0, count: order.count)
        let steps = problem.steps
        var placed = [[Int]](repeating: [], count: (steps.map(\.upperBound).max() ?? -1) + 1)
        for index in order where extents[index] > 0 {
            // A neighbour of several steps comes several times, which changes no gap.
            let neighbours = steps[index].flatMap { placed[$0] }.sorted { (offsets[$0], $0) < (offsets[$1], $1) }
            offsets[index] = gap(
                for: extents[index], between: neighbours.map { offsets[$0]..<offsets[$0] + extents[$0] })
            for step in steps[index] { placed[step].append(index) }
        }
        return offsets
    }

    /// The start of the smallest gap of at least `extent` bytes, or the end of the last range.
    private static func gap(for extent: Int, between ranges: [Range<Int>]) -> Int {
        var best: (size: Int, start: Int)?
        var end = 0
        for range in ranges {
            let size = range.lowerBound - end
            if size >= extent, size < best?.size ?? Int.max { best = (size, end) }
            end = max(end, range.upperBound)
        }
        return best?.start ?? end
    }
}

extension ArenaProblem {
    /// The largest buffer first.
    fileprivate var indicesBySize: [Int] {
        buffers.indices.sorted { (extent(of: buffers[$1]), $0) < (extent(of: buffers[$0]), $1) }
    }

    /// The buffers of the layer with the most live bytes first, then outwards in time: what neighbours a full layer
    /// finds its place before what is free to lie anywhere. Of equal distance the largest first.
    fileprivate var indicesFromPeak: [Int] {
        let sets = liveSets
        guard let most = sets.map(\.bytes).max(), let peak = sets.first(where: { $0.bytes == most })?.layer else {
            return Array(buffers.indices)
        }
        let distances = buffers.map { max(0, $0.firstLayer - peak, peak - $0.lastLayer) }
        return buffers.indices.sorted {
            (distances[$0], extent(of: buffers[$1]), $0) < (distances[$1], extent(of: buffers[$0]), $1)
        }
    }

    fileprivate func size(of offsets: [Int]) -> Int {
        zip(buffers, offsets).reduce(0) { max($0, $1.0.size == 0 ? 0 : $1.1 + extent(of: $1.0)) }
    }

    fileprivate func plan(_ offsets: [Int], lowerBound: Int) -> ArenaPlan {
        let entries = zip(buffers, offsets).map { ArenaPlan.Entry(buffer: $0, offset: $1) }
        return ArenaPlan(entries: entries, size: size(of: offsets), lowerBound: lowerBound)
    }
}
