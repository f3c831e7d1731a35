import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// How elements of one activation are counted.
struct ValueCensus: Sendable {
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
            counts.zeros += equal(start, elements, zero)
            if let ends {
                counts.saturated += equal(start, elements, ends.lowest) + equal(start, elements, ends.highest)
            }
        case .int16: add(start, elements, of: Int16.self, to: &counts)
        case .int32: add(start, elements, of: Int32.self, to: &counts)
        case .int64: add(start, elements, of: Int64.self, to: &counts)
        case .float32:
            let values = UnsafeBufferPointer(start: start.assumingMemoryBound(to: Float.self), count: elements)
            counts.zeros += values.count { $0 == 0 }
        }
    }

    private func equal(_ start: UnsafeRawPointer, _ elements: Int, _ value: Int) -> Int {
        dt_count_equal(level, start, elements, UInt8(truncatingIfNeeded: value))
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
