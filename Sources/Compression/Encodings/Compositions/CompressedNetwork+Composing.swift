import Diagnostics
import Networks
import Tensors

extension CompressedNetwork {
    /// Makes a layer's weights what a composition makes of its parts.
    mutating func compose(nodeAt place: Int, by composition: WeightComposition) throws {
        guard let id = ownWeights(ofNodeAt: place) else { return }
        let name = network[id].name
        network[id].constant = Tensor(network[id].shape, try composition.elements(shape: network[id].shape))
        compositions[name] = composition
        (encodings[name], grids[name]) = (nil, nil)
    }

    /// Makes a layer's integer weights what a composition of integers makes of its parts, on a grid of their own.
    ///
    /// - Parameter bias: reals by output channel.
    /// - Returns: what was decided beyond the default, a sentence each.
    mutating func compose(
        nodeAt place: Int, by composition: WeightComposition, on grid: Quantization, bias: [Double]
    ) throws -> [String] {
        guard let id = ownWeights(ofNodeAt: place) else { return [] }
        let (name, shape) = (network[id].name, network[id].shape)
        let packed = try composition.quantized(shape: shape, from: grid, on: grid) ?? composition
        let integers = try packed.elements(shape: shape).map { Int($0) }
        let remarks = fit(nodeAt: place, weights: integers, on: grid, bias: bias)
        (compositions[name], encodings[name]) = (packed, nil)
        return remarks
    }

    /// Puts a layer's weights on a grid, as integers or as the reals for which they stand, with the parts that compose them.
    ///
    /// - Parameters:
    ///   - composition: of integers on the grid.
    ///   - bias: reals by output channel.
    /// - Returns: what was decided beyond the default, a sentence each.
    mutating func place(
        nodeAt place: Int, by composition: WeightComposition, on grid: Quantization, bias: [Double]
    ) throws -> [String] {
        guard let id = ownWeights(ofNodeAt: place), network[id].isFloat else {
            return try compose(nodeAt: place, by: composition, on: grid, bias: bias)
        }
        let (name, shape) = (network[id].name, network[id].shape)
        let integers = try composition.elements(shape: shape).map { Int($0) }
        let remarks = self.place(nodeAt: place, weights: integers, on: grid, bias: bias)
        (compositions[name], encodings[name]) = (try composition.reals(shape: shape, on: grid), nil)
        return remarks
    }

    /// Calls `change` with the place of each layer, collecting the faults of all of them.
    ///
    /// - Returns: what all the calls return, remarks or names.
    mutating func changeEach(
        _ layers: [String], by change: (inout CompressedNetwork, Int) throws -> [String]
    ) throws -> [String] {
        var (remarks, findings): ([String], [Diagnostic]) = ([], [])
        for layer in layers {
            guard let place = network.place(ofLayer: layer) else { continue }
            do {
                remarks += try change(&self, place)
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return remarks
    }
}
