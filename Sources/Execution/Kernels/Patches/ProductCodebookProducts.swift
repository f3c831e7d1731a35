import Networks

/// The products of the patch with all vectors are formed once; each row adds those of its vectors.
struct ProductCodebookProducts: RowProducts {
    private let length: Int
    /// Vectors of all parts, one behind the other.
    private let vectors: [Int]
    /// For each part, the number of its first vector; then the number of all.
    private let starts: [Int]
    /// For every part of every row, the number of its vector.
    private let places: [Int32]

    init(_ codebook: ProductCodebook, rows: WeightRows) throws {
        let indices = try codebook.indices(of: rows)
        let starts = codebook.tables.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count / codebook.length) }
        length = codebook.length
        vectors = codebook.tables.flatMap { $0 }
        places = indices.enumerated().map { Int32(starts[$0 % codebook.tables.count]) + Int32($1) }
        self.starts = starts
    }

    var scratchCount: Int { starts[starts.count - 1] }

    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>
    ) {
        let parts = starts.count - 1
        for part in 0..<parts {
            for vector in starts[part]..<starts[part + 1] {
                var sum = 0
                for element in 0..<length {
                    sum &+= vectors[vector * length + element] &* patch[part * length + element]
                }
                scratch[vector] = sum
            }
        }
        places.withUnsafeBufferPointer { places in
            for row in rows {
                var sum = 0
                for part in 0..<parts { sum &+= scratch[Int(places[row * parts + part])] }
                sums[row - rows.lowerBound] &+= sum
            }
        }
    }
}
