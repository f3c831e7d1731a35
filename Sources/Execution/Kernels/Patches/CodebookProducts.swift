import Networks

/// The inputs of each shared value are added, then each value is multiplied once.
struct CodebookProducts: RowProducts {
    private let values: [Int]
    private let indices: [UInt16]
    private let depth: Int

    init(_ codebook: Codebook, rows: WeightRows) throws {
        values = codebook.values
        indices = try codebook.indices(of: rows)
        depth = rows.depth
    }

    var scratchCount: Int { values.count }

    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>
    ) {
        indices.withUnsafeBufferPointer { indices in
            for row in rows {
                scratch.update(repeating: 0, count: values.count)
                for place in 0..<depth { scratch[Int(indices[row * depth + place])] &+= patch[place] }
                var sum = 0
                for index in values.indices { sum &+= values[index] &* scratch[index] }
                sums[row - rows.lowerBound] &+= sum
            }
        }
    }
}
