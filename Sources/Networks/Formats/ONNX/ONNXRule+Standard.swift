extension ONNXRule {
    /// Every operator of ONNX that can be read; a new one is one line here.
    static let standard: [ONNXRule] = [
        addition, averagePool, batchNormalization, cast, clip, concatenation, constant, convolution, dequantize,
        division, dropout, flatten, gather, gemm, globalAveragePool, identity, integerAddition, integerAveragePool,
        integerConvolution, integerGemm, integerGlobalAveragePool, integerMatMul, matMul, maxPool, mean, multiplication,
        padding, quantize,
        relu, reshape, shape, slice, softmax, squeeze, subtraction, sum, transpose, unsqueeze,
    ]
}
