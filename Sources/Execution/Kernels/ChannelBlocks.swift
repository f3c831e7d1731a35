/// Weights in the order in which kernels read them: blocks of 16 output channels, padded with zeros.
enum ChannelBlocks {
    /// Output channels of a block.
    static let size = 16

    static func count(_ channels: Int) -> Int { (channels + size - 1) / size }

    /// `[block][segment][element / step][channel][element % step]` from `[channel][segment][element]`.
    ///
    /// - Parameters:
    ///   - run: elements of a segment.
    ///   - step: elements of one channel side by side; runs are rounded up to a multiple of it.
    static func packed<Source, Element: ExpressibleByIntegerLiteral>(
        _ weights: ArraySlice<Source>, channels: Int, segments: Int, run: Int, step: Int, _ convert: (Source) -> Element
    ) -> [Element] {
        let rounded = (run + step - 1) / step * step
        var packed = [Element](repeating: 0, count: count(channels) * size * segments * rounded)
        for channel in 0..<channels {
            let block = channel / size * segments * rounded * size
            for segment in 0..<segments {
                let source = weights.startIndex + (channel * segments + segment) * run
                for element in 0..<run {
                    let row = segment * rounded / step + element / step
                    let place = block + (row * size + channel % size) * step + element % step
                    packed[place] = convert(weights[source + element])
                }
            }
        }
        return packed
    }

    /// `[row][channel]` with channels padded to whole blocks, from `[row][channel]`.
    static func padded<Source, Element: ExpressibleByIntegerLiteral>(
        _ values: [Source], channels: Int, _ convert: (Source) -> Element
    ) -> [Element] {
        let width = count(channels) * size
        var padded = [Element](repeating: 0, count: values.count / max(channels, 1) * width)
        for (index, value) in values.enumerated() {
            padded[index / channels * width + index % channels] = convert(value)
        }
        return padded
    }
}
