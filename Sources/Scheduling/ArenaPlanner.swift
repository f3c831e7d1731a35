/// Places the buffers of an arena: best fit in order of size, then a search for the least size within a node limit.
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
        let greedy = ArenaPlanner.bestFit(problem)
        let bound = problem.peakLiveBytes
        let size = problem.size(of: greedy)
        if size == bound || nodeLimit == 0 { return problem.plan(greedy, lowerBound: bound) }
        let limit = nodeLimit * 20 / max(20, problem.buffers.count)
        var search = ArenaSearch(problem, start: greedy, size: size, lowerBound: bound, nodeLimit: limit)
        search.run()
        return problem.plan(search.bestOffsets, lowerBound: search.isExhausted ? search.bestSize : bound)
    }

    /// Offsets by best fit: the largest buffer first, each into the smallest gap that holds it.
    static func bestFit(_ problem: ArenaProblem) -> [Int] {
        let extents = problem.buffers.map(problem.extent)
        let order = problem.buffers.indices.sorted { (extents[$1], $0) < (extents[$0], $1) }
        var offsets = [Int](repeating: 0, count: order.count)
        var placed: [Int] = []
        for index in order where extents[index] > 0 {
            let buffer = problem.buffers[index]
            let neighbours = placed.filter { problem.buffers[$0].isLive(with: buffer) }
                .sorted { (offsets[$0], $0) < (offsets[$1], $1) }
            offsets[index] = gap(
                for: extents[index], between: neighbours.map { offsets[$0]..<offsets[$0] + extents[$0] })
            placed.append(index)
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
    fileprivate func size(of offsets: [Int]) -> Int {
        zip(buffers, offsets).reduce(0) { max($0, $1.0.size == 0 ? 0 : $1.1 + extent(of: $1.0)) }
    }

    fileprivate func plan(_ offsets: [Int], lowerBound: Int) -> ArenaPlan {
        let entries = zip(buffers, offsets).map { ArenaPlan.Entry(buffer: $0, offset: $1) }
        return ArenaPlan(entries: entries, size: size(of: offsets), lowerBound: lowerBound)
    }
}
