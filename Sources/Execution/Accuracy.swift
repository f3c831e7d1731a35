public import Tensors

/// How many cases a classifier got right.
public struct Accuracy: Sendable, Hashable, Codable {
    public var correct: Int
    public var total: Int

    public init(correct: Int = 0, total: Int = 0) {
        self.correct = correct
        self.total = total
    }

    /// The fraction of right cases; 0 without cases.
    public var top1: Double { total == 0 ? 0 : Double(correct) / Double(total) }

    /// Counts a case.
    public mutating func count(isRight: Bool) {
        total += 1
        if isRight { correct += 1 }
    }
}

extension Tensor {
    /// The place of the largest element, the lowest of equal ones; nil for a tensor without elements.
    public var largestPlace: Int? {
        switch elements {
        case .float32(let values): Tensor.largestPlace(values)
        case .int8(let values): Tensor.largestPlace(values)
        case .uint8(let values): Tensor.largestPlace(values)
        case .int16(let values): Tensor.largestPlace(values)
        case .int32(let values): Tensor.largestPlace(values)
        case .int64(let values): Tensor.largestPlace(values)
        }
    }

    private static func largestPlace<Element: Comparable>(_ values: [Element]) -> Int? {
        guard var largest = values.first else { return nil }
        var place = 0
        for (index, value) in values.enumerated() where value > largest { (place, largest) = (index, value) }
        return place
    }
}
