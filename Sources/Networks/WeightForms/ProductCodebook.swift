import Diagnostics

/// Tables of vectors, one for each part of a row, from which the rows of weights are put together.
///
/// Product quantization (Jégou, Douze, Schmid, 2011; Wu et al.: Quantized CNN, 2016): the products of a patch of inputs with
/// all vectors are formed once, and each row adds those that it names.
public struct ProductCodebook: Sendable, Hashable, Codable {
    /// Elements of a vector; divides the rows' length.
    public var length: Int
    /// For each part of a row, the elements of its 1...65536 vectors, one vector behind the other.
    public var tables: [[Int]]

    public init(length: Int, tables: [[Int]]) {
        self.length = length
        self.tables = tables
    }

    /// The distinct vectors of each part, in the order in which they occur; nil when the length does not divide rows.
    public init?(of rows: WeightRows, length: Int) {
        guard length > 0, rows.depth > 0, rows.depth % length == 0 else { return nil }
        tables = (0..<rows.depth / length).map { part in
            var known = Set<ArraySlice<Int>>()
            return (0..<rows.count).flatMap { row -> [Int] in
                let vector = rows.vector(row: row, part: part, length: length)
                return known.insert(vector).inserted ? Array(vector) : []
            }
        }
        self.length = length
    }

    /// For every part of every row, the first of the part's vectors that it equals.
    ///
    /// - Throws: `Diagnostic` for tables that do not suit the rows and for a part that is in no table.
    public func indices(of rows: WeightRows) throws -> [UInt16] {
        guard length > 0, rows.depth % length == 0, tables.count == rows.depth / length else {
            throw Diagnostic("\(tables.count) tables of vectors of \(length) for rows of \(rows.depth) weights")
        }
        let places = try tables.map { table in
            let count = table.count / length
            guard table.count % length == 0, (1...1 << 16).contains(count) else {
                throw Diagnostic("a table of \(table.count) elements for vectors of \(length)")
            }
            return Dictionary(
                (0..<count).map { (table[$0 * length..<($0 + 1) * length], UInt16($0)) },
                uniquingKeysWith: { first, _ in first })
        }
        return try (0..<rows.count).flatMap { row in
            try places.indices.map { part in
                guard let place = places[part][rows.vector(row: row, part: part, length: length)] else {
                    throw Diagnostic("part \(part) of row \(row) is not in its table of vectors")
                }
                return place
            }
        }
    }

    /// The weights for which indices stand.
    public func decoded(_ indices: [UInt16]) -> [Int] {
        indices.enumerated().flatMap { place, index in
            tables[place % tables.count][Int(index) * length..<(Int(index) + 1) * length]
        }
    }
}

extension WeightRows {
    fileprivate func vector(row: Int, part: Int, length: Int) -> ArraySlice<Int> {
        let start = row * depth + part * length
        return elements[start..<start + length]
    }
}
