import Diagnostics

/// A positive and a negative level, and zero between them: ternary weights with two scales.
///
/// Trained ternary quantization (Zhu, Han, Mao, Dally, 2017): the inputs under positive and under negative weights are
/// summed in two accumulators, and each sum is multiplied once.
public struct TernaryLevels: Sendable, Hashable, Codable {
    /// Positive weights, one for each row or one for all; above 0.
    public var positive: [Int]
    /// Magnitudes of negative weights, as many; above 0.
    public var negative: [Int]

    public init(positive: [Int], negative: [Int]) {
        self.positive = positive
        self.negative = negative
    }

    /// The levels of each row, 1 where it has none; nil for a row of more than one on a side.
    public init?(of rows: WeightRows) {
        (positive, negative) = ([], [])
        for row in 0..<rows.count {
            let values = Set(rows.elements[row * rows.depth..<(row + 1) * rows.depth])
            let (above, below) = (values.filter { $0 > 0 }, values.filter { $0 < 0 })
            guard above.count <= 1, below.count <= 1 else { return nil }
            positive.append(above.first ?? 1)
            negative.append(-(below.first ?? -1))
        }
    }

    /// For every weight 1, 0 or -1.
    ///
    /// - Throws: `Diagnostic` for levels out of bounds and for a weight between them.
    public func signs(of rows: WeightRows) throws -> [Int8] {
        guard positive.count == negative.count, positive.count == 1 || positive.count == rows.count else {
            throw Diagnostic("\(positive.count) and \(negative.count) levels for \(rows.count) rows")
        }
        guard (positive + negative).allSatisfy({ (1...WeightForm.largestMagnitude).contains($0) }) else {
            throw Diagnostic("a ternary level out of range")
        }
        return try rows.elements.enumerated().map { place, element in
            let row = positive.count == 1 ? 0 : place / rows.depth
            if element == 0 { return 0 }
            if element == positive[row] { return 1 }
            guard element == -negative[row] else {
                throw Diagnostic("weight \(element) is neither 0 nor \(positive[row]) nor -\(negative[row])")
            }
            return -1
        }
    }

    /// The weights for which signs stand, in rows of `depth`.
    public func decoded(_ signs: [Int8], depth: Int) -> [Int] {
        signs.enumerated().map { place, sign in
            let row = positive.count == 1 ? 0 : place / depth
            return sign > 0 ? positive[row] : sign < 0 ? -negative[row] : 0
        }
    }
}
