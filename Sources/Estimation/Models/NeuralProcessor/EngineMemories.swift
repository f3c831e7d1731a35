import Hardware
import Quantities
import Scheduling

/// The memories of a block-based engine by their part: constants, feature maps, and what both are staged in.
struct EngineMemories: Sendable {
    var constants: MemoryPort
    var maps: MemoryPort
    var staging: MemoryPort
    /// Bytes that the staging memory has.
    var stagingSize: Int

    /// Feature maps live elsewhere and are staged where they fit.
    var stagesMaps: Bool { maps.index != staging.index }

    /// Constants live elsewhere and may be staged.
    var stagesConstants: Bool { constants.index != staging.index }

    /// nil when a memory is missing or has no rate.
    init?(_ device: Device, _ engine: NeuralProcessor, placement: Placement) {
        func port(_ name: String?) -> MemoryPort? {
            guard let index = device.memories.firstIndex(where: { $0.name == name }) else { return nil }
            return MemoryPort(device.memories[index], index: index, clock: device.clock)
        }
        guard let maps = port(placement.activations) else { return nil }
        self.maps = maps
        constants = port(placement.weights) ?? maps
        staging = engine.staging.flatMap { port($0) } ?? maps
        // Where maps and staging are one memory, weights compete with nothing: the compiler sets no limit there.
        stagingSize =
            staging.index == maps.index ? 1 << 30 : min(1 << 30, device.memories[staging.index].size.count)
    }
}
