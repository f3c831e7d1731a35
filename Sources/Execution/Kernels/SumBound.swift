import FixedPoint
import Networks

/// How large the sums of a layer and their operands can become.
struct SumBound {
    /// Whether inputs and weights without their zero points are 16-bit integers.
    let fitsShortProducts: Bool
    private let sums: SumRange

    /// No partial sum of a channel is larger in magnitude, saturated to 64 bits.
    var channels: [Int] { sums.channelMagnitudes }
    /// No partial sum of any channel is larger in magnitude, saturated to 64 bits.
    var largest: Int { sums.largestMagnitude }

    init(weights: [Int], bias: [Int], channelIsLast: Bool, input: ClosedRange<Int>) {
        let short = Int(Int16.min)...Int(Int16.max)
        fitsShortProducts =
            short.contains(input.lowerBound) && short.contains(input.upperBound) && weights.allSatisfy(short.contains)
        let inner = channelIsLast ? 1 : weights.count / max(bias.count, 1)
        sums = SumRange(weights: weights, bias: bias, elementsPerChannel: inner, input: input)
    }

    /// Whether sums modulo 2^32 tell the content of `accumulator`.
    func allows(_ accumulator: Accumulator) -> Bool {
        switch accumulator.overflow {
        case .wrap, .proved: accumulator.bits <= 32 || sums.requiredBits <= 32
        case .saturate: sums.requiredBits <= min(accumulator.bits, 32)
        }
    }
}
