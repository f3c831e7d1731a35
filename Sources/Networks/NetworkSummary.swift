public import Tensors
import Workloads

/// What a network is, in numbers: the facts that `inspect` prints.
///
/// One MAC is one weight used at one output position; biases, pooling and normalizations count none, depthwise layers count
/// as convolutions. Parameters are weights, biases and the scales and shifts of batch normalizations; those of layers on
/// images count as the convolutions', all others as the fully connected layers'.
public struct NetworkSummary: Sendable, Codable, Equatable {
    /// Sums over the network; a constant that several layers share counts once.
    public struct Totals: Sendable, Codable, Equatable {
        public var macs = 0
        public var convMacs = 0
        public var fcMacs = 0
        public var parameters = 0
        public var convParameters = 0
        public var fcParameters = 0
        /// All parameters in their formats, each tensor packed by itself.
        public var weightBytes = 0
        /// The largest sum of tensors alive at one node; views share their operand's memory.
        public var peakActivationBytes = 0
    }

    /// One node.
    public struct Layer: Sendable, Codable, Equatable {
        public var name: String
        public var `operator`: String
        /// Of the first operand.
        public var inputShape: Shape
        public var outputShape: Shape
        public var macs: Int
        public var parameters: Int
        /// Width of one weight; 0 for a layer without weights.
        public var weightBits: Int
        /// Width of one element of the result.
        public var activationBits: Int
        /// Share of the weights that stand for 0; 0 for a layer without weights.
        public var weightZeroFraction: Double
        /// Shannon entropy of the weights' values, bits a weight; 0 for a layer without weights.
        public var weightEntropyBits: Double
    }

    public var totals: Totals
    public var layers: [Layer]

    /// - Precondition: the network is verified.
    public init(_ network: Network) {
        totals = Totals()
        layers = []
        var counted = Set<ValueID>()
        for node in network.nodes {
            let layer = Layer(node, of: network)
            let isImage = layer.inputShape.rank == 4 && node.operation.computeClass != .fullyConnected
            for id in node.parameters(in: network) where counted.insert(id).inserted {
                let value = network[id]
                totals.parameters += value.shape.elementCount
                if isImage { totals.convParameters += value.shape.elementCount }
                totals.weightBytes += value.byteCount
            }
            totals.macs += layer.macs
            if node.operation.computeClass != .fullyConnected { totals.convMacs += layer.macs }
            layers.append(layer)
        }
        totals.fcMacs = totals.macs - totals.convMacs
        totals.fcParameters = totals.parameters - totals.convParameters
        totals.peakActivationBytes = network.peakActivationBytes
    }
}

extension NetworkSummary.Layer {
    fileprivate init(_ node: Node, of network: Network) {
        let (inputs, outputs) = network.shapes(of: node)
        name = node.name
        `operator` = node.operation.name
        inputShape = inputs.first ?? []
        outputShape = outputs.first ?? []
        switch node.operation.computeClass {
        case .convolution, .depthwise, .fullyConnected:
            macs = node.operation.loops(inputs: inputs, outputs: outputs).multiplications
        case .pooling, .elementwise, .transcendental, .dataMovement, .free: macs = 0
        }
        parameters = node.parameters(in: network).reduce(0) { $0 + network[$1].shape.elementCount }
        activationBits = node.outputs.first.map { network[$0].elementBits } ?? 0
        let weights = node.weights.map { network[$0] }
        weightBits = weights?.elementBits ?? 0
        let statistics = weights?.constant.map { WeightStatistics($0, zeroPoints: weights?.quantization?.zeroPoints) }
        weightZeroFraction = statistics?.zeroFraction ?? 0
        weightEntropyBits = statistics?.entropyBits ?? 0
    }
}

extension Node {
    /// The constants that training would change.
    fileprivate func parameters(in network: Network) -> [ValueID] {
        operation.trainedOperands(of: inputs.count).map { inputs[$0] }.filter { network[$0].constant != nil }
    }
}

extension Value {
    /// Bytes of the packed elements.
    fileprivate var byteCount: Int { (shape.elementCount * elementBits + 7) / 8 }
}

extension Network {
    /// The largest sum of the bytes of activations alive at one node; results of `free` operators share memory.
    public var peakActivationBytes: Int {
        var owner: [ValueID: ValueID] = [:]
        for node in nodes where node.operation.computeClass == .free {
            if let source = node.inputs.first, let view = node.outputs.first { owner[view] = owner[source] ?? source }
        }
        var last: [ValueID: Int] = [:]
        for (place, node) in nodes.enumerated() {
            for id in node.inputs + node.outputs { last[owner[id] ?? id] = place }
        }
        for id in outputs { last[owner[id] ?? id] = nodes.count }
        var alive = Set(inputs)
        var peak = alive.reduce(0) { $0 + self[$1].byteCount }
        for (place, node) in nodes.enumerated() {
            alive.formUnion(node.outputs.map { owner[$0] ?? $0 })
            let bytes = alive.reduce(0) { $0 + (self[$1].constant == nil ? self[$1].byteCount : 0) }
            peak = max(peak, bytes)
            alive = alive.filter { last[$0, default: -1] > place }
        }
        return peak
    }
}
