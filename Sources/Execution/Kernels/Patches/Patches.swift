import Networks
import Tensors

/// The inputs under the kernel at one output place, of one group of channels, in the order of the weights' rows.
struct Patches: Sendable {
    let batch: Int
    let rows: Int
    let columns: Int
    let groups: Int
    /// Elements of a patch.
    let depth: Int
    private let height: Int
    private let width: Int
    private let channels: Int
    private let kernelHeight: Int
    private let kernelWidth: Int
    private let window: Window

    /// - Returns: nil for operators other than convolutions and fully connected layers.
    init?(_ layer: Layer) {
        guard layer.inputs.count >= 2, let output = layer.results.first?.shape else { return nil }
        let (image, weights) = (layer.inputs[0].shape, layer.inputs[1].shape)
        if let operation = layer.node.operation as? Convolution2D {
            self.init(
                image, output, groups: operation.groups, kernel: (weights[1], weights[2]), window: operation.window)
        } else if let operation = layer.node.operation as? DepthwiseConvolution2D {
            self.init(image, output, groups: image[3], kernel: (weights[1], weights[2]), window: operation.window)
        } else if layer.node.operation is FullyConnected, weights[1] > 0 {
            let rows = image.elementCount / weights[1]
            self.init([rows, 1, 1, weights[1]], [rows, 1, 1, weights[0]], groups: 1, kernel: (1, 1), window: Window())
        } else {
            return nil
        }
    }

    private init(_ image: Shape, _ output: Shape, groups: Int, kernel: (Int, Int), window: Window) {
        (batch, height, width, channels) = (image[0], image[1], image[2], image[3])
        (rows, columns) = (output[1], output[2])
        self.groups = groups
        (kernelHeight, kernelWidth) = kernel
        self.window = window
        depth = kernel.0 * kernel.1 * (image[3] / max(groups, 1))
    }

    /// Copies the patch of an output pixel, inputs minus their zero point; padding is 0.
    func gather<Element: FixedWidthInteger>(
        _ input: UnsafePointer<Element>, zeroPoint: Int, pixel: Int, group: Int, into patch: UnsafeMutablePointer<Int>
    ) {
        let (image, row, column) = (pixel / (rows * columns), pixel / columns % rows, pixel % columns)
        let run = channels / groups
        var target = patch
        for kernelRow in 0..<kernelHeight {
            let y = row * window.strideHeight - window.padding.top + kernelRow * window.dilationHeight
            for kernelColumn in 0..<kernelWidth {
                let x = column * window.strideWidth - window.padding.left + kernelColumn * window.dilationWidth
                if y >= 0, y < height, x >= 0, x < width {
                    let source = input + ((image * height + y) * width + x) * channels + group * run
                    for index in 0..<run { target[index] = Int(truncatingIfNeeded: source[index]) &- zeroPoint }
                } else {
                    target.update(repeating: 0, count: run)
                }
                target += run
            }
        }
    }
}
