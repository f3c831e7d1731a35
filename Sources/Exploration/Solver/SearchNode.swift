/// A set of columns in one bit each, so that many open parts fit in memory.
struct ColumnSet {
    private var words: [UInt64]

    init(_ columns: [Int], of count: Int) {
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
        for column in columns { words[column / 64] |= 1 << UInt64(column % 64) }
    }

    /// The columns in order.
    var columns: [Int] {
        var columns: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                columns.append(64 * index + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return columns
    }
}

/// A part of the space that is still to be searched.
struct SearchNode {
    /// The columns it may use.
    let active: ColumnSet
    /// The relaxation's basis to go on from; nil at the root.
    let basis: [Int32]?
    /// A lower bound of the damage, by the parent's multipliers; nil when unknown.
    let bound: Int128?
    /// Its place in the tree.
    let record: Int
}

/// The open parts, the lowest bound first and then the oldest.
struct OpenNodes {
    private var heap: [SearchNode] = []

    var isEmpty: Bool { heap.isEmpty }

    /// The open parts in no particular order.
    var all: [SearchNode] { heap }

    mutating func insert(_ node: SearchNode) {
        heap.append(node)
        var index = heap.count - 1
        while index > 0, precedes(heap[index], heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func popFirst() -> SearchNode? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { precedes(heap[$0], heap[$1]) }), precedes(heap[least], heap[index])
            else { return first }
            heap.swapAt(least, index)
            index = least
        }
    }

    private func precedes(_ left: SearchNode, _ right: SearchNode) -> Bool {
        switch (left.bound, right.bound) {
        case (nil, nil): left.record < right.record
        case (nil, _): true
        case (_, nil): false
        case (let a?, let b?): a != b ? a < b : left.record < right.record
        }
    }
}

/// What the search did at one part of the space: the multipliers it used in turn and how it split the part.
struct SearchRecord {
    var proofs: [IntegerMultipliers]
    var split: Split?

    struct Split {
        let group: Int
        /// The columns of the first child; the second has the others.
        let left: [Int]
        let children: (left: Int, right: Int)
    }
}
