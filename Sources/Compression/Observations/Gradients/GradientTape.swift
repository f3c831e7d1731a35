import Diagnostics
import Foundation
import Networks
import Tensors
import Workloads

/// Gradients of a network's loss with respect to its values, case by case, from the last node backwards.
///
/// The loss is the negative logarithm of the probability that the network gives its own answer, or half the sum of squares of a
/// result that is no row. Layers with weights and windows carry gradients by their definition, movements by following where each
/// element came from, and functions element by element by central differences of their own evaluation.
struct GradientTape {
    private let network: Network
    /// The layers whose slopes are wanted.
    private let layers: Set<String>
    /// Values that depend on the results of the layers, these included.
    private let reached: Set<ValueID>
    /// The value at which the loss begins: scores before a softmax, or the result.
    let start: ValueID
    /// Every value that the slopes need.
    let observed: [ValueID]

    /// - Throws: `Diagnostics` naming operators behind `layers` that carry no gradient.
    init(_ network: Network, of layers: [String]) throws {
        self.network = network
        let result = network.outputs[0]
        let last = network.nodes.last { $0.outputs.contains(result) }
        let scores = last.flatMap { $0.operation is Softmax || $0.operation is LogSoftmax ? $0.inputs[0] : nil }
        start = scores ?? result
        var reached = Set(network.nodes.filter { layers.contains($0.name) }.flatMap(\.outputs))
        let own = reached
        var nodes: [Node] = []
        for node in network.nodes where node.inputs.contains(where: reached.contains) {
            if scores != nil, node.outputs.contains(result) { continue }
            nodes.append(node)
            reached.formUnion(node.outputs)
        }
        let findings = nodes.filter { !($0.operation is any GradientCarrying) }.map {
            Diagnostic(layer: $0.name, "no gradient passes \($0.operation.name), so impact cannot be measured")
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        (self.layers, self.reached) = (Set(layers), reached)
        let operands = nodes.flatMap { $0.inputs + $0.outputs }.filter { network[$0].constant == nil }
        observed = Set(operands + [start] + own).sorted()
    }

    /// Calls `body` with each layer, from the last, and the slope of the loss at each element of its result.
    ///
    /// A slope is held until the node that made its value has passed it on.
    /// - Parameter slope: at `start`, of another loss; nil for this one's.
    func forEachSlope(
        _ values: [ValueID: Tensor], from slope: [Double]? = nil, _ body: (Node, [Double]) throws -> Void
    ) throws {
        var slopes = [start: slope ?? loss(values[start]?.floats ?? [])]
        for node in network.nodes.reversed() {
            guard let slope = slopes.removeValue(forKey: node.outputs[0]) else { continue }
            if layers.contains(node.name) { try body(node, slope) }
            guard let operation = node.operation as? any GradientCarrying else { continue }
            let inputs = node.inputs.enumerated().filter { reached.contains($1) }
            guard !inputs.isEmpty else { continue }
            let record = NodeRecord(node, in: network, values: values, slope: slope)
            for (index, input) in inputs {
                let part = try operation.slopes(ofInput: index, at: record)
                slopes[input] = slopes[input].map { zip($0, part).map { $0 + $1 } } ?? part
            }
        }
    }

    /// The slope of the loss at its scores.
    private func loss(_ scores: [Float]) -> [Double] {
        let shape = network[start].shape
        let reals = scores.map(Double.init)
        guard shape.extents.last == shape.elementCount, reals.count > 1, let largest = reals.max(),
            let answer = reals.firstIndex(of: largest)
        else { return reals }
        let powers = reals.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.indices.map { powers[$0] / sum - ($0 == answer ? 1 : 0) }
    }
}
