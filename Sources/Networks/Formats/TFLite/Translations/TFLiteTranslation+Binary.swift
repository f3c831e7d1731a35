import FixedPoint
import Tensors

extension TFLiteTranslation {
    static let binaryQuantizeName = "LceQuantize"
    static let binaryDequantizeName = "LceDequantize"
    static let binaryMaxPool2DName = "LceBMaxPool2d"
    static let binaryConvolution2DName = "LceBconv2d"

    /// LceQuantize: the signs of reals or of integers, -1 below zero.
    static let binaryQuantize = TFLiteTranslation(custom: binaryQuantizeName) { site throws(FlatBufferFault) in
        try site.requireActivation(try site.input(0))
        try site.requireBinary(site.output)
        return Result(Quantize(), of: site.operands(0...0))
    }

    /// LceDequantize: -1 and +1 as reals, or as the nearest integers of a grid.
    static let binaryDequantize = TFLiteTranslation(custom: binaryDequantizeName) { site throws(FlatBufferFault) in
        try site.requireBinary(try site.input(0))
        try site.requireActivation(site.output)
        var result = Result(Dequantize(), of: site.operands(0...0))
        if site.output.type != .float32 {
            result.chain.append(Quantize())
            result.links[0] = Link(elementType: .float32)
        }
        return result
    }

    /// LceBMaxPool2d: the largest of the elements under a window, padding left out.
    static let binaryMaxPool2D = TFLiteTranslation(custom: binaryMaxPool2DName) { site throws(FlatBufferFault) in
        try site.requireBinary(try site.input(0))
        try site.requireBinary(site.output)
        let options = try site.customOptions()
        let (height, width) = (try options.required("filter_height"), try options.required("filter_width"))
        let window = try options.window(kernelHeight: height, kernelWidth: width)
        return Result(
            MaxPool2D(kernelHeight: height, kernelWidth: width, window: window), of: site.operands(0...0))
    }
}

extension TFLiteSite {
    /// Makes sure that a tensor holds -1 and +1.
    func requireBinary(_ tensor: TFLiteTensor) throws(FlatBufferFault) {
        guard tensor.isBinary else {
            throw fault("'\(tensor.name)' of \(tensor.shape) \(tensor.type) does not hold bits of known channels")
        }
    }

    /// The options of a custom operator.
    func customOptions() throws(FlatBufferFault) -> BinaryOptions {
        BinaryOptions(site: self, map: try FlexMap(model.buffer, range: step.customOptions))
    }
}
