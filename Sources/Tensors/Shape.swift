/// The extents of a tensor, outermost first; a scalar has none.
public struct Shape: Sendable, Hashable, Codable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// No tensor of a network may hold more elements than this.
    public static let maximumElementCount = Int(Int32.max)

    public let extents: [Int]
    /// The product of the extents.
    public let elementCount: Int

    /// Refuses negative extents and shapes of more than `maximumElementCount` elements.
    public init?(checking extents: [Int]) {
        var count = 1
        for extent in extents {
            guard extent >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow, product <= Shape.maximumElementCount else { return nil }
            count = product
        }
        self.extents = extents
        elementCount = count
    }

    /// - Precondition: the extents are not negative and their product is at most `maximumElementCount`.
    public init(_ extents: [Int]) {
        guard let shape = Shape(checking: extents) else { preconditionFailure("not a shape: \(extents)") }
        self = shape
    }

    public init(arrayLiteral extents: Int...) {
        self.init(extents)
    }

    public var rank: Int { extents.count }

    public subscript(axis: Int) -> Int { extents[axis] }

    /// The extents joined by `x`, such as `1x28x28x1`.
    public var description: String {
        extents.isEmpty ? "scalar" : extents.map(String.init).joined(separator: "x")
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let extents = try container.decode([Int].self)
        guard let shape = Shape(checking: extents) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a shape: \(extents)")
        }
        self = shape
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(extents)
    }
}
