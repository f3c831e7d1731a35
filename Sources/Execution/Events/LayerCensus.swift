import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// How the operands that a layer with weights meets are counted.
final class LayerCensus: Sendable {
    let name: String
    /// The value whose elements the layer multiplies.
    let input: ValueID
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
        input = layer.node.inputs[0]
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

    /// Entries of a tally's zeros and marks.
    var tapCount: Int { visits.count * window.channels }
    var markCount: Int { countsMarks ? window.imageElements + ChannelBlocks.size : 0 }
    /// Images of a case.
    var batch: Int { window.batch }
    /// Whether zeros are marked at their places first, so that taps are counted once for many images.
    var countsMarks: Bool { type.byteCount == 1 }

    /// What the counts of a settled tally come to.
    func events(_ tally: OperandTally) -> LayerEvents {
        var events = LayerEvents()
        let images = tally.cases * window.batch
        for tap in visits.indices {
            events.multiplications += visits[tap] * window.channels * window.uses * images
            for place in tap * window.channels..<(tap + 1) * window.channels {
                events.zeroWeights += Int(zeroWeights[place]) * visits[tap] * images
                events.zeroActivations += tally.zeros[place] * window.uses
                events.zeroBoth += tally.zeros[place] * Int(zeroWeights[place])
            }
        }
        events.weightToggles = weightToggles.map { $0 * tally.cases }
        events.activationToggles = tally.toggles
        return events
    }

    /// Marks the zeros of some images of bytes.
    func mark(_ start: UnsafeRawPointer, images: Range<Int>, in marks: inout [UInt8]) {
        let count = window.imageElements
        let first = start + images.lowerBound * count
        dt_mark_equal(level, first, images.count, count, UInt8(truncatingIfNeeded: zero), &marks)
    }

    /// Adds what the taps meet of marked zeros.
    func addTaps(of marks: [UInt8], to zeros: inout [Int]) {
        var shape = window.shape
        let blocks = ChannelBlocks.count(window.channels) * ChannelBlocks.size
        var taps = [Int32](repeating: 0, count: visits.count * blocks)
        var workspace = [Int32](repeating: 0, count: dt_count_taps_workspace(&shape))
        dt_count_taps(level, &shape, marks, &taps, &workspace)
        for tap in visits.indices {
            for channel in 0..<window.channels {
                zeros[tap * window.channels + channel] += Int(taps[tap * blocks + channel])
            }
        }
    }

    /// Adds what the taps meet of zeros among wider elements.
    func addZeros(_ start: UnsafeRawPointer, cases: Int, to zeros: inout [Int]) {
        func add<Element>(_ element: Element.Type, _ isZero: (Element) -> Bool) {
            let counts = window.counts(start.assumingMemoryBound(to: element), cases: cases, isZero: isZero)
            for (place, count) in counts.enumerated() { zeros[place] += Int(count) }
        }
        switch type {
        case .int8: add(Int8.self) { Int($0) == zero }
        case .uint8: add(UInt8.self) { Int($0) == zero }
        case .int16: add(Int16.self) { Int($0) == zero }
        case .int32: add(Int32.self) { Int($0) == zero }
        case .int64: add(Int64.self) { Int($0) == zero }
        case .float32: add(Float.self) { $0 == 0 }
        }
    }

    /// Bits that change on the bus of the input over some cases; nil for reals.
    func toggles(_ start: UnsafeRawPointer, cases: Int) -> Int? {
        let count = window.batch * window.imageElements
        if type.byteCount == 1 {
            let mask = UInt8(truncatingIfNeeded: (1 << min(bits, 8)) - 1)
            return dt_count_toggles(level, start, cases, count, mask)
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
