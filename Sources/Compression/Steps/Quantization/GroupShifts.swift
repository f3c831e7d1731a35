/// By how many bits each group of a filter's weights is coarser than the filter's step.
struct GroupShifts {
    /// One for each group.
    let shifts: [Int]
    private let size: Int

    /// The largest shift of weights of `bits`: shifted integers shall stay in a byte, and a shift in two bits.
    static func largest(bits: Int) -> Int { max(0, min(3, 8 - bits)) }

    /// The smallest shifts whose groups still reach their largest weight when the coarsest reaches the filter's.
    ///
    /// - Parameter size: weights of a group, or nil for one group without a shift.
    init(of filter: [Double], size: Int?, bits: Int) {
        self.size = size ?? max(filter.count, 1)
        guard let size else {
            shifts = [0]
            return
        }
        let most = GroupShifts.largest(bits: bits)
        let reaches = stride(from: 0, to: filter.count, by: size).map { start in
            filter[start..<min(start + size, filter.count)].reduce(0) { max($0, abs($1)) }
        }
        let top = reaches.max() ?? 0
        shifts = reaches.map { reach in
            var shift = most
            while shift > 0, reach * Double(1 << (most - shift + 1)) <= top { shift -= 1 }
            return shift
        }
    }

    /// The factor of a weight.
    subscript(column: Int) -> Int { 1 << shifts[column / size] }
}
