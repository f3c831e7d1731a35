public import Hardware
import Quantities
public import Workloads

/// Turns a workload into a schedule for one device: kernels or folds, arena, placement.
public struct Scheduler: Sendable {
    public let device: Device
    public let engine: any Engine
    public let planner: ArenaPlanner

    public init(device: Device, engine: any Engine, planner: ArenaPlanner = ArenaPlanner()) {
        self.device = device
        self.engine = engine
        self.planner = planner
    }

    /// The schedule of a workload; one that fits no memory is a schedule with shortages.
    ///
    /// - Throws: `UnsupportedLayers` with every layer that the device cannot run.
    public func schedule(_ workload: Workload) throws(UnsupportedLayers) -> Schedule {
        let (layers, scratch) = try forms(of: workload)
        let problem = problem(of: workload, scratch)
        let arena = planner.plan(problem)
        let ram = [MemoryPart(name: "arena", bytes: arena.size)] + runtimeRAM(layers: layers.count)
        let code = engine.software(of: layers.map(\.form))
        let constants = constantParts(workload)
        let (placement, shortages) = Placement.fitting(
            code: code.reduce(0) { $0 + $1.bytes }, weights: constants.reduce(0) { $0 + $1.bytes },
            activations: ram.reduce(0) { $0 + $1.bytes }, on: device)
        return Schedule(
            layers: layers, arena: arena, placement: placement, ram: ram, flash: code + constants, shortages: shortages,
            resources: engine.resources(of: layers.map(\.form)))
    }

    /// The buffers of a workload on this device; their live sets are the RAM constraints of a search.
    ///
    /// - Throws: `UnsupportedLayers` with every layer that the device cannot run.
    public func arenaProblem(of workload: Workload) throws(UnsupportedLayers) -> ArenaProblem {
        problem(of: workload, try forms(of: workload).scratch)
    }

    /// The buffers of a workload; where activations stream, those that enter or leave the network only.
    private func problem(of workload: Workload, _ scratch: [Int]) -> ArenaProblem {
        var problem = workload.arenaProblem(storage: engine.storage, scratch: scratch)
        guard engine.streamsActivations else { return problem }
        let ends = workload.tensors.indices.filter { index in
            workload.tensors[index].producer == nil || workload.tensors[index].isOutput
        }
        let kept = Set(ends.map { workload.storageRoot(of: $0) })
        problem.buffers.removeAll { buffer in buffer.tensor.map { !kept.contains($0) } ?? false }
        for index in problem.buffers.indices {
            problem.buffers[index].firstLayer = 0
            problem.buffers[index].lastLayer = max(0, workload.layers.count - 1)
        }
        return problem
    }

    /// RAM that the machine's software takes besides the arena.
    public func runtimeRAM(layers: Int) -> [MemoryPart] {
        engine.softwareRAM(layers: layers)
    }

    private func forms(
        of workload: Workload
    ) throws(UnsupportedLayers) -> (layers: [Schedule.Layer], scratch: [Int]) {
        var layers: [Schedule.Layer] = []
        var scratch: [Int] = []
        var unsupported: [UnsupportedLayer] = []
        for (index, form) in engine.forms(for: workload).enumerated() {
            switch form {
            case .success(let scheduled):
                layers.append(Schedule.Layer(name: workload.layers[index].name, form: scheduled.form))
                scratch.append(scheduled.scratchBytes)
            case .failure(let layer):
                if unsupported.last != layer { unsupported.append(layer) }
            }
        }
        guard unsupported.isEmpty else { throw UnsupportedLayers(layers: unsupported) }
        return (layers, scratch)
    }

    /// Encoded weights and parameters of each layer that has some.
    private func constantParts(_ workload: Workload) -> [MemoryPart] {
        workload.layers.flatMap { layer in
            guard let weights = layer.weights else { return [MemoryPart]() }
            return [
                MemoryPart(name: "weights of \(layer.name)", bytes: weights.encodedSize.bytes.count),
                MemoryPart(name: "parameters of \(layer.name)", bytes: weights.parameterSize.bytes.count),
            ].filter { $0.bytes > 0 }
        }
    }
}

/// All layers of a workload that a device cannot run.
public struct UnsupportedLayers: Error, Sendable, Hashable, Codable {
    public var layers: [UnsupportedLayer]

    public init(layers: [UnsupportedLayer]) {
        self.layers = layers
    }
}
