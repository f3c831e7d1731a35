/// The catalog of operators that a TFLite file may use, one line each.
struct TFLiteTranslations {
    private let byOperation: [TFLiteOperation: TFLiteTranslation]

    init(_ translations: [TFLiteTranslation]) {
        byOperation = Dictionary(translations.map { ($0.operation, $0) }) { first, _ in first }
    }

    subscript(step: TFLiteOperator) -> TFLiteTranslation? { step.operation.flatMap { byOperation[$0] } }

    static var standard: TFLiteTranslations {
        TFLiteTranslations([
            .addition,
            .subtraction,
            .multiplication,
            .averagePool2D,
            .maxPool2D,
            .concatenation,
            .convolution2D,
            .depthwiseConvolution2D,
            .dequantize,
            .quantize,
            .fullyConnected,
            .relu,
            .leakyRelu,
            .relu6,
            .reshape,
            .squeeze,
            .expandDims,
            .softmax,
            .logSoftmax,
            .localResponseNormalization,
            .pad,
            .padV2,
            .transpose,
            .slice,
            .stridedSlice,
            .mean,
            .logistic,
            .tanh,
            .hardSwish,
            .prelu,
            .reluN1To1,
            .transposedConvolution2D,
            .resizeNearestNeighbor,
            .resizeBilinear,
            .split,
            .splitV,
            .pack,
            .unpack,
            .binaryQuantize,
            .binaryDequantize,
            .binaryMaxPool2D,
            .binaryConvolution2D,
        ])
    }
}
