import Diagnostics
import FixedPoint
import Networks
import Tensors
import Workloads

extension FixedPointQuantization {
    /// The integer form of a float network whose activations were observed.
    func quantize(_ compressed: CompressedNetwork, statistics: ActivationStatistics) throws -> StepOutcome {
        var result = compressed
        result.network.runtime = .tflm
        let classes = GridClasses(compressed.network)
        let grids = try activationGrids(of: compressed, classes: classes, statistics: statistics)
        for id in compressed.network.activations {
            guard let grid = grids[classes.root(of: id)] else { continue }
            result.network[id].quantization = grid
            result.network[id].elementType = grid.storage
            if let constant = result.network[id].constant {
                result.network[id].constant = grid.integers(of: constant)
            }
        }
        try result.makeSigns(classes)
        var remarks: [String] = []
        for place in result.network.nodes.indices {
            let node = result.network.nodes[place]
            if node.weights == nil {
                result.widenSum(ofNodeAt: place)
            } else {
                remarks += try quantizeWeights(ofNodeAt: place, of: &result, given: compressed)
            }
        }
        remarks += result.surroundRealNodes()
        return StepOutcome(result, touched: result.network.nodes.map(\.name), remarks: remarks)
    }

    /// The grid of each class of values, by the class's root.
    private func activationGrids(
        of compressed: CompressedNetwork, classes: GridClasses, statistics: ActivationStatistics
    ) throws -> [Int: Quantization] {
        let network = compressed.network
        var seen: [Int: ActivationDistribution] = [:]
        var findings: [Diagnostic] = []
        for id in network.activations {
            let value = network[id]
            if classes.unseen.contains(id) { continue }
            let distribution: ActivationDistribution
            if let constant = value.constant {
                var own = ActivationDistribution()
                own.record(constant.floats)
                distribution = own
            } else if let observed = statistics[value.name], observed.count > 0 {
                distribution = observed
            } else {
                findings.append(Diagnostic("no calibration case showed the value '\(value.name)'"))
                continue
            }
            if distribution.nonFiniteCount > 0 {
                findings.append(
                    Diagnostic("calibration met numbers that are not finite in the value '\(value.name)'"))
            }
            seen[classes.root(of: id)] = seen[classes.root(of: id)]?.merging(distribution) ?? distribution
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        let bits = activationBits(of: compressed, classes: classes)
        return Dictionary(
            uniqueKeysWithValues: seen.map { root, distribution in
                (root, grid(for: distribution, bits: bits[root] ?? 8, isUnit: classes.unitIntervals.contains(root)))
            })
    }

    private func grid(for seen: ActivationDistribution, bits: Int, isUnit: Bool) -> Quantization {
        if isUnit { return ActivationGrid.unitInterval(bits: bits) }
        let range = ClippingRange(
            seen, clipping: activationClipping, percentile: percentile, levels: (1 << bits) - 1)
        return ActivationGrid.covering(range, bits: bits, symmetric: symmetricActivations)
    }

    /// The width of each class: the largest asked for one of its values, the default where none is named.
    func activationBits(of compressed: CompressedNetwork, classes: GridClasses) -> [Int: Int] {
        let network = compressed.network
        let producers = network.producers
        var named: [Int: Int] = [:]
        for id in network.activations {
            let layer = producers[id].map { network.nodes[$0].name }
            let bits =
                layerActivationBits[network[id].name] ?? layer.flatMap { layerActivationBits[$0] }
                ?? layer.flatMap { layerActivationBits[compressed.origin(of: $0)] }
            if let bits { named[classes.root(of: id)] = max(named[classes.root(of: id)] ?? 0, bits) }
        }
        var widths: [Int: Int] = [:]
        for id in network.activations {
            let root = classes.root(of: id)
            if let bits = named[root] ?? activationBits { widths[root] = bits }
        }
        return widths
    }
}

extension Network {
    /// Values that nodes read as data or write: neither weights nor biases; network inputs and outputs among them.
    var activations: [ValueID] {
        var ids = Set(inputs).union(outputs)
        for node in nodes {
            let own = Set([node.weights, node.bias].compactMap { $0 })
            let rule = (node.operation as? any GridRuled)?.gridRule
            let isReal = rule == .real || rule == .signs
            ids.formUnion(node.outputs)
            ids.formUnion(
                node.inputs.filter { input in
                    !own.contains(input) && self[input].isActivation && !(isReal && self[input].constant != nil)
                })
        }
        return ids.sorted()
    }
}

extension Value {
    /// Whether this is data that flows: computed, or a constant of numbers.
    fileprivate var isActivation: Bool {
        constant == nil || isFloat || quantization != nil
    }
}

extension Quantization {
    /// A tensor of reals on this grid, rounded half away from zero.
    fileprivate func integers(of tensor: Tensor) -> Tensor? {
        let integers = tensor.floats.map { real in
            let integer = (Double(real) / Double(scale)).rounded() + Double(zeroPoint)
            return Int(min(max(integer, Double(format.minimum)), Double(format.maximum)))
        }
        return Tensor(tensor.shape, integers: integers, storedAs: storage)
    }
}

extension CompressedNetwork {
    /// Gives a reduction without weights 64 bits where its sums may leave 32.
    fileprivate mutating func widenSum(ofNodeAt place: Int) {
        let node = network.nodes[place]
        let (inputs, outputs) = network.shapes(of: node)
        guard let grid = network[node.inputs[0]].quantization else { return }
        let terms = node.operation.loops(inputs: inputs, outputs: outputs).reductionLength
        let reach = max(grid.format.maximum - grid.zeroPoint, grid.zeroPoint - grid.format.minimum)
        if Double(terms) * Double(reach) >= 0x1p31 {
            network.nodes[place].accumulator = Accumulator(bits: 64, overflow: .wrap)
        }
    }
}
