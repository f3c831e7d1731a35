import Diagnostics
import Networks
import Tensors

extension Interpreter {
    /// The values of some cases while they are computed.
    struct Activations {
        let network: Network
        let layout: ActivationLayout
        let cases: Int
        let memory: ActivationMemory

        /// Where the tensors of a value start; nil for constants and values never written.
        func start(of id: ValueID) -> UnsafeMutableRawPointer? {
            layout.offsets[id.index].map { memory.arena + $0 * cases }
        }

        func store(_ tensor: Tensor, as id: ValueID, case index: Int) {
            if let start = start(of: id) { tensor.copyElements(to: start + index * network[id].storedBytes) }
        }

        /// The tensor of one case; nil for constants and values never written.
        func tensor(_ id: ValueID, case index: Int) -> Tensor? {
            let value = network[id]
            return start(of: id).map {
                Tensor(copying: $0 + index * value.storedBytes, shape: value.shape, type: value.elementType)
            }
        }

        /// The elements of an output in all cases.
        ///
        /// - Throws: `Diagnostic` for an output that is never written.
        func elements(of port: Port) throws -> Tensor.Elements {
            if let start = start(of: port.id) {
                let count = cases * port.value.shape.elementCount
                return Tensor.Elements(copying: start, count: count, type: port.value.elementType)
            }
            guard let constant = port.value.constant else {
                throw Diagnostic("output '\(port.value.name)' is never written")
            }
            return Tensor.Elements(joining: [Tensor.Elements](repeating: constant.elements, count: cases))
        }
    }

    /// Cases that run together: their activations stay in a core's own cache where that is possible.
    public var batchCases: Int {
        min(max(Interpreter.cacheBytes / max(layout.bytes, 1), 1), Interpreter.largestBatch)
    }

    /// A part of the second cache of common cores.
    private static let cacheBytes = 256 << 10
    private static let largestBatch = 32

    /// Calls `body` with room for the activations of `cases` cases.
    func withActivations<Value>(
        _ layout: ActivationLayout, cases: Int, _ body: (Activations) throws -> Value
    ) throws -> Value {
        try pool.withMemory { memory in
            let workspace = prepared.reduce(0) { max($0, $1.workspaceBytes(cases: cases)) }
            memory.reserve(arenaBytes: layout.bytes * cases, workspaceBytes: workspace)
            return try body(Activations(network: network, layout: layout, cases: cases, memory: memory))
        }
    }

    /// Runs every layer.
    func execute(_ activations: Activations) throws {
        for index in prepared.indices { try execute(index, activations) }
    }

    /// Runs the layers that are not skipped, with values that are known beforehand put in place when they are read.
    ///
    /// - Returns: the known values that are outputs of the network.
    func execute(
        _ activations: Activations, skipping: Set<Int>, known: [ValueID: Tensor]
    ) throws -> [ValueID: Tensor] {
        var stored = Set<ValueID>()
        for index in prepared.indices where !skipping.contains(index) {
            for id in network.nodes[index].inputs where stored.insert(id).inserted {
                if let tensor = known[id] { activations.store(tensor, as: id, case: 0) }
            }
            try execute(index, activations)
        }
        return known.filter { network.outputs.contains($0.key) }
    }

    /// Runs one layer.
    ///
    /// - Parameter peak: raised to the largest magnitude of a sum, by kernels that measure it.
    func execute(_ index: Int, _ activations: Activations, peak: UnsafeMutablePointer<Int32>? = nil) throws {
        let node = network.nodes[index]
        let run = LayerRun(
            inputs: node.inputs.compactMap { activations.start(of: $0).map { UnsafeRawPointer($0) } },
            outputs: node.outputs.compactMap { activations.start(of: $0) }, cases: activations.cases,
            workspace: activations.memory.workspace, peak: peak)
        do {
            try prepared[index].run(run)
        } catch var fault as Diagnostic {
            if fault.location == nil {
                fault.location = SourceLocation(file: network.name, position: .part(node.name))
            }
            throw fault
        }
    }
}
