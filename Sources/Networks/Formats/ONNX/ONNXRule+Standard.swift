extension ONNXRule {
    /// Every operator of ONNX that can be read; a new one is one line here.
    static let standard: [ONNXRule] =
        [
            addition, averagePool, batchNormalization, cast, clip, concatenation, constant, contributedDequantize,
            contributedQuantize, convolution, convolutionSums, dequantize, division, dropout, dynamicQuantize, flatten,
            gather, gemm, globalAveragePool, identity, integerAddition, integerAveragePool, integerConcatenation,
            integerConvolution, integerGemm, integerGlobalAveragePool, integerLeakyRectifier, integerMatMul,
            integerMultiplication, integerSigmoid, integerSoftmax, matMul, maxPool, mean, multiplication, padding,
            productSums, quantize, relu, reshape, shape, sigmoid, slice, softmax, squeeze, subtraction, sum, transpose,
            unsqueeze,
        ] + grids
}
