import FixedPoint
import Networks
import SIMDKernels

/// How the sums of each channel become bytes, laid out for the kernels.
struct ByteNarrowing: Sendable {
    /// Biases, multipliers, left shifts, right shifts and the bits of scales, `stride` of each, for each group.
    private let constants: [[Int32]]
    private let stride: Int
    private let family: dt_family
    private let shiftsLeft: Bool
    private let grid: OutputGrid
    private let isUnsigned: Bool

    /// - Returns: nil for families and factors that the kernels do not know.
    init?(_ requantization: ChannelRequantization, weighted: WeightedLayer, isUnsigned: Bool, bias: [Int32]) {
        let channels = requantization.channels
        let each = (0..<weighted.channels).map { channels[channels.count == 1 ? 0 : $0] }
        guard let family = channels.first?.family.narrowing, channels.allSatisfy({ $0.family == channels[0].family })
        else { return nil }
        let shiftsLeft = channels.contains { $0.factor.shift > 0 }
        if shiftsLeft, family == dt_single_rounding || channels[0].isWide { return nil }
        guard ByteNarrowing.takes(requantization.grid, isUnsigned: isUnsigned) else { return nil }
        self.family = family
        self.shiftsLeft = shiftsLeft
        self.isUnsigned = isUnsigned
        grid = requantization.grid
        let columns = [
            weighted.perGroup(bias) { $0 },
            weighted.perGroup(each) { $0.factor.multiplier },
            weighted.perGroup(each) { Int32(max($0.factor.shift, 0)) },
            weighted.perGroup(each) { Int32(max(-$0.factor.shift, 0)) },
            weighted.perGroup(each) { Int32(bitPattern: $0.scale.bitPattern) },
        ]
        stride = columns[0].first?.count ?? 0
        constants = (0..<weighted.groups).map { group in columns.flatMap { $0[group] } }
    }

    /// One requantization for all channels, without biases.
    init?(_ requantization: Requantization, grid: OutputGrid, isUnsigned: Bool) {
        guard let family = requantization.family.narrowing, ByteNarrowing.takes(grid, isUnsigned: isUnsigned) else {
            return nil
        }
        let factor = requantization.factor
        let values = [
            0, factor.multiplier, Int32(max(factor.shift, 0)), Int32(max(-factor.shift, 0)),
            Int32(bitPattern: requantization.scale.bitPattern),
        ]
        stride = ChannelBlocks.size
        constants = [values.flatMap { [Int32](repeating: $0, count: ChannelBlocks.size) }]
        shiftsLeft = factor.shift > 0
        (self.family, self.grid, self.isUnsigned) = (family, grid, isUnsigned)
    }

    /// Whether every element of a grid is a byte that the kernels can clamp.
    private static func takes(_ grid: OutputGrid, isUnsigned: Bool) -> Bool {
        let lowest = isUnsigned ? 0 : -128
        return grid.lower >= lowest && grid.upper <= lowest + 255 && (-32768...32767).contains(grid.zeroPoint)
    }

    /// Calls `body` with the constants of a group.
    func withNarrowing(group: Int, _ body: (inout dt_narrowing) -> Void) {
        constants[group].withUnsafeBufferPointer { constants in
            guard let start = constants.baseAddress else { return }
            var narrowing = dt_narrowing(
                family: family, bias: start, multipliers: start + stride, left_shifts: start + 2 * stride,
                right_shifts: start + 3 * stride, shifts_left: shiftsLeft ? 1 : 0,
                scales: UnsafeRawPointer(start + 4 * stride).assumingMemoryBound(to: Float.self),
                zero_point: Int32(grid.zeroPoint), lower: Int32(grid.lower), upper: Int32(grid.upper),
                is_unsigned: isUnsigned ? 1 : 0)
            body(&narrowing)
        }
    }
}

extension RequantizationFamily {
    /// The family as the byte kernels know it.
    fileprivate var narrowing: dt_family? {
        switch self {
        case .doubleRounding: dt_double_rounding
        case .halfUpShift: dt_half_up_shift
        case .singleRounding: dt_single_rounding
        case .float: dt_float_scale
        // On 32-bit sums the same, whatever the factor.
        case .exact(.deterministic(.halfUp)): dt_single_rounding
        case .exact: nil
        }
    }
}
