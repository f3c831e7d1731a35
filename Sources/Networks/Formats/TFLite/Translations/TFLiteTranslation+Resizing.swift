import Tensors

extension TFLiteTranslation {
    /// RESIZE_NEAREST_NEIGHBOR to the extents that the result declares.
    static let resizeNearestNeighbor = TFLiteTranslation(.resizeNearestNeighbor, dataOperands: 1) {
        site throws(FlatBufferFault) in
        let sampling: Sampling =
            switch (try site.flag(0), try site.flag(1)) {
            case (false, false): .corner
            case (false, true): .halfPixel
            case (true, false): .alignedCorners
            case (true, true): .alignedHalfPixel
            }
        let (height, width) = try site.resizedExtents()
        return Result(NearestResize(height: height, width: width, sampling: sampling), of: site.operands(0...0))
    }

    /// RESIZE_BILINEAR to the extents that the result declares.
    static let resizeBilinear = TFLiteTranslation(.resizeBilinear, dataOperands: 1) { site throws(FlatBufferFault) in
        let (isAligned, isHalf) = (try site.flag(2), try site.flag(3))
        guard !isAligned || !isHalf else { throw site.fault("half-pixel centers exclude aligned corners") }
        let sampling: Sampling = isAligned ? .alignedCorners : isHalf ? .halfPixel : .corner
        let (height, width) = try site.resizedExtents()
        return Result(BilinearResize(height: height, width: width, sampling: sampling), of: site.operands(0...0))
    }
}

extension TFLiteSite {
    fileprivate func resizedExtents() throws(FlatBufferFault) -> (height: Int, width: Int) {
        try requireSameGrid([try input(0)])
        guard output.shape.rank == 4 else { throw fault("'\(output.name)' is \(output.shape), no image of rank 4") }
        return (output.shape[1], output.shape[2])
    }
}
