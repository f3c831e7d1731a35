import Diagnostics
public import Networks
public import Tensors

/// A network made ready to run: every layer has its kernel, with weights packed.
///
/// Running changes nothing in it, so that one interpreter serves any number of threads.
public struct Interpreter: Sendable {
    public let network: Network
    let kernels: KernelSelection
    let layers: [Layer]
    let prepared: [any LayerKernel]
    /// For each node, the values that nothing reads behind it.
    let released: [[ValueID]]
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
        released = Interpreter.releases(in: network)
        shared = base.map { Interpreter.shared(network, base: $0.network, unchanged: unchanged) } ?? []
    }

    /// The network's outputs, in order, for its inputs, in order.
    ///
    /// Reals for an input that is quantized are put on its grid, halves away from zero.
    /// - Throws: `Diagnostic` when an input has the wrong shape or type, or an operator no meaning on its operands.
    public func run(_ inputs: [Tensor]) throws -> [Tensor] {
        try outputs(of: compute(inputs, known: [:], skipping: [], keepingAll: false))
    }

    /// All values of one inference, the network's inputs and outputs included.
    ///
    /// - Throws: as `run`.
    public func trace(_ inputs: [Tensor]) throws -> Trace {
        let values = try compute(inputs, known: [:], skipping: [], keepingAll: true)
        let pairs = values.indices.compactMap { index in
            values[index].map { (network.values[index].name, $0) }
        }
        return Trace(values: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }

    /// The outputs on the case of `trace`, which is a trace of the base that this interpreter was made from.
    ///
    /// Only layers behind the differences run.
    /// - Throws: as `run`; `Diagnostic` when the trace lacks a value.
    public func run(resuming trace: Trace) throws -> [Tensor] {
        var known: [ValueID: Tensor] = [:]
        for id in shared { known[id] = trace[network[id].name] }
        let inputs = try network.inputs.map { id in
            guard let tensor = trace[network[id].name] else {
                throw Diagnostic("the trace has no value '\(network[id].name)'")
            }
            return tensor
        }
        let skipped = network.nodes.indices.filter { node in
            network.nodes[node].outputs.allSatisfy { known[$0] != nil }
        }
        return try outputs(of: compute(inputs, known: known, skipping: Set(skipped), keepingAll: false))
    }

    private func outputs(of values: [Tensor?]) throws -> [Tensor] {
        try network.outputs.map { id in
            guard let tensor = values[id.index] ?? network[id].constant else {
                throw Diagnostic("output '\(network[id].name)' is never written")
            }
            return tensor
        }
    }

    private func compute(
        _ inputs: [Tensor], known: [ValueID: Tensor], skipping: Set<Int>, keepingAll: Bool
    ) throws -> [Tensor?] {
        let inputs = try admitted(inputs)
        var values = [Tensor?](repeating: nil, count: network.values.count)
        for (id, tensor) in known {
            try checkKind(of: tensor, as: id)
            values[id.index] = tensor
        }
        for (id, tensor) in zip(network.inputs, inputs) { values[id.index] = tensor }
        for index in layers.indices where !skipping.contains(index) {
            let node = network.nodes[index]
            let operands = node.inputs.compactMap { network[$0].constant == nil ? values[$0.index] : nil }
            do {
                let results = try prepared[index].run(operands)
                for (id, tensor) in zip(node.outputs, results) {
                    try checkKind(of: tensor, as: id)
                    values[id.index] = tensor
                }
            } catch var fault as Diagnostic {
                if fault.location == nil {
                    fault.location = SourceLocation(file: network.name, position: .part(node.name))
                }
                throw fault
            }
            if !keepingAll { for id in released[index] { values[id.index] = nil } }
        }
        return values
    }

    /// Kernels rely on shapes and stored types being as declared.
    private func checkKind(of tensor: Tensor, as id: ValueID) throws {
        let value = network[id]
        guard tensor.shape == value.shape, tensor.elementType == value.elementType else {
            throw Diagnostic(
                "'\(value.name)' is \(tensor.elementType.rawValue) of \(tensor.shape) where "
                    + "\(value.elementType.rawValue) of \(value.shape) is declared")
        }
    }
}
