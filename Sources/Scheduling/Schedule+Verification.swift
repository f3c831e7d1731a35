public import Hardware
import Quantities
public import Workloads

extension Schedule {
    /// A way in which a schedule does not suit its workload or device.
    public enum Fault: Sendable, Hashable {
        /// Layers are missing, too many or in another order.
        case otherLayers
        /// A layer that computes has no loops, or a view has some.
        case wrongForm(String)
        /// A tensor lies nowhere or in less room than it needs.
        case unplacedTensor(String)
        /// The layer runs while the tensor's bytes may already belong to another.
        case shortLifetime(tensor: String, layer: String)
        /// Two tensors share bytes while both are needed, or a buffer is outside the arena.
        case arena(ArenaPlan.Fault)
        /// The parts of RAM do not hold the arena.
        case missingArena
        /// The constant image is smaller than the encoded weights and parameters.
        case missingConstants
        /// A memory is named that the device lacks, or that may not hold this content.
        case wrongMemory(String)
        /// Contents exceed a memory and no shortage says so.
        case hiddenShortage(String)
    }

    /// All faults of this schedule; empty for a sound one.
    ///
    /// Works from the workload alone and shares no code with the scheduler.
    public func faults(for workload: Workload, on device: Device, storage: ActivationStorage) -> [Fault] {
        guard layers.map(\.name) == workload.layers.map(\.name) else { return [.otherLayers] }
        var faults: [Fault] = []
        for (scheduled, layer) in zip(layers, workload.layers) {
            if (scheduled.form == .none) != (layer.computeClass == .free) { faults.append(.wrongForm(layer.name)) }
        }
        faults += tensorFaults(workload, storage)
        let problem = ArenaProblem(buffers: arena.entries.map(\.buffer), alignment: storage.alignment)
        faults += arena.faults(for: problem).map(Fault.arena)
        if ramBytes < arena.size { faults.append(.missingArena) }
        let constants = workload.layers.reduce(0) { sum, layer in
            sum + (layer.weights.map { ($0.encodedSize.count + 7) / 8 + ($0.parameterSize.count + 7) / 8 } ?? 0)
        }
        if flashBytes < constants { faults.append(.missingConstants) }
        return faults + memoryFaults(device, constants)
    }

    private func tensorFaults(_ workload: Workload, _ storage: ActivationStorage) -> [Fault] {
        var homes: [Int: ArenaProblem.Buffer] = [:]
        for entry in arena.entries {
            if let tensor = entry.buffer.tensor { homes[tensor] = entry.buffer }
        }
        var faults: [Fault] = []
        let streams = layers.contains { if case .stage = $0.form { true } else { false } }
        for (index, tensor) in workload.tensors.enumerated() {
            if streams, tensor.producer != nil, !tensor.isOutput { continue }
            var root = index
            for _ in workload.tensors where workload.tensors[root].aliasOf != nil {
                root = workload.tensors[root].aliasOf ?? root
            }
            guard let home = homes[root], home.size >= storage.bytes(of: tensor) else {
                faults.append(.unplacedTensor(tensor.name))
                continue
            }
            var uses = tensor.consumers + (tensor.producer.map { [$0] } ?? [0])
            if tensor.isOutput { uses.append(workload.layers.count - 1) }
            for use in uses where use >= 0 && !(home.firstLayer...home.lastLayer).contains(use) {
                let layer = workload.layers.indices.contains(use) ? workload.layers[use].name : "\(use)"
                faults.append(.shortLifetime(tensor: tensor.name, layer: layer))
            }
        }
        return faults
    }

    private func memoryFaults(_ device: Device, _ constants: Int) -> [Fault] {
        var faults: [Fault] = []
        var used: [String: Int] = [:]
        let contents: [(String?, Content, Int)] = [
            (placement.weights, .weights, constants), (placement.activations, .activations, ramBytes),
        ]
        for (name, content, bytes) in contents {
            guard let name else {
                if bytes > 0, shortages.isEmpty { faults.append(.hiddenShortage(content.rawValue)) }
                continue
            }
            guard let memory = device.memories.first(where: { $0.name == name }), memory.holds.contains(content) else {
                faults.append(.wrongMemory(name))
                continue
            }
            used[name, default: 0] += bytes
            if used[name, default: 0] > memory.size.count, shortages.isEmpty { faults.append(.hiddenShortage(name)) }
        }
        return faults
    }
}
