import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// How the operands that a layer with weights meets are counted.
struct LayerCensus: Sendable {
    let name: String
    private let window: TapWindow
    /// For each tap and input channel, the outputs whose weight there stands for zero.
    private let zeroWeights: [Int32]
    /// For each tap, the output places at which it meets an input.
    private let visits: [Int]
    private let type: ElementType
    private let zero: Int
    /// Bits of the input's bus.
    private let bits: Int
    private let weightToggles: Int?
    private let level: dt_level

    /// - Returns: nil for layers without weights, and for weights that are not constant.
    init?(_ layer: Layer, level: dt_level) {
        guard let window = TapWindow(layer), let weights = layer.inputs[1].constant else { return nil }
        name = layer.node.name
        self.window = window
        let reals = Operand(weights, quantization: layer.inputs[1].quantization).reals
        zeroWeights = window.zeroWeights(reals.map { $0 == 0 })
        visits = window.visits
        type = layer.inputs[0].elementType
        zero = layer.inputs[0].quantization?.zeroPoint ?? 0
        bits = layer.inputs[0].quantization?.format.bits ?? type.byteCount * 8
        weightToggles = weights.integers.map {
            LayerCensus.toggles(
                $0, bits: layer.inputs[1].quantization?.format.bits ?? weights.elementType.byteCount * 8)
        }
        self.level = level
    }

    /// Counts what the layer meets in some cases of its input, one case after another.
    func add(_ start: UnsafeRawPointer, cases: Int, to events: inout LayerEvents) {
        let zeros = zeroCounts(start, cases: cases)
        var (inputs, both, weights, all) = (0, 0, 0, 0)
        for tap in visits.indices {
            for channel in 0..<window.channels {
                let place = tap * window.channels + channel
                inputs += Int(zeros[place])
                both += Int(zeros[place]) * Int(zeroWeights[place])
                weights += Int(zeroWeights[place]) * visits[tap]
            }
            all += visits[tap] * window.channels
        }
        let images = cases * window.batch
        events.multiplications += all * window.uses * images
        events.zeroWeights += weights * images
        events.zeroActivations += inputs * window.uses
        events.zeroBoth += both
        events.weightToggles = weightToggles.flatMap { one in events.weightToggles.map { $0 + one * cases } }
        events.activationToggles = events.activationToggles.flatMap { sum in toggles(start, cases).map { sum + $0 } }
    }

    /// For each tap and input channel, how many inputs that stand for zero it meets.
    private func zeroCounts(_ start: UnsafeRawPointer, cases: Int) -> [Int32] {
        switch type {
        case .int8, .uint8: byteCounts(start, images: cases * window.batch)
        case .int16: window.counts(start.assumingMemoryBound(to: Int16.self), cases: cases) { Int($0) == zero }
        case .int32: window.counts(start.assumingMemoryBound(to: Int32.self), cases: cases) { Int($0) == zero }
        case .int64: window.counts(start.assumingMemoryBound(to: Int64.self), cases: cases) { Int($0) == zero }
        case .float32: window.counts(start.assumingMemoryBound(to: Float.self), cases: cases) { $0 == 0 }
        }
    }

    private func byteCounts(_ start: UnsafeRawPointer, images: Int) -> [Int32] {
        var shape = window.shape
        var counts = [Int32](repeating: 0, count: visits.count * window.channels)
        let imageBytes = window.imageElements
        counts.withUnsafeMutableBufferPointer { counts in
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: dt_count_taps_workspace(&shape)) { workspace in
                for image in 0..<images {
                    dt_count_taps(
                        level, &shape, start + image * imageBytes, UInt8(truncatingIfNeeded: zero), counts.baseAddress,
                        workspace.baseAddress)
                }
            }
        }
        return counts
    }

    private func toggles(_ start: UnsafeRawPointer, _ cases: Int) -> Int? {
        let count = window.batch * window.imageElements
        if type.byteCount == 1 {
            let mask = UInt8(truncatingIfNeeded: (1 << min(bits, 8)) - 1)
            return (0..<cases).reduce(0) { $0 + dt_count_toggles(level, start + $1 * count, count, mask) }
        }
        func toggles<Element: FixedWidthInteger>(_ element: Element.Type) -> Int {
            let elements = start.assumingMemoryBound(to: element)
            return (0..<cases).reduce(0) { sum, index in
                let one = UnsafeBufferPointer(start: elements + index * count, count: count)
                return sum + LayerCensus.toggles(one.map { Int(truncatingIfNeeded: $0) }, bits: bits)
            }
        }
        switch type {
        case .int8, .uint8, .float32: return nil
        case .int16: return toggles(Int16.self)
        case .int32: return toggles(Int32.self)
        case .int64: return toggles(Int64.self)
        }
    }

    /// Bits that differ between neighbouring elements of a width, from a first neighbour of 0.
    private static func toggles(_ elements: [Int], bits: Int) -> Int {
        let mask = bits >= 64 ? -1 : (1 << bits) - 1
        var (before, toggles) = (0, 0)
        for element in elements {
            toggles += ((element ^ before) & mask).nonzeroBitCount
            before = element
        }
        return toggles
    }
}
