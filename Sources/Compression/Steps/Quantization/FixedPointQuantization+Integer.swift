import Diagnostics
import FixedPoint
import Networks
import Tensors

extension FixedPointQuantization {
    /// An integer network with the selected layers' weights on coarser grids, and activations on others where asked.
    func requantize(_ compressed: CompressedNetwork, layers: [String]) throws -> StepOutcome {
        var (result, remarks, touched) = (compressed, [String](), Set<String>())
        let selected = Set(layers)
        let changed = regridActivations(of: &result)
        for place in compressed.network.nodes.indices {
            let (node, original) = (result.network.nodes[place], compressed.network.nodes[place])
            guard let id = original.weights else { continue }
            let (weights, bias) = (compressed.network[id], compressed.biasReals(of: original))
            guard let held = weights.quantization, let integers = weights.constant?.integers else { continue }
            let isCoarser = weightBits(of: node.name, in: compressed) < held.format.bits
            if selected.contains(node.name), isCoarser {
                remarks += try quantizeWeights(ofNodeAt: place, of: &result, given: compressed)
                touched.insert(node.name)
            } else if node.inputs.contains(where: changed.contains) || node.outputs.contains(where: changed.contains) {
                remarks += result.fit(nodeAt: place, weights: integers, on: held, bias: bias)
            }
        }
        for node in result.network.nodes where (node.inputs + node.outputs).contains(where: changed.contains) {
            touched.insert(node.name)
        }
        return StepOutcome(result, touched: Array(touched), remarks: remarks)
    }

    /// Puts activations whose width was asked for on a grid over the same reals, and returns them.
    private func regridActivations(of result: inout CompressedNetwork) -> Set<ValueID> {
        guard activationBits != nil || !layerActivationBits.isEmpty else { return [] }
        let classes = GridClasses(result.network)
        let widths = activationBits(of: result, classes: classes)
        var changed: Set<ValueID> = []
        for id in result.network.activations where result.network[id].constant == nil {
            guard let held = result.network[id].quantization, let bits = widths[classes.root(of: id)],
                bits != held.format.bits, held.format.encoding != .bipolar
            else { continue }
            let isUnit = classes.unitIntervals.contains(classes.root(of: id))
            let grid = isUnit ? ActivationGrid.unitInterval(bits: bits) : ActivationGrid.covering(held, bits: bits)
            result.network[id].quantization = grid
            result.network[id].elementType = grid.storage
            changed.insert(id)
        }
        return changed
    }
}
