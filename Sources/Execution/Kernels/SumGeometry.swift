import Networks
import Tensors

/// Where a layer with weights finds its inputs in a padded image, line of outputs by line.
struct SumGeometry: Sendable {
    /// Extents of the image before padding.
    let batch: Int
    let height: Int
    let width: Int
    let channels: Int
    /// Output channels made from each input channel side by side in the padded image; 1 but for depthwise layers.
    let copies: Int
    /// Elements of a pixel of the padded image.
    let pixelElements: Int
    let padding: Window.Margins
    /// Starts of the runs that an output reads, from the output's own start.
    let segments: [Int]
    /// Elements of a run before it is rounded up.
    let runElements: Int
    /// Lines of outputs of one image, and outputs of each.
    let lines: Int
    let pixels: Int
    let pixelStep: Int
    let lineStep: Int
    /// Padded rows between the starts of neighbouring lines of an image; 0 for rows of a fully connected layer.
    let rowStep: Int

    var paddedHeight: Int { height + padding.top + padding.bottom }
    var paddedWidth: Int { width + padding.left + padding.right }
    /// Elements of one padded image.
    var imageElements: Int { paddedHeight * paddedWidth * pixelElements }

    /// A convolution in one or more groups.
    init(convolution: Convolution2D, image: Shape, filters: Shape, output: Shape) {
        let window = convolution.window
        (batch, height, width, channels) = (image[0], image[1], image[2], image[3])
        (copies, pixelElements, padding) = (1, image[3], window.padding)
        let rowElements = (image[2] + window.padding.left + window.padding.right) * image[3]
        let joinsColumns = convolution.groups == 1 && window.dilationWidth == 1
        let columns = joinsColumns ? 1 : filters[2]
        runElements = joinsColumns ? filters[2] * filters[3] : filters[3]
        let columnStep = window.dilationWidth * image[3]
        segments = (0..<filters[1]).flatMap { row in
            (0..<columns).map { row * window.dilationHeight * rowElements + $0 * columnStep }
        }
        let isPointwise = filters[1] == 1 && filters[2] == 1 && window == Window()
        (lines, pixels) = isPointwise ? (1, output[1] * output[2]) : (output[1], output[2])
        (pixelStep, lineStep) = (window.strideWidth * image[3], window.strideHeight * rowElements)
        rowStep = window.strideHeight
    }

    /// A depthwise convolution, pixels padded to `pixelElements`.
    init(depthwise: DepthwiseConvolution2D, image: Shape, filters: Shape, output: Shape, pixelElements: Int) {
        let window = depthwise.window
        (batch, height, width, channels) = (image[0], image[1], image[2], image[3])
        copies = filters[3] / image[3]
        self.pixelElements = pixelElements
        padding = window.padding
        let rowElements = (image[2] + window.padding.left + window.padding.right) * pixelElements
        runElements = pixelElements
        segments = (0..<filters[1]).flatMap { row in
            (0..<filters[2]).map {
                row * window.dilationHeight * rowElements + $0 * window.dilationWidth * pixelElements
            }
        }
        (lines, pixels) = (output[1], output[2])
        (pixelStep, lineStep) = (window.strideWidth * pixelElements, window.strideHeight * rowElements)
        rowStep = window.strideHeight
    }

    /// A fully connected layer: one line of rows.
    init(rows: Int, depth: Int) {
        (batch, height, width, channels) = (1, 1, rows, depth)
        (copies, pixelElements, padding) = (1, depth, Window.Margins())
        (segments, runElements) = ([0], depth)
        (lines, pixels, pixelStep, lineStep) = (1, rows, depth, rows * depth)
        rowStep = 0
    }

    /// Copies an image into the middle of a padded one whose elements are zero.
    func pad<Source, Element>(
        _ source: UnsafePointer<Source>, into padded: UnsafeMutablePointer<Element>, _ convert: (Source) -> Element
    ) {
        for row in 0..<height {
            let line = source + row * width * channels
            let target = padded + ((row + padding.top) * paddedWidth + padding.left) * pixelElements
            if copies == 1 && pixelElements == channels {
                for index in 0..<width * channels { target[index] = convert(line[index]) }
            } else {
                for column in 0..<width {
                    for channel in 0..<channels {
                        let element = convert(line[column * channels + channel])
                        let place = target + column * pixelElements + channel * copies
                        for copy in 0..<copies { place[copy] = element }
                    }
                }
            }
        }
    }
}
