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
    /// Whether a layer that reads the value marks its zeros, so that they need not be counted here.
    private let zerosAreMarked: Bool
    private let level: dt_level

    init(_ value: Value, zerosAreMarked: Bool, level: dt_level) {
        name = value.name
        count = value.shape.elementCount
        type = value.elementType
        zero = value.quantization?.zeroPoint ?? 0
        ends = value.quantization.map { ($0.format.minimum, $0.format.maximum) }
        self.zerosAreMarked = zerosAreMarked
        self.level = level
    }

    /// Counts the elements of some cases, one case after another.
    func add(_ start: UnsafeRawPointer, cases: Int, to counts: inout EventCounts.Activation) {
        let elements = count * cases
        counts.elements += elements
        switch type {
        case .int8, .uint8:
            guard let ends else {
                counts.zeros += totals(start, elements, zero, zero, zero).0
                return
            }
            // What is marked is not looked for again.
            let low = zerosAreMarked && ends.lowest == zero ? ends.highest : ends.lowest
            let totals = totals(start, elements, zerosAreMarked ? ends.highest : zero, low, ends.highest)
            if !zerosAreMarked { counts.zeros += totals.0 }
            counts.saturated += totals.2 + (low == ends.highest ? 0 : totals.1)
        case .int16: add(start, elements, of: Int16.self, to: &counts)
        case .int32: add(start, elements, of: Int32.self, to: &counts)
        case .int64: add(start, elements, of: Int64.self, to: &counts)
        case .float32:
            let values = UnsafeBufferPointer(start: start.assumingMemoryBound(to: Float.self), count: elements)
            counts.zeros += values.count { $0 == 0 }
        }
    }

    /// The counts with the zeros that were marked.
    func completed(_ counts: EventCounts.Activation, markedZeros: Int?) -> EventCounts.Activation {
        guard zerosAreMarked, let markedZeros else { return counts }
        var counts = counts
        counts.zeros = markedZeros
        if let ends, ends.lowest == zero, ends.lowest != ends.highest { counts.saturated += markedZeros }
        return counts
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
