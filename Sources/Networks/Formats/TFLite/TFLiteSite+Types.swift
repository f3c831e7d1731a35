import FixedPoint
import Tensors

extension TFLiteSite {
    /// Checks that all tensors are float32, or all one integer type with one scale each.
    func requireOneType(_ tensors: [TFLiteTensor]) throws(FlatBufferFault) {
        for tensor in tensors {
            guard tensor.type == tensors[0].type else {
                throw fault("'\(tensor.name)' is \(tensor.type) where \(tensors[0].type) is expected")
            }
            try requireActivation(tensor)
        }
    }

    /// Checks that a tensor is float32, or int8, uint8 or int16 with one scale.
    func requireActivation(_ tensor: TFLiteTensor) throws(FlatBufferFault) {
        switch tensor.type {
        case .float32: return
        case .int8, .uint8, .int16:
            guard let quantization = tensor.quantization else {
                throw fault("'\(tensor.name)' is \(tensor.type) without a scale")
            }
            guard quantization.axis == nil else { throw fault("'\(tensor.name)' has several scales") }
        case .float16, .int32, .int64, .string, .bool, .complex64, .float64, .complex128, .uint64, .resource, .variant,
            .uint32, .uint16, .int4, .bfloat16:
            throw fault("'\(tensor.name)' has elements of type \(tensor.type), which is not supported here")
        }
    }

    /// Checks that input and output are on the same grid, as operators that copy elements need.
    func requireSameGrid(_ tensors: [TFLiteTensor], result: TFLiteTensor? = nil) throws(FlatBufferFault) {
        let output = result ?? output
        try requireOneType(tensors + [output])
        guard let grid = output.quantization else { return }
        for tensor in tensors {
            guard let other = tensor.quantization else { continue }
            let near = abs(other.scale - grid.scale) <= 1e-6 * grid.scale
            guard near, other.zeroPoint == grid.zeroPoint else {
                throw fault("'\(tensor.name)' and '\(output.name)' have different scales or zero points")
            }
        }
    }

    /// Checks input, constant weights with scales along `axis`, optional constant bias and output of a weighted operator.
    ///
    /// - Parameters:
    ///   - position: the operand that is the input.
    ///   - biasPosition: the operand that is the bias.
    func requireWeighted(axis: Int, input position: Int = 0, bias biasPosition: Int = 2) throws(FlatBufferFault) {
        let (image, weights) = (try input(position), try input(1))
        try requireOneType([image, output])
        try requireConstant(weights)
        guard TFLiteSite.weightTypes(under: image.type).contains(weights.type) else {
            throw fault("weights '\(weights.name)' are \(weights.type) under an input of \(image.type)")
        }
        if weights.type != .float32 {
            guard let scales = weights.quantization else { throw fault("weights '\(weights.name)' have no scale") }
            guard scales.axis == nil || scales.axis == axis else {
                throw fault(
                    "weights '\(weights.name)' have scales along axis \(scales.axis ?? 0) where \(axis) is needed")
            }
        }
        if has(biasPosition) { try requireBias(try input(biasPosition), image: image, weights: weights) }
    }

    /// The weighted operator's result, its weights as reals when they are integers under a float input.
    ///
    /// 16-bit inputs are summed in 64 bits, unless the bias has 32.
    func weighted(
        _ operation: any Operator, input position: Int = 0, bias biasPosition: Int = 2
    ) throws(FlatBufferFault) -> TFLiteTranslation.Result {
        let (image, weights) = (try input(position), try input(1))
        let bias = has(biasPosition) ? [try input(biasPosition)] : []
        var result = TFLiteTranslation.Result(operation, of: [image.index, weights.index] + bias.map(\.index))
        if image.type == .float32, weights.type != .float32 { result.realTensors = [weights.index] }
        if image.type == .int16, bias.allSatisfy({ $0.type == .int64 }) {
            result.accumulator = Accumulator(bits: 64, overflow: .wrap)
        }
        return result
    }

    /// The types that weights may have; int8 under float32 is dynamic-range quantization, which stores weights only.
    private static func weightTypes(under input: TFLiteTensorType) -> [TFLiteTensorType] {
        switch input {
        case .float32: [.float32, .int8]
        case .uint8: [.uint8]
        case .int8, .int16, .float16, .int32, .int64, .string, .bool, .complex64, .float64, .complex128, .uint64,
            .resource,
            .variant, .uint32, .uint16, .int4, .bfloat16:
            [.int8]
        }
    }

    private func requireConstant(_ tensor: TFLiteTensor) throws(FlatBufferFault) {
        guard try !model.data(of: tensor).isEmpty else { throw fault("'\(tensor.name)' must be a constant") }
    }

    private func requireBias(
        _ bias: TFLiteTensor, image: TFLiteTensor, weights: TFLiteTensor
    ) throws(FlatBufferFault) {
        try requireConstant(bias)
        let expected: [TFLiteTensorType] = image.type == .float32 ? [.float32] : [.int32, .int64]
        guard expected.contains(bias.type) else {
            throw fault("bias '\(bias.name)' is \(bias.type) under an input of \(image.type)")
        }
        guard let inputScale = image.quantization?.scale, let weightScales = weights.quantization?.scales,
            let biasScales = bias.quantization?.scales, let outputScale = output.quantization?.scale
        else { return }
        for channel in 0..<max(weightScales.count, biasScales.count) {
            let product = Double(inputScale) * Double(weightScales[min(channel, weightScales.count - 1)])
            let difference = abs(product - Double(biasScales[min(channel, biasScales.count - 1)]))
            guard difference <= 0.02 * Double(outputScale) else {
                throw fault("bias '\(bias.name)' has another scale than input times weights in channel \(channel)")
            }
        }
    }
}
