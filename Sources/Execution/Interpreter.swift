import Diagnostics
public import Networks
public import Tensors

/// A network made ready to run: every layer has its kernel, with weights packed, and activations their place.
///
/// Running changes nothing in it, so that one interpreter serves any number of threads.
public struct Interpreter: Sendable {
    public let network: Network
    let kernels: KernelSelection
    let layers: [Layer]
    let prepared: [any LayerKernel]
    /// Where activations lie while only outputs are wanted.
    let layout: ActivationLayout
    let pool = MemoryPool()
    let ports: (inputs: [Port], outputs: [Port])
    let outputShapes: [Shape]
    /// Values equal to those of the base network, by name, on equal inputs.
    let shared: Set<ValueID>

    /// - Throws: `Diagnostics` when the network is not well formed.
    public init(_ network: Network, kernels: KernelSelection = .fastest) throws {
        try self.init(network, kernels: kernels, base: nil)
    }

    /// Prepares a network that differs from that of `base` in some layers; unchanged layers keep their kernels.
    ///
    /// - Throws: `Diagnostics` when the network is not well formed.
    public init(_ network: Network, basedOn base: Interpreter) throws {
        try self.init(network, kernels: base.kernels, base: base)
    }

    private init(_ network: Network, kernels: KernelSelection, base: Interpreter?) throws {
        try network.verify(file: network.name)
        self.network = network
        self.kernels = kernels
        let layers = network.nodes.map { Layer($0, in: network) }
        self.layers = layers
        let places = base.map { base in
            Dictionary(
                base.layers.indices.map { (base.layers[$0].node.name, $0) }, uniquingKeysWith: { first, _ in first })
        }
        var unchanged = Set<Int>()
        prepared = layers.indices.map { index in
            let layer = layers[index]
            if let base, let place = places?[layer.node.name], base.layers[place].computesSame(as: layer) {
                unchanged.insert(index)
                return base.prepared[place]
            }
            return kernels.kernel(for: layer)
        }
        layout = ActivationLayout(network, keepingAll: false)
        outputShapes = network.outputs.map { network[$0].shape }
        ports = (network.inputs.map { Port($0, in: network) }, network.outputs.map { Port($0, in: network) })
        shared = base.map { Interpreter.shared(network, base: $0.network, unchanged: unchanged) } ?? []
    }

    /// The network's outputs, in order, for its inputs, in order.
    ///
    /// Reals for an input that is quantized are put on its grid, halves away from zero.
    /// - Throws: `Diagnostic` when an input has the wrong shape or type, or an operator no meaning on its operands.
    public func run(_ inputs: [Tensor]) throws -> [Tensor] {
        try run(batch: CaseBatch(inputs))[0]
    }

    /// The outputs of several cases, which run together layer by layer.
    ///
    /// - Throws: as `run`, for the first case that cannot run.
    public func run(batch: CaseBatch) throws -> CaseBatch {
        try run(batch: batch, execute)
    }

    /// The outputs of several cases of which `body` computes all values from the inputs.
    func run(batch: CaseBatch, _ body: (Activations) throws -> Void) throws -> CaseBatch {
        let admitted = try admitted(batch)
        return try withActivations(layout, cases: batch.count) { activations in
            for (port, elements) in zip(ports.inputs, admitted) {
                if let start = activations.start(of: port.id) { elements.copy(to: start) }
            }
            try body(activations)
            let outputs = try ports.outputs.map { try activations.elements(of: $0) }
            return CaseBatch(count: batch.count, shapes: outputShapes, elements: outputs)
        }
    }

    /// All values of one inference, the network's inputs and outputs included.
    ///
    /// - Throws: as `run`.
    public func trace(_ inputs: [Tensor]) throws -> Trace {
        let admitted = try admitted(CaseBatch(inputs))
        let layout = ActivationLayout(network, keepingAll: true)
        return try withActivations(layout, cases: 1) { activations in
            for (port, elements) in zip(ports.inputs, admitted) {
                if let start = activations.start(of: port.id) { elements.copy(to: start) }
            }
            try execute(activations)
            let pairs = network.values.indices.compactMap { index in
                activations.tensor(ValueID(index), case: 0).map { (network.values[index].name, $0) }
            }
            return Trace(values: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The outputs on the case of `trace`, which is a trace of the base that this interpreter was made from.
    ///
    /// Only layers behind the differences run.
    /// - Throws: as `run`; `Diagnostic` when the trace lacks a value.
    public func run(resuming trace: Trace) throws -> [Tensor] {
        let known = try resumed(trace)
        let skipped = network.nodes.indices.filter { node in
            network.nodes[node].outputs.allSatisfy { known[$0] != nil }
        }
        return try withActivations(layout, cases: 1) { activations in
            let missing = try execute(activations, skipping: Set(skipped), known: known)
            return try ports.outputs.map {
                try missing[$0.id] ?? Tensor(shape: $0.value.shape, elements: activations.elements(of: $0))
            }
        }
    }
}
