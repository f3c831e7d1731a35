import Hardware
import Scheduling
import Tensors
import Workloads

/// A network as operations of a block-based engine, in order, with the places of its feature maps.
struct NetworkPlan {
    private(set) var steps: [BlockStep] = []
    /// What computes each layer, for people.
    private(set) var kernels: [String] = []
    /// For each tensor, the one whose bytes it lies in.
    private(set) var roots: [Int]
    /// Tensors that rows, not bricks, lie in; by root.
    private(set) var isLinear: [Bool]
    /// Roots whose bytes the caller or the host touches.
    private(set) var isShared: [Bool]
    /// Inputs of the network that a single layer reads; by root.
    private(set) var isInput: [Bool]
    /// Roots from here on are copies of inputs in the staging memory.
    private(set) var copies: Int
    private let engine: NeuralProcessor

    /// - Throws: `UnsupportedLayers` with every layer whose blocks do not fit.
    init(_ workload: Workload, on engine: NeuralProcessor) throws(UnsupportedLayers) {
        self.engine = engine
        roots = Array(workload.tensors.indices)
        isLinear = [Bool](repeating: false, count: roots.count)
        isShared = isLinear
        isInput = isLinear
        copies = roots.count
        followViews(of: workload)
        var unsupported: [UnsupportedLayer] = []
        for index in workload.layers.indices {
            let operands = workload.operands(ofLayer: index)
            let count = steps.count
            let name = workload.layers[index].name
            if let reason = engine.objection(to: operands) {
                unsupported.append(UnsupportedLayer(layer: name, reason: reason))
                continue
            }
            let program = BlockProgram(operands)
            if !append(program, workload, index, operands) {
                let reason = "not even the smallest block fits the engine's buffer"
                unsupported.append(UnsupportedLayer(layer: name, reason: reason))
            }
            kernels.append(steps.count > count ? steps[count].name : program.name)
        }
        guard unsupported.isEmpty else { throw UnsupportedLayers(layers: unsupported) }
        markLinear(workload)
    }

    private mutating func followViews(of workload: Workload) {
        for (index, tensor) in workload.tensors.enumerated() {
            if let source = tensor.aliasOf, source < index { roots[index] = roots[source] }
        }
    }

    private mutating func append(
        _ program: BlockProgram, _ workload: Workload, _ index: Int, _ operands: LayerOperands
    ) -> Bool {
        let layer = workload.layers[index]
        switch program {
        case .none:
            join(layer, workload)
            return true
        case .host:
            for tensor in layer.inputs + layer.outputs { isShared[roots[tensor]] = true }
            return true
        case .table(let operation):
            if fuse(operation, layer, workload) { return true }
            return append([operation], layer, index)
        case .operations(let operations):
            join(layer, workload)
            return append(operations, layer, index)
        }
    }

    private mutating func append(_ operations: [EngineOperation], _ layer: WorkloadLayer, _ index: Int) -> Bool {
        for (place, operation) in operations.enumerated() {
            guard var step = BlockStep(operation, layer: index, weights: layer.weights, on: engine) else {
                return false
            }
            if place == 0 { step.input = layer.inputs.first.map { roots[$0] } }
            if place == 0, operation.second != nil, layer.inputs.count > 1 { step.second = roots[layer.inputs[1]] }
            if place == operations.count - 1 { step.output = layer.outputs.first.map { roots[$0] } }
            steps.append(step)
        }
        return true
    }

    /// Tensors that lie in one another: the parts of a joined one, unless their channels start inside a brick.
    private mutating func join(_ layer: WorkloadLayer, _ workload: Workload) {
        guard layer.computeClass == .dataMovement, let whole = layer.outputs.first else { return }
        let depth = workload.tensors[whole].shape.extents.last ?? 1
        let cuts = layer.inputs.dropLast().contains { input in
            let part = workload.tensors[input].shape.extents.last ?? 1
            return part != depth && part % 16 != 0
        }
        if cuts { for tensor in layer.inputs + layer.outputs { isLinear[roots[tensor]] = true } }
    }

    /// Gives the step that makes the layer's input its table; false when another reads the input too.
    private mutating func fuse(_ operation: EngineOperation, _ layer: WorkloadLayer, _ workload: Workload) -> Bool {
        guard let input = layer.inputs.first, let output = layer.outputs.first, let last = steps.last,
            last.output == roots[input], last.operation.tableBytes == 0,
            workload.tensors[input].consumers.count == 1, !workload.tensors[input].isOutput
        else { return false }
        var step = last.withTable(operation.tableBytes, bits: operation.outputBits, on: engine)
        step.output = roots[output]
        steps[steps.count - 1] = step
        return true
    }

    /// Rows lie in rows at the network's ends, beside the host, and where two layers see other extents.
    private mutating func markLinear(_ workload: Workload) {
        var widths = [(Int, Int)?](repeating: nil, count: roots.count)
        for (index, tensor) in workload.tensors.enumerated() {
            let root = roots[index]
            if tensor.producer == nil || tensor.isOutput { isShared[root] = true }
            if tensor.producer == nil, !tensor.isOutput, tensor.consumers.count == 1 { isInput[root] = true }
            let isRead = tensor.consumers.contains { workload.layers[$0].computeClass != .free }
            let isMade = tensor.producer.map { workload.layers[$0].computeClass != .free } ?? true
            guard isRead || isMade else { continue }
            let extents = tensor.shape.extents
            let seen = (extents.count > 1 ? extents[extents.count - 2] : 1, extents.last ?? 1)
            if let before = widths[root], before != seen { isLinear[root] = true }
            widths[root] = seen
        }
        for root in isShared.indices where isShared[root] { isLinear[root] = true }
    }

    /// Puts a copy of a step's input before it.
    mutating func copyInput(ofStep index: Int, by copy: BlockStep) {
        var copy = copy
        copy.input = steps[index].input
        copy.output = roots.count
        isLinear.append(steps[index].input.map { isLinear[$0] } ?? true)
        isShared.append(false)
        isInput.append(false)
        roots.append(roots.count)
        steps[index].input = copy.output
        steps.insert(copy, at: index)
    }
}
