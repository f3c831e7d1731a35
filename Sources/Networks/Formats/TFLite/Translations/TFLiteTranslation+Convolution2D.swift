import Tensors

extension TFLiteTranslation {
    /// CONV_2D; fewer filter channels than image channels mean groups.
    static let convolution2D = TFLiteTranslation(.conv2D) { site throws(FlatBufferFault) in
        let (image, filters) = (try site.input(0).shape, try site.input(1).shape)
        guard filters.rank == 4 else { throw site.fault("filters of rank 4 are needed, they are \(filters)") }
        let window = try site.window(
            padding: 0, strideWidth: 1, strideHeight: 2, dilation: (width: 4, height: 5), kernelHeight: filters[1],
            kernelWidth: filters[2])
        guard filters[3] > 0, image[3] % filters[3] == 0, filters[0] % (image[3] / filters[3]) == 0 else {
            let (name, images) = (try site.input(1).name, try site.input(0).name)
            throw site.fault("filters '\(name)' of \(filters) do not suit an image '\(images)' of \(image)")
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
        let image = try site.input(0).shape
        guard filters[0] == 1, image[3] > 0, filters[3] % image[3] == 0 else {
            let (name, images) = (try site.input(1).name, try site.input(0).name)
            throw site.fault("filters '\(name)' of \(filters) do not suit an image '\(images)' of \(image)")
        }
        let operation = DepthwiseConvolution2D(window: window, activation: try site.activation(4))
        return try site.weighted(operation)
    }

    /// TRANSPOSE_CONV to the extents that the result declares; operands are a shape, filters, image and bias.
    static let transposedConvolution2D = TFLiteTranslation(.transposeConv, skippedOperands: 1) {
        site throws(FlatBufferFault) in
        let (filters, output) = (try site.input(1).shape, site.output.shape)
        guard filters.rank == 4, output.rank == 4, try site.input(2).shape.rank == 4 else {
            throw site.fault("filters, image and result of rank 4 are needed")
        }
        let (strideWidth, strideHeight) = (try site.option(1, Int32.self), try site.option(2, Int32.self))
        guard [strideWidth, strideHeight, filters[1], filters[2]].allSatisfy({ (1...(1 << 20)).contains($0) }) else {
            throw site.fault("strides \(strideHeight)x\(strideWidth) must be positive and of reasonable size")
        }
        let scheme = try site.option(0, Int8.self)
        guard scheme == 0 || scheme == 1 else { throw site.fault("there is no padding scheme \(scheme)") }
        let padding = Window.samePadding(
            height: output[1], width: output[2], kernelHeight: filters[1], kernelWidth: filters[2],
            strideHeight: strideHeight, strideWidth: strideWidth)
        try site.requireWeighted(axis: 0, input: 2, bias: 3)
        let operation = TransposedConvolution2D(
            strideHeight: strideHeight, strideWidth: strideWidth, top: scheme == 0 ? padding.top : 0,
            left: scheme == 0 ? padding.left : 0, outputHeight: output[1], outputWidth: output[2],
            activation: try site.activation(3))
        return try site.weighted(operation, input: 2, bias: 3)
    }
}
