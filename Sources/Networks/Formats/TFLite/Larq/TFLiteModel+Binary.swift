import FixedPoint
import Tensors

extension TFLiteModel {
    /// Gives bit-packed tensors, which are words of 32 channels in the file, the shape and the numbers that they stand for.
    ///
    /// The words do not tell how many channels they hold; the operators that write them do. Tensors that do not suit their
    /// operators stay as they are, and the operators' translations say so.
    mutating func unpackBinaryTensors() {
        for step in operators {
            guard let channels = binaryChannels(of: step), let output = step.outputs.first,
                let unpacked = tensors[output].unpacked(channels: channels)
            else { continue }
            tensors[output] = unpacked
        }
    }

    /// The channels of the bit-packed result of an operator; nil for other operators.
    private func binaryChannels(of step: TFLiteOperator) -> Int? {
        let inputs = step.inputs.map { $0 >= 0 ? tensors[$0] : nil }
        switch step.operation {
        case .custom(TFLiteTranslation.binaryQuantizeName): return inputs.first??.shape.extents.last
        case .custom(TFLiteTranslation.binaryMaxPool2DName):
            guard let input = inputs.first.flatMap(\.self), input.isBinary else { return nil }
            return input.shape.extents.last
        case .custom(TFLiteTranslation.binaryConvolution2DName):
            guard inputs.count >= 2 else { return nil }
            return inputs[1]?.shape.extents.first
        case .custom, .builtin, nil: return nil
        }
    }
}

extension TFLiteTensor {
    /// Channels in one word.
    static let binaryWord = 32

    /// Whether the elements are -1 and +1.
    var isBinary: Bool { type == .int8 && quantization?.format == .bipolar }

    /// Words of 32 channels as that many elements of -1 and +1; nil when they cannot hold `channels`.
    func unpacked(channels: Int) -> TFLiteTensor? {
        guard type == .int32, quantization == nil, let words = shape.extents.last, channels > 0,
            (channels - 1) / TFLiteTensor.binaryWord + 1 == words,
            let shape = Shape(checking: shape.extents.dropLast() + [channels])
        else { return nil }
        return TFLiteTensor(
            self, shape: shape, type: .int8, quantization: Quantization(format: .bipolar, scale: 1))
    }
}
