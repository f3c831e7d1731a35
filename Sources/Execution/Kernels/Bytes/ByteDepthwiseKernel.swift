import Networks
import SIMDKernels
import Tensors

/// A depthwise convolution on bytes, one output channel for each input channel.
struct ByteDepthwiseKernel: LayerKernel {
    private let layer: ByteLayer
    private let shape: dt_depthwise
    private let batch: Int
    /// `[four rows][kernel column][block][16][4]`.
    private let weights: [Int8]

    /// - Returns: nil for other layers and for machines without the instructions.
    init?(_ layer: Layer, level: dt_level) {
        guard dt_can_sum_uint8(level) != 0, let operation = layer.node.operation as? DepthwiseConvolution2D,
            let bytes = ByteLayer(layer)
        else { return nil }
        let (image, filters, result) = (layer.inputs[0].shape, layer.inputs[1].shape, layer.results[0].shape)
        guard filters[3] == image[3] else { return nil }
        self.layer = bytes.packed
        batch = image[0]
        let window = operation.window
        shape = dt_depthwise(
            height: Int32(image[1]), width: Int32(image[2]), channels: Int32(image[3]),
            kernel_height: Int32(filters[1]), kernel_width: Int32(filters[2]),
            stride_height: Int32(window.strideHeight), stride_width: Int32(window.strideWidth),
            dilation_height: Int32(window.dilationHeight), dilation_width: Int32(window.dilationWidth),
            padding_top: Int32(window.padding.top), padding_left: Int32(window.padding.left),
            padding_right: Int32(window.padding.right), output_height: Int32(result[1]),
            output_width: Int32(result[2]), flip: bytes.flip, zero: bytes.zero)
        weights = ByteDepthwiseKernel.packed(bytes.weights, filters: filters)
    }

    /// Whether a block holds the channels several times.
    static func repeats(_ channels: Int) -> Bool {
        channels < ChannelBlocks.size && ChannelBlocks.size % channels == 0
    }

    private static func packed(_ weights: [Int], filters: Shape) -> [Int8] {
        let (rows, columns, channels) = (filters[1], filters[2], filters[3])
        let width = ChannelBlocks.count(channels) * ChannelBlocks.size
        let lanes = ByteDepthwiseKernel.repeats(channels) ? width : channels
        var packed = [Int8](repeating: 0, count: (rows + 3) / 4 * columns * width * 4)
        for row in 0..<rows {
            for column in 0..<columns {
                for lane in 0..<lanes {
                    let place = ((row / 4 * columns + column) * width + lane) * 4 + row % 4
                    packed[place] = Int8(
                        truncatingIfNeeded: weights[(row * columns + column) * channels + lane % channels])
                }
            }
        }
        return packed
    }

    func workspaceBytes(cases: Int) -> Int {
        withUnsafePointer(to: shape) { dt_depthwise_workspace($0) }
    }

    var measuresPeak: Bool { layer.keepsSums }

    func run(_ run: LayerRun) {
        var shape = shape
        layer.narrowing.withNarrowing(group: 0, peak: run.peak) { narrowing in
            dt_depthwise_uint8(
                &shape, &narrowing, run.cases * batch, run.input(0, as: UInt8.self), weights, run.outputs[0],
                run.workspace)
        }
    }
}
