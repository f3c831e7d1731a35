import Workloads

/// All tiles over time of a layer: for each loop a divisor of its steps, as the points of a lattice.
struct TileLattice {
    /// Divisors of each loop's steps, ascending; thinned where a layer has too many tiles to search.
    let divisors: [[Int]]
    let strides: [Int]
    let count: Int
    /// For each loop and divisor, the divisors directly above, as distances in the lattice.
    let covers: [[[Int]]]
    /// `true` when every divisor is there.
    let isComplete: Bool

    init(_ steps: LoopExtents, limit: Int = 1 << 15) {
        var divisors = steps.map { steps in (1...max(1, steps)).filter { steps % $0 == 0 } }
        var isComplete = true
        while divisors.reduce(1.0, { $0 * Double($1.count) }) > Double(limit) {
            guard let widest = divisors.indices.max(by: { divisors[$0].count < divisors[$1].count }) else { break }
            let all = divisors[widest]
            guard all.count > 2 else { break }
            // Every second one, the ends always; what is left must still form chains from 1 to the whole.
            divisors[widest] = all.enumerated().filter { $0.offset % 2 == 0 || $0.offset == all.count - 1 }.map(
                \.element)
            isComplete = false
        }
        var strides = [Int](repeating: 1, count: divisors.count)
        for index in divisors.indices.dropLast().reversed() {
            strides[index] = strides[index + 1] * divisors[index + 1].count
        }
        self.divisors = divisors
        self.strides = strides
        self.isComplete = isComplete
        count = divisors.reduce(1) { $0 * $1.count }
        covers = zip(divisors, strides).map { list, stride in
            list.indices.map { low in
                list.indices.filter { high in
                    high > low && list[high] % list[low] == 0
                        && !list.indices.contains {
                            $0 > low && $0 < high && list[$0] % list[low] == 0 && list[high] % list[$0] == 0
                        }
                }.map { ($0 - low) * stride }
            }
        }
    }

    /// The index of the divisor of a loop at a point.
    @inline(__always)
    func position(_ point: Int, _ loop: Int) -> Int { point / strides[loop] % divisors[loop].count }

    /// Steps inside the tile at a point.
    func inside(_ point: Int) -> LoopExtents {
        divisors.indices.map { divisors[$0][position(point, $0)] }
    }
}
