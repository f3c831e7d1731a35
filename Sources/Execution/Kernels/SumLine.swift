import SIMDKernels

/// The lines of a layer cut into pieces whose sums stay in the first cache.
struct SumLine {
    /// Outputs of a piece, at most.
    static let chunk = 64

    let blocks: Int
    private let run: Int

    /// - Parameter step: runs are rounded up to a multiple of it.
    init(_ weighted: WeightedLayer, step: Int) {
        blocks = ChannelBlocks.count(weighted.groupChannels)
        run = (weighted.geometry.runElements + step - 1) / step * step
    }

    /// Calls `body` with the group, the input's place in the padded images, the number of the first output pixel, how
    /// many pixels, and their shape.
    func forEachChunk(_ weighted: WeightedLayer, _ body: (Int, Int, Int, Int, inout dt_line) -> Void) {
        let geometry = weighted.geometry
        geometry.segments.withUnsafeBufferPointer { segments in
            for group in 0..<weighted.groups {
                for line in 0..<geometry.batch * geometry.lines {
                    let (image, row) = (line / geometry.lines, line % geometry.lines)
                    let start =
                        image * geometry.imageElements + row * geometry.lineStep
                        + group * (geometry.channels / weighted.groups)
                    for first in stride(from: 0, to: geometry.pixels, by: SumLine.chunk) {
                        let pixels = min(SumLine.chunk, geometry.pixels - first)
                        var shape = dt_line(
                            segments: segments.baseAddress, segment_count: Int32(segments.count), run: Int32(run),
                            pixel_step: geometry.pixelStep, pixels: Int32(pixels), blocks: Int32(blocks))
                        body(group, start + first * geometry.pixelStep, line * geometry.pixels + first, pixels, &shape)
                    }
                }
            }
        }
    }
}
