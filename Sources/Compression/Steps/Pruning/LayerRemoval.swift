import Diagnostics
import Networks
import Tensors

/// Layers leave that change the responses of the calibration cases least: branches of residual sums, layers that keep shapes.
///
/// What may leave is found in the structure of the graph: all nodes that reach nothing but one operand of a sum and read
/// nothing that the other operand does not come from, with the sum then passing the other operand on; and single layers
/// whose result has the shape of their input, which then passes in its place. A clamp behind stays where the value that
/// passes has none. The change is `|result without - result|^2 / |result|^2` over all cases; after each removal it is
/// measured again.
public struct LayerRemoval: CompressionStep {
    public static let description = StepDescription(
        name: "layer-removal",
        summary: "Removes residual branches and layers that keep shapes, those that change responses least",
        citation:
            "Wen, Wu, Wang, Chen, Li: Learning Structured Sparsity in Deep Neural Networks, 2016 (layers across a shortcut)",
        parameters: [
            ParameterDescription("count", "Branches or layers that leave", .integer(1...1024, default: 1))
        ], categories: [.removal], profits: [.storage, .products, .activations])

    /// A layer stands for every branch that holds it.
    public var layers: LayerSelection
    public var count: Int

    public init(layers: LayerSelection = .all, count: Int = 1) {
        (self.layers, self.count) = (layers, count)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, count: parameters.integer("count") ?? 1)
    }

    public var parameters: [String: ParameterValue] { ["count": .integer(count)] }
    public var category: StepCategory { .removal }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let possible = Set(compressed.network.bypasses.flatMap(\.layers))
        let admitted = Set(
            try self.layers.admit(layers, to: "layer removal") { layer in
                possible.contains(layer)
                    ? nil : "no residual sum and no input of the shape of its result goes past it"
            })
        var (result, remarks) = (compressed, [String]())
        for index in 0..<count {
            let bypasses = result.network.bypasses.filter { !admitted.isDisjoint(with: $0.layers) }
            let changes = try observer.changes(by: bypasses, in: result.network)
            guard let best = changes.indices.min(by: { changes[$0] < changes[$1] }) else {
                throw Diagnostics([
                    Diagnostic("layer removal: only \(index) of \(count) branches or layers can leave")
                ])
            }
            result.network = result.network.applying(bypasses[best])
            let names = bypasses[best].layers.joined(separator: ", ")
            remarks.append("layers \(names) left: the response changes by \(changes[best]) of its square")
        }
        return StepOutcome(result, touched: [], remarks: remarks)
    }
}

extension ActivationObserver {
    /// By what part of its squared length the result of each bypassed node changes.
    fileprivate func changes(by bypasses: [Bypass], in network: Network) throws -> [Double] {
        guard let layer = bypasses.first?.layers.first else { return [] }
        let values = Array(Set(bypasses.flatMap { [$0.passing, $0.result] })).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
        var (errors, lengths) = (
            [Double](repeating: 0, count: bypasses.count), [Double](repeating: 0, count: bypasses.count)
        )
        var hasCases = false
        try observe(values, of: network) { tensors in
            hasCases = true
            for (index, bypass) in bypasses.enumerated() {
                guard let passing = places[bypass.passing], let result = places[bypass.result] else { continue }
                let (lower, upper) = bypass.activation.range
                for (real, whole) in zip(tensors[passing].floats, tensors[result].floats) {
                    let clamped = Double(min(max(real, lower ?? -.infinity), upper ?? .infinity))
                    errors[index] += (clamped - Double(whole)) * (clamped - Double(whole))
                    lengths[index] += Double(whole) * Double(whole)
                }
            }
        }
        guard hasCases else { throw Diagnostics([.withoutCases(layer: layer)]) }
        return zip(errors, lengths).map { $1 > 0 ? $0 / $1 : $0 }
    }
}
