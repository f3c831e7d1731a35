import Tensors

extension TFLiteTranslation {
    /// CONV_2D; fewer filter channels than image channels mean groups.
    static let convolution2D = TFLiteTranslation(.conv2D) { site throws(FlatBufferFault) in
        let (image, filters) = (try site.input(0).shape, try site.input(1).shape)
        guard filters.rank == 4 else { throw site.fault("filters of rank 4 are needed, they are \(filters)") }
        let window = try site.window(
            padding: 0, strideWidth: 1, strideHeight: 2, dilation: (width: 4, height: 5), kernelHeight: filters[1],
            kernelWidth: filters[2])
        guard filters[3] > 0, image[3] % filters[3] == 0 else {
            throw site.fault("filters of \(filters) do not suit an image of \(image)")
        }
        try site.requireWeighted(axis: 0)
        let operation = Convolution2D(
            window: window, groups: image[3] / filters[3], activation: try site.activation(3))
        return try site.weighted(operation)
    }

    /// DEPTHWISE_CONV_2D; the multiplier is filter channels over image channels.
    static let depthwiseConvolution2D = TFLiteTranslation(.depthwiseConv2D) { site throws(FlatBufferFault) in
        let filters = try site.input(1).shape
        guard filters.rank == 4 else { throw site.fault("filters of rank 4 are needed, they are \(filters)") }
        let window = try site.window(
            padding: 0, strideWidth: 1, strideHeight: 2, dilation: (width: 5, height: 6), kernelHeight: filters[1],
            kernelWidth: filters[2])
        try site.requireWeighted(axis: 3)
        let operation = DepthwiseConvolution2D(window: window, activation: try site.activation(4))
        return try site.weighted(operation)
    }
}
