public import Compression
import Diagnostics
public import Execution
public import Networks
import Tensors

/// How far a network's outputs move when one layer alone is compressed.
public struct SensitivityAnalysis: Sendable {
    /// The damage of one probe on one layer.
    public struct Entry: Sendable, Hashable, Codable {
        public var layer: String
        public var probe: String
        /// Mean over the cases of the squared error of the outputs over their squared length; nil where the step does not apply.
        public var damage: Double?
    }

    private let network: Network
    private let catalog: StepCatalog
    private let observer: any ActivationObserver
    private let cases: LabelledCases
    private let threads: Int

    /// - Parameters:
    ///   - cases: on which outputs are compared; labels are not needed.
    ///   - threads: results do not depend on it.
    public init(
        network: Network, catalog: StepCatalog, observer: any ActivationObserver, cases: LabelledCases, threads: Int
    ) {
        self.network = network
        self.catalog = catalog
        self.observer = observer
        self.cases = cases
        self.threads = threads
    }

    /// One entry for each layer with weights and each probe, layers in execution order.
    ///
    /// - Throws: `Diagnostic` when the cases cannot run.
    public func entries(of probes: [SensitivityProbe], progress: () -> Void) throws -> [Entry] {
        let layers = network.nodes.filter { $0.weights.map { network[$0].constant != nil } ?? false }.map(\.name)
        let reference = try outputs(of: network)
        return try layers.flatMap { layer in
            try probes.map { probe in
                defer { progress() }
                return Entry(layer: layer, probe: probe.name, damage: try damage(of: probe.recipe(layer), reference))
            }
        }
    }

    /// Nil when a step refuses the layer.
    private func damage(of recipe: Recipe, _ reference: [[[Float]]]) throws -> Double? {
        let compressed: CompressedNetwork
        do {
            compressed = try CompressedNetwork(network).applying(catalog.steps(of: recipe), observing: observer)
        } catch is Diagnostics {
            return nil
        }
        let changed = try outputs(of: compressed.network)
        let sum = zip(reference, changed).reduce(0) { sum, pair in
            sum
                + DamageMeasure.relativeSquaredError.damage(
                    reference: pair.0, outputs: pair.1, areProbabilities: false)
        }
        return sum / Double(max(reference.count, 1))
    }

    /// The reals of every output on every case.
    private func outputs(of network: Network) throws -> [[[Float]]] {
        let interpreter = try Interpreter(network)
        return try mapCases(cases.count, threads: threads) { index in
            try zip(network.outputs, interpreter.run(cases.case(at: index))).map { id, tensor in
                Operand(tensor, quantization: network[id].quantization).reals
            }
        }
    }
}
