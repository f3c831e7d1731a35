import Diagnostics
public import Tensors

/// Every element is one of a table of reals: the parts `table` of reals and `indices`, one an element.
public struct SharedValues: CompositionForm {
    public init() {}

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (table, indices) = (try composition.part("table").reals, try composition.part("indices").patterns)
        return try indices.map { index in
            guard index < table.count else { throw Diagnostic("index \(index) into a table of \(table.count)") }
            return table[Int(index)]
        }
    }

    /// The composition of elements with few distinct values; indices take as many bits as the table's places need.
    public static func composition(of elements: [Float]) -> WeightComposition {
        let patterns = Set(elements.map(\.bitPattern)).sorted()
        let table = patterns.map(Float.init(bitPattern:)).sorted { (left: Float, right: Float) -> Bool in
            left == right ? left.bitPattern < right.bitPattern : left < right
        }
        let places = Dictionary(
            table.enumerated().map { ($1.bitPattern, UInt32($0)) }, uniquingKeysWith: { first, _ in first })
        let width = max(table.count - 1, 0)
        let bits = Int.bitWidth - width.leadingZeroBitCount
        return WeightComposition(
            .sharedValues(SharedValues()),
            parts: [
                StoredPart("table", reals: table),
                StoredPart("indices", patterns: elements.compactMap { places[$0.bitPattern] }, width: bits),
            ])
    }
}
