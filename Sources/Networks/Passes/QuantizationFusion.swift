import FixedPoint
import Tensors

/// Turns real operators between dequantize and quantize nodes into integer ones.
///
/// Applies to layers with quantized constant weights and a bias (rounded to the product of the scales if it is real), to
/// additions, means, pooling, rectifiers and movements of elements. The real result must be read by the quantize node
/// alone, perhaps through one rectifier. Patterns that do not suit stay real. Integers become those of the integer
/// operator, as runtimes fuse such patterns; without such patterns nothing changes.
public struct QuantizationFusion: NetworkPass {
    public static let name = "quantizationFusion"

    public init() {}

    public func applied(to network: Network) -> Network {
        guard network.nodes.contains(where: { $0.operation is Dequantize }) else { return network }
        let sunk = DequantizeSinking().applied(to: network.applying(DeadNodeRemoval()).applying(BiasAttachment()))
        let raised = QuantizeRaising().applied(to: sunk)
        return IntegerRewriting(raised).network().applying(DeadNodeRemoval())
    }
}
