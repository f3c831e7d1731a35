import Networks

/// Weights of -1 and +1 as bits, and what they sum to, ready for the kernels; one array for each group.
struct BinaryWeights: Sendable {
    let words: [[UInt32]]
    /// For each set of kernel places in the padding, a number for each channel, padded to whole blocks.
    let terms: [[[Int32]]]

    /// - Parameters:
    ///   - signs: `[channel][tap][depth]`.
    ///   - bias: one number for each channel.
    ///   - isLimit: whether terms are the most differing bits of an output of +1, instead of the sum without any.
    init(_ signs: [Int], bias: [Int], geometry: BinaryGeometry, isLimit: Bool) {
        let (depth, taps, words) = (geometry.depth, geometry.taps, geometry.words)
        var bits = [UInt32](repeating: 0, count: bias.count * taps * words)
        var tapSums = [Int](repeating: 0, count: bias.count * taps)
        for (place, sign) in signs.enumerated() {
            let (tap, channel) = (place / depth, place % depth)
            tapSums[tap] += sign
            if sign < 0 {
                bits[tap * words + channel / BinaryGeometry.wordBits] |= 1 << UInt32(channel % BinaryGeometry.wordBits)
            }
        }
        let channels = bias.count / geometry.groups
        let each = channels * taps * words
        self.words = (0..<geometry.groups).map { group in
            ChannelBlocks.packed(
                bits[group * each..<(group + 1) * each], channels: channels, segments: geometry.segments.count,
                run: geometry.run, step: 1, \.self)
        }
        let products = taps * depth
        terms = geometry.outsides.map { outside in
            let sums = bias.indices.map { channel in
                outside.reduce(products + bias[channel]) { $0 - tapSums[channel * taps + $1] }
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
