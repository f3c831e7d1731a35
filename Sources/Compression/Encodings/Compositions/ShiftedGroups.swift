import Diagnostics
public import Tensors

/// Integers whose groups of neighbours are shifted to the left together: `element = integer * 2^shift`.
///
/// A group is `size` elements of one index of the first axis, the last of a row what is left. Scales by group that are powers of two times
/// the scale of the channel need no arithmetic of their own: the shifted integers are what is multiplied. Parts: `integers` in two's
/// complement of their width, one an element, and `shifts`, one a group.
public struct ShiftedGroups: CompositionForm {
    /// Elements of a group, at least 1.
    public var size: Int

    public init(size: Int) {
        self.size = size
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (integers, shifts) = (try composition.part("integers"), try composition.part("shifts").patterns)
        guard size > 0, (1...16).contains(integers.width), shape.rank > 0, shape[0] > 0,
            integers.patterns.count == shape.elementCount
        else { throw Diagnostic("groups of \(size) do not suit \(integers.patterns.count) integers") }
        let row = shape.elementCount / shape[0]
        let groups = ShiftedGroups.count(row: row, size: size)
        guard shifts.count == shape[0] * groups, shifts.allSatisfy({ $0 < 16 }) else {
            throw Diagnostic("\(shifts.count) shifts for \(shape[0]) rows of \(groups) groups")
        }
        let (half, whole) = (1 << (integers.width - 1), 1 << integers.width)
        return integers.patterns.enumerated().map { place, pattern in
            let integer = Int(pattern) >= half ? Int(pattern) - whole : Int(pattern)
            return Float(integer << Int(shifts[place / row * groups + place % row / size]))
        }
    }

    /// Groups of a row.
    package static func count(row: Int, size: Int) -> Int { row / size + (row % size == 0 ? 0 : 1) }

    /// The composition of integers with the shift of each group.
    static func composition(of integers: [Int], width: Int, shifts: [Int], shiftBits: Int, size: Int)
        -> WeightComposition
    {
        let mask = (UInt32(1) << UInt32(width)) - 1
        return WeightComposition(
            .shiftedGroups(ShiftedGroups(size: size)),
            parts: [
                StoredPart("integers", patterns: integers.map { UInt32(truncatingIfNeeded: $0) & mask }, width: width),
                StoredPart("shifts", patterns: shifts.map { UInt32($0) }, width: shiftBits),
            ])
    }
}
