import FixedPoint

/// How large the sums of a layer and their operands can become.
struct SumBound {
    /// Whether inputs and weights without their zero points are 16-bit integers.
    let fitsShortProducts: Bool
    /// No partial sum of a channel is larger in magnitude.
    let channels: [Int]
    /// No partial sum of any channel is larger in magnitude.
    var largest: Int { channels.max() ?? 0 }

    init(weights: [Int], bias: [Int], channelIsLast: Bool, input: ClosedRange<Int>) {
        let short = Int(Int16.min)...Int(Int16.max)
        fitsShortProducts =
            short.contains(input.lowerBound) && short.contains(input.upperBound) && weights.allSatisfy(short.contains)
        let reach = max(abs(input.lowerBound), abs(input.upperBound))
        var magnitudes = [Int](repeating: 0, count: bias.count)
        let each = weights.count / max(bias.count, 1)
        for (index, weight) in weights.enumerated() {
            magnitudes[channelIsLast ? index % bias.count : index / max(each, 1)] += abs(weight)
        }
        channels = zip(magnitudes, bias).map { magnitude, bias in
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: reach)
            let (sum, carry) = product.addingReportingOverflow(Int(clamping: bias.magnitude))
            return overflow || carry ? .max : sum
        }
    }

    /// Whether sums modulo 2^32 tell the content of `accumulator`.
    func allows(_ accumulator: Accumulator) -> Bool {
        switch accumulator.overflow {
        case .wrap: accumulator.bits <= 32 || largest <= Int(Int32.max)
        case .saturate: largest <= min(accumulator.range.upperBound, Int(Int32.max))
        }
    }
}
