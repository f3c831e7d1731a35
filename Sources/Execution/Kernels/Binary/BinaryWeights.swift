import Networks

/// Weights of -1, 0 and +1 as bits, and what they sum to, ready for the kernels; one array for each group.
struct BinaryWeights: Sendable {
    let words: [[UInt32]]
    /// One plane of signs, or two whose mean is the weight, where weights are zero.
    let planes: Int
    /// For each set of kernel places in the padding, a number for each channel, padded to whole blocks.
    let terms: [[[Int32]]]

    /// - Parameters:
    ///   - signs: `[channel][tap][depth]`.
    ///   - bias: one number for each channel.
    ///   - isLimit: whether terms are the most differing bits of an output of +1, instead of the sum without any.
    init(_ signs: [Int], bias: [Int], geometry: BinaryGeometry, isLimit: Bool) {
        let (depth, taps) = (geometry.depth, geometry.taps)
        let planes = signs.contains(0) ? 2 : 1
        let words = geometry.words * planes
        var bits = [UInt32](repeating: 0, count: bias.count * taps * words)
        var tapSums = [Int](repeating: 0, count: bias.count * taps)
        for (place, sign) in signs.enumerated() {
            let (tap, channel) = (place / depth, place % depth)
            tapSums[tap] += sign
            for plane in 0..<planes where sign < plane {
                let word = tap * words + channel / BinaryGeometry.wordBits * planes + plane
                bits[word] |= 1 << UInt32(channel % BinaryGeometry.wordBits)
            }
        }
        let channels = bias.count / geometry.groups
        let each = channels * taps * words
        self.words = (0..<geometry.groups).map { group in
            ChannelBlocks.packed(
                bits[group * each..<(group + 1) * each], channels: channels, segments: geometry.segments.count,
                run: geometry.run * planes, step: 1, \.self)
        }
        self.planes = planes
        let products = geometry.wordsEach == 1 ? taps * depth : 0
        terms = geometry.outsides.map { outside in
            let sums = bias.indices.map { channel in
                let tapSums = outside.map { geometry.wordsEach == 1 ? tapSums[channel * taps + $0] : 0 }
                return products + bias[channel] - tapSums.reduce(0, +)
            }
            let terms = isLimit ? sums.map { min(max($0 >> 1, -1), products) } : sums
            return (0..<geometry.groups).map { group in
                ChannelBlocks.padded(Array(terms[group * channels..<(group + 1) * channels]), channels: channels) {
                    Int32(truncatingIfNeeded: $0)
                }
            }
        }
    }
}
