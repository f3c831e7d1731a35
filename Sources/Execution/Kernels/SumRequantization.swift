import FixedPoint
import Networks
import SIMDKernels

/// What turns the 32-bit sums of a layer into output elements, sixteen channels at a time where that is exact.
struct SumRequantization: Sendable {
    private let channels: ChannelRequantization
    private let accumulator: Accumulator
    private let groupChannels: Int
    private let multipliers: [[Int32]]
    private let shifts: [[Int32]]
    private let scales: [[Float]]
    /// nil where sums are requantized one by one.
    private let vectorFamily: dt_family?

    init(_ channels: ChannelRequantization, weighted: WeightedLayer, accumulator: Accumulator) {
        self.channels = channels
        self.accumulator = accumulator
        groupChannels = weighted.groupChannels
        let each = (0..<weighted.channels).map { channels.channels[channels.channels.count == 1 ? 0 : $0] }
        multipliers = weighted.perGroup(each) { $0.factor.multiplier }
        shifts = weighted.perGroup(each) { Int32($0.factor.shift) }
        scales = weighted.perGroup(each, \.scale)
        let isNarrow = accumulator.bits <= 32 || each.allSatisfy { $0.factor.shift <= 0 }
        let limit = 1 << 24
        let isVector =
            isNarrow && !channels.grid.isBipolar && channels.grid.lower > -limit && channels.grid.upper < limit
            && abs(channels.grid.zeroPoint) < limit
        vectorFamily = isVector ? SumRequantization.family(each) : nil
    }

    /// Replaces sums, `pixels` rows of whole blocks, by output elements.
    func apply(to sums: UnsafeMutablePointer<Int32>, pixels: Int, group: Int, level: dt_level) {
        let stride = multipliers[group].count
        guard let vectorFamily else {
            for pixel in 0..<pixels {
                for channel in 0..<groupChannels {
                    let place = sums + pixel * stride + channel
                    let sum = accumulator.loading(Int(place.pointee))
                    let element = channels.element(sum, channel: group * groupChannels + channel, place: 0)
                    place.pointee = Int32(truncatingIfNeeded: element)
                }
            }
            return
        }
        multipliers[group].withUnsafeBufferPointer { multipliers in
            shifts[group].withUnsafeBufferPointer { shifts in
                scales[group].withUnsafeBufferPointer { scales in
                    var requantization = dt_requantization(
                        family: vectorFamily, multipliers: multipliers.baseAddress, shifts: shifts.baseAddress,
                        scales: scales.baseAddress, channels: Int32(stride),
                        sum_bits: Int32(min(accumulator.bits, 32)), zero_point: Int32(channels.grid.zeroPoint),
                        lower: Int32(channels.grid.lower), upper: Int32(channels.grid.upper))
                    dt_requantize(level, &requantization, Int32(pixels), sums)
                }
            }
        }
    }

    /// The rule that all channels follow, nil for several and for those without vector instructions.
    private static func family(_ channels: [Requantization]) -> dt_family? {
        guard let family = channels.first?.family, channels.allSatisfy({ $0.family == family }) else { return nil }
        return family.vector
    }
}
