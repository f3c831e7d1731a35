import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// How elements of one activation are counted.
final class ValueCensus: Sendable {
    let name: String
    private let count: Int
    private let type: ElementType
    private let zero: Int
    private let ends: (lowest: Int, highest: Int)?
    private let level: dt_level

    init(_ value: Value, level: dt_level) {
        name = value.name
        count = value.shape.elementCount
        type = value.elementType
        zero = value.quantization?.zeroPoint ?? 0
        ends = value.quantization.map { ($0.format.minimum, $0.format.maximum) }
        self.level = level
    }

    /// Counts the elements of some cases, one case after another.
    func add(_ start: UnsafeRawPointer, cases: Int, to counts: inout EventCounts.Activation) {
        let elements = count * cases
        counts.elements += elements
        switch type {
        case .int8, .uint8:
            let lowest = ends?.lowest ?? zero
            let totals = totals(start, elements, zero, lowest, ends?.highest ?? zero)
            counts.zeros += totals.0
            if ends != nil { counts.saturated += totals.1 + totals.2 }
        case .int16: add(start, elements, of: Int16.self, to: &counts)
        case .int32: add(start, elements, of: Int32.self, to: &counts)
        case .int64: add(start, elements, of: Int64.self, to: &counts)
        case .float32:
            let values = UnsafeBufferPointer(start: start.assumingMemoryBound(to: Float.self), count: elements)
            counts.zeros += values.count { $0 == 0 }
        }
    }

    /// How many bytes are equal to each of three values.
    private func totals(
        _ start: UnsafeRawPointer, _ elements: Int, _ first: Int, _ second: Int, _ third: Int
    ) -> (Int, Int, Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 3) { values in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 3) { totals in
                for (place, value) in [first, second, third].enumerated() {
                    values[place] = UInt8(truncatingIfNeeded: value)
                    totals[place] = 0
                }
                dt_count_values(level, start, elements, values.baseAddress, totals.baseAddress)
                return (totals[0], totals[1], totals[2])
            }
        }
    }

    private func add<Element: FixedWidthInteger>(
        _ start: UnsafeRawPointer, _ elements: Int, of element: Element.Type, to counts: inout EventCounts.Activation
    ) {
        let values = UnsafeBufferPointer(start: start.assumingMemoryBound(to: element), count: elements)
        counts.zeros += values.count { Int($0) == zero }
        guard let ends else { return }
        counts.saturated += values.count { Int($0) == ends.lowest || Int($0) == ends.highest }
    }
}
