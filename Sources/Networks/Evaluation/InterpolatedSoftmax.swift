import FixedPoint
import Foundation
import Tensors

/// Softmax of a row of 16-bit integers by linear interpolation in tables of 513 entries (TFLite).
struct InterpolatedSoftmax {
    private let factor: QuantizedMultiplier
    private let grid: OutputGrid
    private let tables: Tables

    /// `exp` on -10 ... 0 and `1 / (1 + x)` on 0 ... 1, 15 fraction bits.
    private struct Tables {
        let powers: [Int]
        let reciprocals: [Int]

        static let single = Tables(
            powers: table(from: Float(-10), to: 0) { exp($0) },
            reciprocals: table(from: Float(0), to: 1) { 1 / (1 + $0) })
        static let double = Tables(
            powers: table(from: -10.0, to: 0) { exp($0) }, reciprocals: table(from: 0.0, to: 1) { 1 / (1 + $0) })
    }

    /// - Parameters:
    ///   - scale: of the input, times beta.
    ///   - isSingle: whether tables are made in single precision.
    init(scale: Double, output: Quantization, isSingle: Bool) {
        tables = isSingle ? .single : .double
        factor = QuantizedMultiplier(scale / (10.0 / 65535))
        grid = OutputGrid(output)
    }

    func row(_ elements: ArraySlice<Int>) -> [Int] {
        guard let largest = elements.max() else { return [] }
        let powers = elements.map { element in
            let scaled = Int(factor.doubleRounded(Int32(truncatingIfNeeded: element - largest)))
            return InterpolatedSoftmax.value(scaled + 32767, in: tables.powers)
        }
        let sum = powers.reduce(0, +)
        let zeros = UInt32(truncatingIfNeeded: sum).leadingZeroBitCount
        let shifted = Rounding.halfUp.shift(sum << (zeros - 1), by: 14)
        let inverse = InterpolatedSoftmax.value(shifted - 3 << 15, in: tables.reciprocals)
        return powers.map { power in
            let share = Rounding.halfUp.shift(power * inverse, by: 31 - zeros)
            return grid.element(min(max(share, 0), 32767))
        }
    }

    /// Samples of `curve` with 15 fraction bits, each lowered by half the error of interpolation behind it.
    private static func table<Real: BinaryFloatingPoint>(
        from start: Real, to end: Real, _ curve: (Real) -> Real
    ) -> [Int] {
        let step = (end - start) / 512
        return (0...512).map { index in
            let place = start + Real(index) * step
            let sample = (curve(place) * 32768).rounded(.toNearestOrAwayFromZero)
            guard index < 512 else { return Int(min(sample, 32767)) }
            let next = curve(start + Real(index + 1) * step) * 32768
            let interpolated = ((next + sample) / 2).rounded(.toNearestOrAwayFromZero)
            let exact = (curve(place + step / 2) * 32768).rounded(.toNearestOrAwayFromZero)
            let bias = ((interpolated - exact) / 2).rounded(.toNearestOrAwayFromZero)
            return Int(min(max(sample - bias, -32768), 32767))
        }
    }

    /// The table between its entries; places are 16-bit integers, saturated.
    private static func value(_ place: Int, in table: [Int]) -> Int {
        let place = min(max(place, -32768), 32767)
        let (index, rest) = (256 + place >> 7, place & 0x7F)
        return table[index] + ((table[index + 1] - table[index]) * rest + 64) >> 7
    }
}
