public import Networks
import Tensors

extension CompressedNetwork {
    /// Squared error of a layer's weights over their squared length, against those of the given network.
    ///
    /// A layer that was decomposed counts as the product of its stages. Zero means unchanged; nil when the weights cannot
    /// be compared one by one, because channels were removed or the stages have no product of that form.
    /// - Parameter name: the layer's name in `given`.
    public func weightDistortion(ofLayer name: String, against given: Network) -> Double? {
        guard let place = given.place(ofLayer: name), let weights = given.nodes[place].weights else { return nil }
        let reference = given[weights].reals
        let stages = network.nodes.filter { $0.weights != nil && origin(of: $0.name) == name }
        guard let first = stages.first, var product = EffectiveKernel(first, in: network) else { return nil }
        for stage in stages.dropFirst() {
            guard let next = EffectiveKernel(stage, in: network), let composed = product.followed(by: next) else {
                return nil
            }
            product = composed
        }
        guard product.extents == given[weights].shape.extents, !reference.isEmpty else { return nil }
        let length = reference.reduce(0) { $0 + $1 * $1 }
        let error = zip(reference, product.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return length > 0 ? error / length : error
    }
}

/// The weights of one layer, or of several linear layers that follow each other, as one kernel.
private struct EffectiveKernel {
    /// As the weights are stored: output first, input last.
    var extents: [Int]
    var elements: [Double]
    /// How far the next layer's neighbouring taps lie apart; nil for layers that do not compose.
    private var strides: (height: Int, width: Int)?

    init?(_ node: Node, in network: Network) {
        guard let id = node.weights else { return nil }
        extents = network[id].shape.extents
        elements = network[id].reals
        guard elements.count == network[id].shape.elementCount else { return nil }
        if node.operation is FullyConnected {
            strides = (1, 1)
        } else if let convolution = node.operation as? Convolution2D, let input = node.inputs.first,
            network[input].shape.rank == 4, network[input].shape[3] == extents[3],
            convolution.window.dilationHeight == 1, convolution.window.dilationWidth == 1
        {
            strides = (convolution.window.strideHeight, convolution.window.strideWidth)
        }
    }

    /// Output, height, width and input; a matrix has height and width 1.
    private var extents4: [Int]? {
        switch extents.count {
        case 2: [extents[0], 1, 1, extents[1]]
        case 4: extents
        default: nil
        }
    }

    /// This kernel and then `next`; nil when they do not compose.
    func followed(by next: EffectiveKernel) -> EffectiveKernel? {
        guard let strides, let nextStrides = next.strides, let mine = extents4, let its = next.extents4,
            extents.count == next.extents.count, its[3] == mine[0]
        else { return nil }
        let height = mine[1] + strides.height * (its[1] - 1)
        let width = mine[2] + strides.width * (its[2] - 1)
        let (inputs, outputs) = (mine[3], its[0])
        var product = [Double](repeating: 0, count: outputs * height * width * inputs)
        for output in 0..<outputs {
            for tap in 0..<its[1] * its[2] {
                let (top, left) = (tap / its[2] * strides.height, tap % its[2] * strides.width)
                for middle in 0..<mine[0] {
                    let factor = next.elements[(output * its[1] * its[2] + tap) * its[3] + middle]
                    for row in 0..<mine[1] {
                        let source = (middle * mine[1] + row) * mine[2] * inputs
                        let target = ((output * height + top + row) * width + left) * inputs
                        for index in 0..<mine[2] * inputs {
                            product[target + index] += factor * elements[source + index]
                        }
                    }
                }
            }
        }
        var result = self
        result.elements = product
        result.extents = extents.count == 2 ? [outputs, inputs] : [outputs, height, width, inputs]
        result.strides = (strides.height * nextStrides.height, strides.width * nextStrides.width)
        return result
    }
}
