/// In which order sums of the same inputs under many sign vectors are formed so that they share additions.
///
/// `⟨x, b⟩ = ±⟨x, b'⟩ + 2 ⟨x, (b ∓ b') / 2⟩`: from another vector's sum only the inputs are added where both differ, or
/// where they agree. With `d` of `t` signs different that takes `min(d, t - d)` additions and a doubling; a vector by itself
/// takes `t - 1`. The cheapest order is a minimum spanning tree (Prim, 1957).
package struct AssociativeSums: Sendable {
    /// A sum that is formed.
    package struct Sum: Sendable, Hashable {
        package var vector: Int
        /// The vector from whose sum this one is formed, or nil for one that is formed by itself.
        package var parent: Int?
        /// Whether the parent's sum counts negative.
        package var isOpposite: Bool
    }

    /// Parents before what is formed from them.
    package private(set) var order: [Sum] = []
    /// Additions and subtractions of all sums together.
    package private(set) var additions = 0
    private let vectors: [SignVector]

    /// Additions of sums that are formed each by itself.
    package var separateAdditions: Int { vectors.count * max((vectors.first?.count ?? 1) - 1, 0) }

    /// Trees span at most so many vectors, which bounds the time.
    static let treeSize = 1024

    /// - Precondition: all vectors have the same number of signs.
    package init(_ vectors: [[Bool]]) {
        self.vectors = vectors.map(SignVector.init)
        for start in stride(from: 0, to: vectors.count, by: Self.treeSize) {
            span(start..<min(start + Self.treeSize, vectors.count))
        }
    }

    /// Grows the tree of some vectors from the first of them.
    private mutating func span(_ range: Range<Int>) {
        var nearest = range.map { _ in (cost: Int.max, parent: range.lowerBound, isOpposite: false) }
        var left = Set(range)
        var next = range.lowerBound
        order.append(Sum(vector: next, parent: nil, isOpposite: false))
        additions += max(vectors[next].count - 1, 0)
        while left.remove(next) != nil {
            var best: Int?
            for other in left.isEmpty ? [] : Array(range) where left.contains(other) {
                let distance = vectors[next].distance(to: vectors[other])
                let cost = min(distance, vectors[next].count - distance)
                let place = other - range.lowerBound
                if cost < nearest[place].cost { nearest[place] = (cost, next, cost < distance) }
                if best.map({ nearest[place].cost < nearest[$0 - range.lowerBound].cost }) ?? true { best = other }
            }
            guard let best else { return }
            let edge = nearest[best - range.lowerBound]
            order.append(Sum(vector: best, parent: edge.parent, isOpposite: edge.isOpposite))
            additions += edge.cost
            next = best
        }
    }

    /// The sums of `inputs` under every vector, formed in this order.
    package func sums(of inputs: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: vectors.count)
        for sum in order {
            let signs = vectors[sum.vector].signs
            guard let parent = sum.parent else {
                sums[sum.vector] = inputs.indices.reduce(0) { $0 + (signs[$1] ? inputs[$1] : -inputs[$1]) }
                continue
            }
            let others = vectors[parent].signs
            let changed = inputs.indices.reduce(0.0) { partial, place in
                guard (signs[place] != others[place]) != sum.isOpposite else { return partial }
                return partial + (signs[place] ? inputs[place] : -inputs[place])
            }
            sums[sum.vector] = (sum.isOpposite ? -sums[parent] : sums[parent]) + 2 * changed
        }
        return sums
    }
}

/// Signs in words of 64 bits.
private struct SignVector: Sendable {
    let count: Int
    private let words: [UInt64]

    init(_ signs: [Bool]) {
        count = signs.count
        var words = [UInt64](repeating: 0, count: (signs.count + 63) / 64)
        for (place, sign) in signs.enumerated() where sign { words[place / 64] |= 1 << UInt64(place % 64) }
        self.words = words
    }

    var signs: [Bool] { (0..<count).map { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 } }

    func distance(to other: SignVector) -> Int {
        words.indices.reduce(0) { $0 + (words[$1] ^ other.words[$1]).nonzeroBitCount }
    }
}
