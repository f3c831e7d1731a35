import Networks
import SIMDKernels
import Tensors

/// The window of a layer with weights as a counter of operands sees it: taps that meet input channels.
struct TapWindow: Sendable {
    let batch: Int
    let shape: dt_window
    /// Outputs that multiply each input channel under a tap.
    let uses: Int
    private let groups: Int
    private let isDepthwise: Bool

    /// - Returns: nil for operators without weights and for empty images.
    init?(_ layer: Layer) {
        guard layer.inputs.count >= 2, layer.variables == [0], let output = layer.results.first?.shape else {
            return nil
        }
        let (image, weights) = (layer.inputs[0].shape, layer.inputs[1].shape)
        if let operation = layer.node.operation as? Convolution2D {
            (groups, isDepthwise) = (operation.groups, false)
            uses = weights[0] / operation.groups
            batch = image[0]
            shape = TapWindow.shape(operation.window, image: image, filters: weights, output: output)
        } else if let operation = layer.node.operation as? DepthwiseConvolution2D {
            (groups, isDepthwise) = (1, true)
            uses = weights[3] / image[3]
            batch = image[0]
            shape = TapWindow.shape(operation.window, image: image, filters: weights, output: output)
        } else if layer.node.operation is FullyConnected {
            (groups, isDepthwise) = (1, false)
            uses = weights[0]
            batch = image.elementCount / weights[1]
            let one: Shape = [1, 1, 1, weights[1]]
            shape = TapWindow.shape(Window(), image: one, filters: [weights[0], 1, 1, weights[1]], output: one)
        } else {
            return nil
        }
        guard image.elementCount > 0 else { return nil }
    }

    private static func shape(_ window: Window, image: Shape, filters: Shape, output: Shape) -> dt_window {
        dt_window(
            height: Int32(image[1]), width: Int32(image[2]), channels: Int32(image[3]),
            kernel_height: Int32(filters[1]), kernel_width: Int32(filters[2]),
            stride_height: Int32(window.strideHeight), stride_width: Int32(window.strideWidth),
            dilation_height: Int32(window.dilationHeight), dilation_width: Int32(window.dilationWidth),
            padding_top: Int32(window.padding.top), padding_left: Int32(window.padding.left),
            output_height: Int32(output[1]), output_width: Int32(output[2]))
    }

    var channels: Int { Int(shape.channels) }
    var imageElements: Int { Int(shape.height) * Int(shape.width) * channels }

    /// The image rows that a kernel row meets, one for each line of outputs inside the image.
    private func rows(_ tap: Int) -> [Int] {
        TapWindow.places(
            tap, shape.stride_height, shape.dilation_height, shape.padding_top, shape.height, shape.output_height)
    }

    private func columns(_ tap: Int) -> [Int] {
        TapWindow.places(
            tap, shape.stride_width, shape.dilation_width, shape.padding_left, shape.width, shape.output_width)
    }

    private static func places(
        _ tap: Int, _ stride: Int32, _ dilation: Int32, _ padding: Int32, _ extent: Int32, _ outputs: Int32
    ) -> [Int] {
        (0..<Int(outputs)).map { $0 * Int(stride) + tap * Int(dilation) - Int(padding) }
            .filter { (0..<Int(extent)).contains($0) }
    }

    /// For each tap, how many output places meet an input through it.
    var visits: [Int] {
        (0..<Int(shape.kernel_height)).flatMap { row in
            (0..<Int(shape.kernel_width)).map { rows(row).count * columns($0).count }
        }
    }

    /// For each tap and input channel, how many of the outputs that use it have a weight of which `isZero` holds.
    func zeroWeights(_ isZero: [Bool]) -> [Int32] {
        let taps = Int(shape.kernel_height * shape.kernel_width)
        var counts = [Int32](repeating: 0, count: taps * channels)
        for (index, zero) in isZero.enumerated() where zero {
            if isDepthwise {
                let (tap, output) = index.quotientAndRemainder(dividingBy: channels * uses)
                counts[tap * channels + output / uses] += 1
            } else {
                let depth = channels / groups
                let (filter, place) = index.quotientAndRemainder(dividingBy: taps * depth)
                let (tap, channel) = place.quotientAndRemainder(dividingBy: depth)
                counts[tap * channels + filter / uses * depth + channel] += 1
            }
        }
        return counts
    }

    /// For each tap and input channel, how many elements of some cases that it meets are zero: by the definition.
    func counts<Element>(
        _ elements: UnsafePointer<Element>, cases: Int, isZero: (Element) -> Bool
    ) -> [Int32] {
        let (height, width) = (Int(shape.kernel_height), Int(shape.kernel_width))
        var counts = [Int32](repeating: 0, count: height * width * channels)
        for image in 0..<cases * batch {
            for tap in 0..<height * width {
                for row in rows(tap / width) {
                    for column in columns(tap % width) {
                        let pixel = elements + image * imageElements + (row * Int(shape.width) + column) * channels
                        for channel in 0..<channels where isZero(pixel[channel]) {
                            counts[tap * channels + channel] += 1
                        }
                    }
                }
            }
        }
        return counts
    }
}
