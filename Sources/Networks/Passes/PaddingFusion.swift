import FixedPoint
import Tensors

/// Moves zeros around an image into the window of the convolution that reads it.
///
/// Applies to padding by real zero of height and width only, on one grid, in front of a convolution or depthwise
/// convolution. Pooling is left alone: its windows skip padding instead of reading zeros.
public struct PaddingFusion: NetworkPass {
    public static let name = "paddingFusion"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        let producers = network.producers
        for (index, node) in network.nodes.enumerated() {
            guard let image = node.inputs.first, let producer = producers[image],
                let padding = network.nodes[producer].operation as? Padding, isFusible(padding, producer, in: network)
            else { continue }
            switch node.operation {
            case var convolution as Convolution2D:
                convolution.window.padding.add(padding)
                result.nodes[index].operation = convolution
            case var convolution as DepthwiseConvolution2D:
                convolution.window.padding.add(padding)
                result.nodes[index].operation = convolution
            default: continue
            }
            result.nodes[index].inputs[0] = network.nodes[producer].inputs[0]
        }
        return result.applying(DeadNodeRemoval())
    }

    private func isFusible(_ padding: Padding, _ index: Int, in network: Network) -> Bool {
        let node = network.nodes[index]
        let (input, output) = (network[node.inputs[0]], network[node.outputs[0]])
        let margins = [padding.before, padding.after]
        return padding.value == 0 && input.shape.rank == 4 && input.quantization == output.quantization
            && input.quantization?.format.encoding != .bipolar && margins.allSatisfy { $0[0] == 0 && $0[3] == 0 }
    }
}

extension Window.Margins {
    /// Grows by the padding of an image tensor.
    fileprivate mutating func add(_ padding: Padding) {
        top += padding.before[1]
        left += padding.before[2]
        bottom += padding.after[1]
        right += padding.after[2]
    }
}
