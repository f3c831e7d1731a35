import FixedPoint
public import Networks
import Tensors
public import Workloads

extension EventCounts {
    /// What was counted of the operands of each layer of the network that ran, by the name of the node.
    ///
    /// A layer with weights tells its own; of the others only the zeros of their input are known.
    public func operandStatistics(of network: Network) -> [String: OperandStatistics] {
        var all: [String: OperandStatistics] = [:]
        for node in network.nodes {
            guard let input = node.inputs.first.map({ network[$0] }), let met = activations[input.name],
                met.elements > 0
            else { continue }
            var statistics = OperandStatistics(activationZeros: met.zeroFraction)
            if let layer = layers[node.name] {
                let inputBits = met.elements * input.busBits
                statistics.activationToggles = layer.activationToggles.map { Self.share($0, of: inputBits) }
                if layer.multiplications > 0 {
                    statistics.activationZeros = Self.share(layer.zeroActivations, of: layer.multiplications)
                }
                if let weights = node.inputs.dropFirst().first.map({ network[$0] }), let constant = weights.constant {
                    let weightBits = constant.shape.elementCount * weights.busBits * cases
                    statistics.weightToggles = layer.weightToggles.map { Self.share($0, of: weightBits) }
                }
            }
            all[node.name] = statistics
        }
        return all
    }

    private static func share(_ count: Int, of whole: Int) -> Double {
        whole > 0 ? min(1, Double(count) / Double(whole)) : 0
    }
}

extension Value {
    /// Bits of the bus on which its elements are counted.
    fileprivate var busBits: Int { quantization?.format.bits ?? elementType.byteCount * 8 }
}
