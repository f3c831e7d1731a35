import FixedPoint
import Networks
import SIMDKernels

/// How the sums of each channel become bytes, laid out for the kernels.
struct ByteNarrowing: Sendable {
    /// For each group the arrays of `dt_narrowing`, `stride` entries each, scales as bits.
    private let constants: [[Int32]]
    private let stride: Int
    private let family: dt_family
    private let shiftsLeft: Bool
    private let addsZeroPoint: Bool
    private let grid: OutputGrid
    private let isUnsigned: Bool
    /// Channels of a group.
    private let peakChannels: Int

    /// The narrowing of a layer with weights.
    ///
    /// - Parameters:
    ///   - bounds: of the magnitude of each channel's sums.
    ///   - bias: what is added to the products of each channel.
    /// - Returns: nil where the kernels could differ from the requantization.
    init?(
        _ requantization: ChannelRequantization, bounds: [Int], weighted: WeightedLayer, isUnsigned: Bool,
        bias: [Int32]
    ) {
        let channels = requantization.channels
        let each = (0..<weighted.channels).map { channels[channels.count == 1 ? 0 : $0] }
        guard let declared = channels.first?.family.vector, channels.allSatisfy({ $0.family == channels[0].family }),
            ByteNarrowing.takes(requantization.grid, isUnsigned: isUnsigned)
        else { return nil }
        let family = declared.unlessClamped(requantization.grid)
        func entries(zeroPoint: Int) -> [Entry]? {
            let entries = zip(each, bounds).compactMap { Entry($0, bound: $1, zeroPoint: zeroPoint) }
            return entries.count == each.count ? entries : nil
        }
        let folded = family.roundsTwice ? entries(zeroPoint: requantization.grid.zeroPoint) : nil
        guard let entries = folded ?? entries(zeroPoint: 0) else { return nil }
        addsZeroPoint = folded == nil
        self.family = family
        self.isUnsigned = isUnsigned
        peakChannels = weighted.groupChannels
        grid = requantization.grid
        shiftsLeft = entries.contains { $0.leftShift > 0 }
        if shiftsLeft, family == dt_single_rounding || channels[0].isWide { return nil }
        let columns = [
            weighted.perGroup(bias) { $0 }, weighted.perGroup(entries, \.multiplier),
            weighted.perGroup(entries, \.offset), weighted.perGroup(entries, \.leftShift),
            weighted.perGroup(entries, \.rightShift), weighted.perGroup(entries, \.scaleBits),
        ]
        stride = columns[0].first?.count ?? 0
        let (stride, channelCount) = (stride, weighted.channels)
        let repeats = weighted.isDepthwise && ByteDepthwiseKernel.repeats(channelCount)
        constants = (0..<weighted.groups).map { group in
            columns.flatMap { column in
                repeats ? (0..<stride).map { column[group][$0 % channelCount] } : column[group]
            }
        }
    }

    /// One requantization for all elements, without biases.
    ///
    /// - Parameter bound: of the magnitude of sums.
    init?(_ requantization: Requantization, bound: Int, grid: OutputGrid, isUnsigned: Bool) {
        guard let declared = requantization.family.vector, ByteNarrowing.takes(grid, isUnsigned: isUnsigned) else {
            return nil
        }
        let family = declared.unlessClamped(grid)
        guard requantization.factor.multiplier != 0 else { return nil }
        let folded = family.roundsTwice ? Entry(requantization, bound: bound, zeroPoint: grid.zeroPoint) : nil
        guard let entry = folded ?? Entry(requantization, bound: bound, zeroPoint: 0), entry.leftShift == 0 else {
            return nil
        }
        addsZeroPoint = folded == nil
        let values = [0, entry.multiplier, entry.offset, 0, entry.rightShift, entry.scaleBits]
        (stride, peakChannels) = (ChannelBlocks.size, ChannelBlocks.size)
        constants = [values.flatMap { [Int32](repeating: $0, count: ChannelBlocks.size) }]
        shiftsLeft = false
        (self.family, self.grid, self.isUnsigned) = (family, grid, isUnsigned)
    }

    /// Whether every element of a grid is a byte that the kernels can clamp.
    private static func takes(_ grid: OutputGrid, isUnsigned: Bool) -> Bool {
        let lowest = isUnsigned ? 0 : -128
        return grid.lower >= lowest && grid.upper <= lowest + 255 && (-32768...32767).contains(grid.zeroPoint)
    }

    /// Calls `body` with the constants of a group.
    ///
    /// - Parameter peak: raised to the largest magnitude of a sum.
    func withNarrowing(
        group: Int, peak: UnsafeMutablePointer<Int32>? = nil, _ body: (inout dt_narrowing) -> Void
    ) {
        constants[group].withUnsafeBufferPointer { constants in
            guard let start = constants.baseAddress else { return }
            var narrowing = dt_narrowing(
                family: family, bias: start, multipliers: start + stride, offsets: start + 2 * stride,
                left_shifts: start + 3 * stride, right_shifts: start + 4 * stride, shifts_left: shiftsLeft ? 1 : 0,
                scales: UnsafeRawPointer(start + 5 * stride).assumingMemoryBound(to: Float.self),
                adds_zero_point: addsZeroPoint ? 1 : 0, zero_point: Int32(grid.zeroPoint), lower: Int32(grid.lower),
                upper: Int32(grid.upper),
                is_unsigned: isUnsigned ? 1 : 0, peak: peak, peak_channels: Int32(peakChannels))
            body(&narrowing)
        }
    }
}

extension ByteNarrowing {
    /// The constants of one channel.
    private struct Entry {
        let multiplier: Int32
        let offset: Int32
        let leftShift: Int32
        let rightShift: Int32
        let scaleBits: Int32

        /// - Returns: nil when what rounding adds could leave 32 bits.
        init?(_ requantization: Requantization, bound: Int, zeroPoint: Int) {
            let factor = requantization.factor
            scaleBits = Int32(bitPattern: requantization.scale.bitPattern)
            leftShift = Int32(max(factor.shift, 0))
            rightShift = Int32(max(-factor.shift, 0))
            guard factor.multiplier != 0 else {
                (multiplier, offset) = (1 << 30, Int32(truncatingIfNeeded: zeroPoint))
                return
            }
            let half = (1 << Int(rightShift)) >> 1
            let added = half + zeroPoint << Int(rightShift)
            let product = (Int128(bound) << Int128(leftShift) * Int128(factor.multiplier.magnitude)) >> 31
            guard factor.multiplier > 0, product + Int128(added.magnitude) + 1 < 1 << 31 else { return nil }
            multiplier = factor.multiplier
            offset = Int32(truncatingIfNeeded: added)
        }
    }
}

extension dt_family {
    fileprivate var roundsTwice: Bool { self == dt_double_rounding || self == dt_half_up_shift }

    /// A cheaper family with the same outputs: double rounding differs from half-up shifts on negative results only, which a
    /// clamp at zero hides.
    fileprivate func unlessClamped(_ grid: OutputGrid) -> dt_family {
        self == dt_double_rounding && grid.lower >= grid.zeroPoint ? dt_half_up_shift : self
    }
}
