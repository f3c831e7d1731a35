/// The least cost of all cuts still to be made from every tile on, were no memory shared: a bound that never overstates.
///
/// Worked out from the largest tile down: from a tile either an operand is cut there, or a loop grows by a factor. The
/// value at the smallest tile is attained by some chain of tiles; it is the optimum when that chain also fits the memories
/// that operands share.
struct ChainBound {
    private var values: [Double]
    private let stages: (Int, Int, Int)
    private let stageCount: Int

    init(_ table: TileTable) {
        let (first, second, third) = (table.cuts[0] + 1, table.cuts[1] + 1, table.cuts[2] + 1)
        let (lattice, stageCount) = (table.lattice, first * second * third)
        (stages, self.stageCount) = ((first, second, third), stageCount)
        var values = [Double](repeating: .infinity, count: lattice.count * stageCount)
        values.withUnsafeMutableBufferPointer { values in
            var distances: [Int] = []
            for point in stride(from: lattice.count - 1, through: 0, by: -1) {
                distances.removeAll(keepingCapacity: true)
                for loop in 0..<8 {
                    for distance in lattice.covers[loop][lattice.position(point, loop)] {
                        distances.append(distance * stageCount)
                    }
                }
                let low = (table.lowest[point * 3], table.lowest[point * 3 + 1], table.lowest[point * 3 + 2])
                let base = point * stageCount
                for a in stride(from: first - 1, through: Int(low.0), by: -1) {
                    for b in stride(from: second - 1, through: Int(low.1), by: -1) {
                        for c in stride(from: third - 1, through: Int(low.2), by: -1) {
                            let slot = base + (a * second + b) * third + c
                            if a == first - 1, b == second - 1, c == third - 1 {
                                values[slot] = 0
                                continue
                            }
                            var best = Double.infinity
                            for distance in distances { best = min(best, values[slot + distance]) }
                            if a < first - 1 {
                                best = min(best, table.cost(point, 0, a) + values[slot + second * third])
                            }
                            if b < second - 1 { best = min(best, table.cost(point, 1, b) + values[slot + third]) }
                            if c < third - 1 { best = min(best, table.cost(point, 2, c) + values[slot + 1]) }
                            values[slot] = best
                        }
                    }
                }
            }
        }
        self.values = values
    }

    /// The bound at a tile with so many cuts of weights, inputs and outputs made.
    @inline(__always)
    func value(_ point: Int, _ made: (Int, Int, Int)) -> Double {
        values[point * stageCount + (made.0 * stages.1 + made.1) * stages.2 + made.2]
    }
}
