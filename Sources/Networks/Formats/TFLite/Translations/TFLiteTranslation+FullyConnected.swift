import Tensors

extension TFLiteTranslation {
    /// FULLY_CONNECTED; a result that keeps the input's rank is reshaped.
    static let fullyConnected = TFLiteTranslation(.fullyConnected) { site throws(FlatBufferFault) in
        guard try site.option(1, Int8.self) == 0 else { throw site.fault("shuffled weights are not supported") }
        let (shape, weights) = (try site.input(0).shape, try site.input(1).shape)
        guard weights.rank == 2, weights[1] > 0, shape.elementCount % weights[1] == 0 else {
            throw site.fault("weights of \(weights) do not suit an input of \(shape)")
        }
        try site.requireWeighted(axis: 0)
        var result = try site.weighted(FullyConnected(activation: try site.activation(0)))
        let declared = site.output.shape
        let computed = Shape(checking: [shape.elementCount / weights[1], weights[0]])
        if declared != computed, declared.elementCount == computed?.elementCount {
            result.chain.append(Reshape(shape: declared))
        }
        return result
    }
}
