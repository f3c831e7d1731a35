import Networks
import SIMDKernels
import Tensors

/// Where a convolution or fully connected layer on bytes finds the patches of its outputs: in bands of lines of padded
/// images, each band small enough for the second cache.
struct BytePatches: Sendable {
    let geometry: SumGeometry
    /// Output lines of an image, and pixels of each.
    let lines: Int
    let pixels: Int
    /// Bytes between the starts of neighbouring lines of patches.
    let lineStep: Int
    /// Bytes of a run, a multiple of four.
    let run: Int
    let segments: [Int32]
    /// Output lines of a band.
    let bandLines: Int
    /// Padded rows of a band.
    let bandRows: Int
    let bandBytes: Int
    /// Whole images that are padded and summed together.
    let imagesTogether: Int
    /// Starts of the patches of all bands that are summed together.
    let places: [Int32]

    private static let cacheBytes = 256 << 10
    /// Pixels that fill the kernels' tiles well.
    private static let enoughPixels = 96

    init(_ weighted: WeightedLayer, result: Shape) {
        let geometry = weighted.geometry
        self.geometry = geometry
        let isImage = result.rank == 4 && geometry.rowStep > 0
        (lines, pixels) = isImage ? (result[1], result[2]) : (1, geometry.pixels)
        let rowBytes = geometry.paddedWidth * geometry.channels
        lineStep = geometry.rowStep * rowBytes
        run = (geometry.runElements + 3) / 4 * 4
        segments = geometry.segments.map { Int32($0) }
        let span = isImage ? ((geometry.segments.last ?? 0) / max(rowBytes, 1) + 1) : 1
        let fitting = (BytePatches.cacheBytes / max(rowBytes, 1) - span) / max(geometry.rowStep, 1) + 1
        let bandLines = min(lines, max(fitting, 1))
        self.bandLines = bandLines
        bandRows = isImage ? (bandLines - 1) * geometry.rowStep + span : 1
        bandBytes = bandRows * rowBytes
        let perImage = max(lines * pixels, 1)
        let isWhole = bandLines == lines
        imagesTogether = isWhole ? max(1, (BytePatches.enoughPixels + perImage - 1) / perImage) : 1
        let (pixelStep, linePixels, lineBytes, bytes) = (geometry.pixelStep, pixels, lineStep, bandBytes)
        places = (0..<imagesTogether).flatMap { image in
            (0..<bandLines).flatMap { line in
                (0..<linePixels).map { Int32(image * bytes + line * lineBytes + $0 * pixelStep) }
            }
        }
    }

    /// Bytes for the padded bands, and what kernels read behind them.
    var workspaceBytes: Int { imagesTogether * bandBytes + 64 }

    /// Writes the padded rows of an image under a band that begins at output line `line`.
    func pad(
        _ image: UnsafePointer<UInt8>, line: Int, into band: UnsafeMutablePointer<UInt8>, _ layer: ByteLayer,
        level: dt_level
    ) {
        let (channels, padding) = (geometry.channels, geometry.padding)
        let (rowBytes, left, body) = (
            geometry.paddedWidth * channels, padding.left * channels, geometry.width * channels
        )
        let right = rowBytes - left - body
        let first = line * geometry.rowStep - padding.top
        for row in 0..<bandRows {
            let target = band + row * rowBytes
            guard (0..<geometry.height).contains(first + row) else {
                target.update(repeating: layer.zero, count: rowBytes)
                continue
            }
            if left > 0 { target.update(repeating: layer.zero, count: left) }
            dt_copy_bytes(level, target + left, image + (first + row) * body, body, layer.flip)
            if right > 0 { (target + left + body).update(repeating: layer.zero, count: right) }
        }
    }
}
