import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// What a further step would spare of the bytes of weights, a sentence each.
    package var savings: [String] {
        var savings: [String] = []
        if realsOnGrids > 0 {
            savings.append(
                "\(realsOnGrids) weights lie on grids and take 32 bits each until fixed-point-quantization makes them integers"
            )
        }
        let (bits, spared) = (weightBits, zeroBits)
        if spared > 0 {
            savings.append(
                "zeros are stored among \(bits.bytes) bytes of weights; behind a bitmap (storage-coding) these take \((bits - spared).bytes)"
            )
        }
        return savings
    }

    /// Real weights that lie on a grid of more than signs.
    private var realsOnGrids: Int {
        let weights = Set(network.nodes.compactMap(\.weights)).map { network[$0] }
        return weights.reduce(0) { sum, value in
            guard value.isFloat, let grid = grids[value.name], grid.format.encoding != .bipolar,
                compositions[value.name] == nil
            else { return sum }
            return sum + value.shape.elementCount
        }
    }

    /// Bits by which a bit a weight that tells the zeros apart, and only the others behind, is smaller than plain weights.
    private var zeroBits: Int {
        network.nodes.reduce(0) { sum, node in
            guard let value = node.weights.map({ network[$0] }), compositions[value.name] == nil,
                encodings[value.name] ?? .dense == .dense,
                let symbols = value.constant.flatMap({
                    WeightSymbols($0, quantization: value.quantization, grid: grids[value.name])
                })
            else { return sum }
            let count = symbols.patterns.count
            return sum + max(0, (count - symbols.nonzeroCount) * symbols.width - count)
        }
    }
}
