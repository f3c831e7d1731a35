/// Weights in the order in which the byte kernels read them.
enum BytePanels {
    /// Blocks of a panel, where so many are left.
    private static let width = 4

    /// `[panel][segment][four][block of the panel][16][4]` from `[channel][segment][element]`, padded with zeros.
    ///
    /// - Parameter run: elements of a segment, rounded up to a multiple of four.
    static func packed(_ weights: ArraySlice<Int>, channels: Int, segments: Int, elements: Int, run: Int) -> [Int8] {
        let blocks = ChannelBlocks.count(channels)
        let size = ChannelBlocks.size
        var packed = [Int8](repeating: 0, count: blocks * size * segments * run)
        for channel in 0..<channels {
            let first = channel / size / width * width
            let blocksOfPanel = min(width, blocks - first)
            let panel = first * size * segments * run
            let lane = (channel / size - first) * size + channel % size
            for segment in 0..<segments {
                let source = weights.startIndex + (channel * segments + segment) * elements
                for element in 0..<elements {
                    let four = (segment * run + element) / 4
                    let place = panel + (four * blocksOfPanel * size + lane) * 4 + element % 4
                    packed[place] = Int8(truncatingIfNeeded: weights[source + element])
                }
            }
        }
        return packed
    }
}
