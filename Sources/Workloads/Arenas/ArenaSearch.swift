/// Branch and bound over arena plans in which every buffer rests on a buffer below it or on the ground.
///
/// Any plan can be pushed down until that holds without growing. Taken by ascending offset, each buffer then lies
/// exactly on the highest top of those before it that are live with it, so plans are orders with ascending offsets.
/// What is still to be placed lies above both the last offset and all tops of its own layers: that sum is the bound.
struct ArenaSearch {
    private let extents: [Int]
    /// For each buffer, the steps (ranks of first layers) during which it lives.
    private let steps: [ClosedRange<Int>]
    private let lowerBound: Int
    private var nodesLeft: Int
    private var offsets: [Int]
    private var tops: [Int]
    private var waiting: [Int]
    private var isPlaced: [Bool]
    private(set) var bestOffsets: [Int]
    private(set) var bestSize: Int

    /// Whether the search proved that nothing is smaller than `bestSize`.
    private(set) var isExhausted = false

    init(_ problem: ArenaProblem, start: [Int], size: Int, lowerBound: Int, nodeLimit: Int) {
        extents = problem.buffers.map(problem.extent)
        steps = problem.steps
        self.lowerBound = lowerBound
        nodesLeft = nodeLimit
        offsets = start
        bestOffsets = start
        bestSize = size
        tops = [Int](repeating: 0, count: (steps.map(\.upperBound).max() ?? -1) + 1)
        waiting = tops
        isPlaced = extents.map { $0 == 0 }
        for index in extents.indices {
            for step in steps[index] { waiting[step] += extents[index] }
        }
    }

    mutating func run() {
        let placed = isPlaced.count { $0 }
        isExhausted = descend(from: 0, after: -1, count: placed) || bestSize == lowerBound
    }

    /// Whether every plan below this node was looked at or ruled out.
    private mutating func descend(from floor: Int, after last: Int, count: Int) -> Bool {
        if count == extents.count {
            bestSize = tops.max() ?? 0
            bestOffsets = offsets
            return true
        }
        guard nodesLeft > 0 else { return false }
        nodesLeft -= 1
        for (offset, index) in candidates(from: floor, after: last) {
            let before = Array(tops[steps[index]])
            place(index, at: offset)
            let isComplete = bound(from: offset) >= bestSize || descend(from: offset, after: index, count: count + 1)
            remove(index, restoring: before)
            if bestSize == lowerBound { return true }
            if !isComplete { return false }
        }
        return true
    }

    /// Buffers that may come next with their offsets, lowest first, then largest.
    private func candidates(from floor: Int, after last: Int) -> [(offset: Int, index: Int)] {
        var found: [(offset: Int, index: Int)] = []
        for index in extents.indices where !isPlaced[index] {
            let offset = tops[steps[index]].max() ?? 0
            if offset > floor || (offset == floor && index > last) { found.append((offset, index)) }
        }
        return found.sorted { ($0.offset, -extents[$0.index], $0.index) < ($1.offset, -extents[$1.index], $1.index) }
    }

    private mutating func place(_ index: Int, at offset: Int) {
        isPlaced[index] = true
        offsets[index] = offset
        for step in steps[index] {
            tops[step] = offset + extents[index]
            waiting[step] -= extents[index]
        }
    }

    private mutating func remove(_ index: Int, restoring before: [Int]) {
        isPlaced[index] = false
        for (step, top) in zip(steps[index], before) {
            tops[step] = top
            waiting[step] += extents[index]
        }
    }

    /// No completion of the placed buffers is smaller.
    private func bound(from floor: Int) -> Int {
        var bound = lowerBound
        for step in tops.indices {
            let ground = waiting[step] > 0 ? max(tops[step], floor) : tops[step]
            bound = max(bound, ground + waiting[step])
        }
        return bound
    }
}
