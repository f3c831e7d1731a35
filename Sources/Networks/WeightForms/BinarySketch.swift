import Diagnostics

/// Factors whose sums with signs are the weights of a row: multi-bit binary weights.
///
/// Network sketching (Guo, Yao, Zhao, Chen, 2017): `w = a_1 b_1 + … + a_m b_m` with `b_j` in ±1, so that a product with a
/// row is `m` products with signs, which count bits.
public struct BinarySketch: Sendable, Hashable, Codable {
    /// The factors of each row, or one list for all; 1...8 of them.
    public var factors: [[Int]]

    public init(factors: [[Int]]) {
        self.factors = factors
    }

    /// Signs of a weight that one byte holds.
    static let largestCount = 8

    /// For every weight the signs of its factors, bit `j` set where factor `j` counts positive; the smallest such pattern.
    ///
    /// - Throws: `Diagnostic` for factors out of bounds and for a weight that is no sum of them.
    public func patterns(of rows: WeightRows) throws -> [UInt8] {
        guard factors.count == 1 || factors.count == rows.count else {
            throw Diagnostic("\(factors.count) lists of factors for \(rows.count) rows")
        }
        let places = try factors.map { factors in
            guard (1...BinarySketch.largestCount).contains(factors.count) else {
                throw Diagnostic("a sketch of \(factors.count) factors")
            }
            let range = -WeightForm.largestMagnitude...WeightForm.largestMagnitude
            guard factors.allSatisfy(range.contains) else { throw Diagnostic("a factor out of range") }
            let patterns = (0..<1 << factors.count).map { UInt8($0) }
            return Dictionary(
                patterns.map { (BinarySketch.sum(of: factors, signs: $0), $0) },
                uniquingKeysWith: { first, _ in first })
        }
        return try rows.elements.enumerated().map { place, element in
            guard let pattern = places[factors.count == 1 ? 0 : place / rows.depth][element] else {
                throw Diagnostic("weight \(element) is no sum of the factors of its row")
            }
            return pattern
        }
    }

    /// The weights for which patterns stand, in rows of `depth`.
    public func decoded(_ patterns: [UInt8], depth: Int) -> [Int] {
        patterns.enumerated().map { place, pattern in
            BinarySketch.sum(of: factors[factors.count == 1 ? 0 : place / depth], signs: pattern)
        }
    }

    private static func sum(of factors: [Int], signs: UInt8) -> Int {
        factors.enumerated().reduce(0) { $0 + (signs >> UInt8($1.offset) & 1 == 1 ? $1.element : -$1.element) }
    }
}
