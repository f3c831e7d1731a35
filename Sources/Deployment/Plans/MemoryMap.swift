public import Estimation
import Scheduling
import Workloads

/// Where everything lies in the device's memories.
public struct MemoryMap: Sendable, Hashable, Codable {
    /// A buffer in the arena of activations.
    public struct Buffer: Sendable, Hashable, Codable {
        public var name: String
        /// Bytes from the start of the arena.
        public var offset: Int
        public var bytes: Int
        /// Places in the plan's layers between which the buffer must stay.
        public var firstLayer: Int
        public var lastLayer: Int
    }

    /// A named share of a memory.
    public struct Part: Sendable, Hashable, Codable {
        public var name: String
        public var bytes: Int
    }

    /// The memory that holds the weights, and that which holds the activations; nil where the machine has no choice.
    public var weights: String?
    public var activations: String?
    public var arenaBytes: Int
    /// No arena for these buffers is smaller than this.
    public var arenaLowerBound: Int
    public var arena: [Buffer]
    public var ram: [Part]
    public var flash: [Part]

    public init(_ estimate: Estimate) {
        let schedule = estimate.schedule
        weights = schedule.placement.weights
        activations = schedule.placement.activations
        arenaBytes = schedule.arena.size
        arenaLowerBound = schedule.arena.lowerBound
        arena = schedule.arena.entries.map {
            Buffer(
                name: $0.buffer.name, offset: $0.offset, bytes: $0.buffer.size, firstLayer: $0.buffer.firstLayer,
                lastLayer: $0.buffer.lastLayer)
        }
        ram = schedule.ram.map { Part(name: $0.name, bytes: $0.bytes) }
        flash = schedule.flash.map { Part(name: $0.name, bytes: $0.bytes) }
    }
}
