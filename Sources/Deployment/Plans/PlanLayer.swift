public import Compression
public import Estimation
import Networks
import Quantities
import Tensors
import Workloads

/// One layer of a plan: what was chosen for it and what it costs.
public struct PlanLayer: Sendable, Hashable, Codable {
    public var name: String
    /// The layer of the given network from which this one was made.
    public var origin: String
    public var `operator`: String
    public var inputShape: String
    public var outputShape: String
    /// Width of the weights; nil for a layer without weights.
    public var weightBits: Int?
    /// Width of the layer's results.
    public var activationBits: Int
    /// Steps of the recipe that worked on this layer, in order.
    public var steps: [String]
    /// How the weights are stored.
    public var storage: String?
    /// The fraction of weights that are not zero.
    public var density: Double?
    public var weightBytes: Int
    public var outputBytes: Int
    public var macs: Int
    public var cycles: Cycles
    /// What binds the layer.
    public var bound: String?
    public var energyJoules: Double?

    /// Cycles by cause.
    public struct Cycles: Sendable, Hashable, Codable {
        public var compute: Int
        public var memoryStall: Int
        public var overhead: Int
        public var total: Int
    }
}

extension PlanLayer {
    /// The layers of `compressed` with their share of `estimate`, in execution order.
    public static func layers(of compressed: CompressedNetwork, estimate: Estimate) -> [PlanLayer] {
        let workload = compressed.lowered()
        return zip(zip(compressed.network.nodes, workload.layers), estimate.layers).map { pair, cost in
            PlanLayer(node: pair.0, layer: pair.1, cost: cost, compressed: compressed, workload: workload)
        }
    }

    private init(
        node: Node, layer: WorkloadLayer, cost: LayerEstimate, compressed: CompressedNetwork, workload: Workload
    ) {
        let shapes = compressed.network.shapes(of: node)
        let results = layer.outputs.map { workload.tensors[$0] }
        name = node.name
        origin = compressed.origin(of: node.name)
        `operator` = node.operation.name
        inputShape = shapes.inputs.first?.description ?? ""
        outputShape = shapes.outputs.first?.description ?? ""
        weightBits = layer.weights?.elementBits
        activationBits = results.first?.elementBits ?? 0
        steps = compressed.history.filter { $0.layers.contains(node.name) }.map(\.entry.step)
        storage = layer.weights?.storage.rawValue
        density = layer.weights?.density
        weightBytes = layer.weights.map { ($0.encodedSize + $0.parameterSize).bytes.count } ?? 0
        outputBytes = results.reduce(0) { $0 + $1.size.count }
        macs = layer.macs
        cycles = Cycles(
            compute: cost.cycles[CycleCause.Group.compute],
            memoryStall: cost.cycles[CycleCause.Group.memoryStall], overhead: cost.cycles[CycleCause.Group.overhead],
            total: cost.cycles.total)
        bound = cost.bound?.text
        energyJoules = cost.energy.map { Double($0.total.femtojoules) * 1e-15 }
    }
}
