public import Quantities

/// A machine that a network can run on, with every attribute that a cost model may ask for.
public struct Device: Sendable, Hashable, Codable {
    /// The profile's name, such as `nucleo-l4r5zi`.
    public var name: String
    /// One sentence for people.
    public var summary: String
    /// The clock that cycles are counted in.
    public var clock: Frequency
    public var machine: Machine
    /// Memories, each with a name that is unique in the device.
    public var memories: [Memory]
    /// Caches between the machine and its memories.
    public var caches: [Cache]
    public var energy: EnergyFacts
    /// The runtime library taken when none is asked for, by profile name; nil for machines that need none.
    public var defaultRuntime: String?
    /// Requantization rules and number forms that the machine computes exactly; empty means any, in software.
    public var arithmetic: [String]
    /// How the cost model compares with measurements on this device; nil when it was never compared.
    public var calibration: Calibration?

    public init(
        name: String, summary: String, clock: Frequency, machine: Machine, memories: [Memory], caches: [Cache],
        energy: EnergyFacts, defaultRuntime: String?, arithmetic: [String],
        calibration: Calibration? = nil
    ) {
        self.name = name
        self.summary = summary
        self.clock = clock
        self.machine = machine
        self.memories = memories
        self.caches = caches
        self.energy = energy
        self.defaultRuntime = defaultRuntime
        self.arithmetic = arithmetic
        self.calibration = calibration
    }

    /// The memories that may hold a kind of content, in the profile's order of preference.
    public func memories(holding content: Content) -> [Memory] {
        memories.filter { $0.holds.contains(content) }
    }
}
