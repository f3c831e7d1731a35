public import Hardware
import Quantities
public import Workloads

/// Turns a workload into a schedule for one device: kernels or folds, arena, placement.
public struct Scheduler: Sendable {
    public let device: Device
    public let engine: Engine
    public let planner: ArenaPlanner

    public init(device: Device, engine: Engine, planner: ArenaPlanner = ArenaPlanner()) {
        self.device = device
        self.engine = engine
        self.planner = planner
    }

    /// The schedule of a workload; one that fits no memory is a schedule with shortages.
    ///
    /// - Throws: `UnsupportedLayers` with every layer that the device cannot run.
    public func schedule(_ workload: Workload) throws(UnsupportedLayers) -> Schedule {
        let (layers, scratch) = try forms(of: workload)
        let problem = workload.arenaProblem(storage: engine.storage, scratch: scratch)
        let arena = planner.plan(problem)
        let ram = [MemoryPart(name: "arena", bytes: arena.size)] + runtimeRAM(layers: layers.count)
        let code = codeParts(layers)
        let constants = constantParts(workload)
        let (placement, shortages) = Placement.fitting(
            code: code.reduce(0) { $0 + $1.bytes }, weights: constants.reduce(0) { $0 + $1.bytes },
            activations: ram.reduce(0) { $0 + $1.bytes }, on: device)
        return Schedule(
            layers: layers, arena: arena, placement: placement, ram: ram, flash: code + constants, shortages: shortages)
    }

    /// The buffers of a workload on this device; their live sets are the RAM constraints of a search.
    ///
    /// - Throws: `UnsupportedLayers` with every layer that the device cannot run.
    public func arenaProblem(of workload: Workload) throws(UnsupportedLayers) -> ArenaProblem {
        workload.arenaProblem(storage: engine.storage, scratch: try forms(of: workload).scratch)
    }

    /// RAM that the runtime takes besides the arena.
    public func runtimeRAM(layers: Int) -> [MemoryPart] {
        switch engine {
        case .array:
            return []
        case .runtime(let runtime):
            let descriptors = runtime.library.perLayerRAM.count * layers
            return [
                MemoryPart(name: "runtime", bytes: runtime.library.fixedRAM.count),
                MemoryPart(name: "layer descriptors", bytes: descriptors),
            ].filter { $0.bytes > 0 }
        }
    }

    private func forms(
        of workload: Workload
    ) throws(UnsupportedLayers) -> (layers: [Schedule.Layer], scratch: [Int]) {
        var layers: [Schedule.Layer] = []
        var scratch: [Int] = []
        var unsupported: [UnsupportedLayer] = []
        for index in workload.layers.indices {
            switch engine.form(for: workload.operands(ofLayer: index)) {
            case .success(let (form, bytes)):
                layers.append(Schedule.Layer(name: workload.layers[index].name, form: form))
                scratch.append(bytes)
            case .failure(let layer):
                unsupported.append(layer)
            }
        }
        guard unsupported.isEmpty else { throw UnsupportedLayers(layers: unsupported) }
        return (layers, scratch)
    }

    /// Code of the runtime and of each kernel that some layer uses, once.
    private func codeParts(_ layers: [Schedule.Layer]) -> [MemoryPart] {
        guard case .runtime(let runtime) = engine else { return [] }
        var used = Set<Int>()
        for layer in layers {
            if case .kernel(_, let index) = layer.form { used.insert(index) }
        }
        let kernels = used.sorted().map { index in
            let kernel = runtime.kernels[index]
            return MemoryPart(name: "code of \(kernel.name)", bytes: kernel.codeBytes)
        }
        let descriptors = runtime.library.perLayerFlash.count * layers.count
        let library = [
            MemoryPart(name: "code of the runtime", bytes: runtime.library.codeSize.count),
            MemoryPart(name: "layer descriptors", bytes: descriptors),
        ]
        return (library + kernels).filter { $0.bytes > 0 }
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
