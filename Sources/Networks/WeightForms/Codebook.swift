import Diagnostics

/// A table of values that weights share (Han, Mao, Dally: Deep Compression, 2016).
///
/// A sum of products is formed by adding the inputs of each value first and multiplying each value once.
public struct Codebook: Sendable, Hashable, Codable {
    /// 1...65536 values.
    public var values: [Int]

    public init(values: [Int]) {
        self.values = values
    }

    /// The distinct values of weights, ascending.
    public init(of rows: WeightRows) {
        self.init(values: Set(rows.elements).sorted())
    }

    /// For every weight, its first place in the table.
    ///
    /// - Throws: `Diagnostic` for a table out of bounds and for a weight that is not in it.
    public func indices(of rows: WeightRows) throws -> [UInt16] {
        guard (1...1 << 16).contains(values.count) else { throw Diagnostic("a codebook of \(values.count) values") }
        let places = Dictionary(values.enumerated().map { ($1, UInt16($0)) }, uniquingKeysWith: { first, _ in first })
        return try rows.elements.map { element in
            guard let place = places[element] else { throw Diagnostic("weight \(element) is not in the codebook") }
            return place
        }
    }

    /// The weights for which indices stand.
    public func decoded(_ indices: [UInt16]) -> [Int] {
        indices.map { values[Int($0)] }
    }
}
