public import Quantities

/// What a runtime library costs for each class of work, as measured on whole networks.
public struct MeasuredWork: Sendable, Hashable, Codable {
    /// Whether channels that are constant whatever the input are left out when a network is prepared.
    public var dropsDeadChannels: Bool
    /// Costs by core, one entry for each.
    public var cores: [CoreWork]

    public init(dropsDeadChannels: Bool, cores: [CoreWork]) {
        self.dropsDeadChannels = dropsDeadChannels
        self.cores = cores
    }

    /// The costs on a core, or nil when nothing is known of the library on it.
    public func costs(on core: String) -> CoreWork? {
        cores.first { $0.core == core }
    }
}

/// What a runtime library costs on one core, without waits for memory.
public struct CoreWork: Sendable, Hashable, Codable {
    /// Whether this version of the library was measured on this core.
    public enum Standing: String, Sendable, Hashable, Codable, CaseIterable {
        /// Networks were measured with this version on this core.
        case measured
        /// Known from this version on other cores, or from other versions on this one.
        case transferred
    }

    /// The core's name, such as `Cortex-M4`.
    public var core: String
    public var standing: Standing
    /// Measurements of this version on this core.
    public var rows: Int
    /// Cycles of one unit of each class of work.
    public var costs: [WorkClass: CycleCost]
    /// Relative standard deviation of the time of layers whose main work is of a class.
    public var spread: [WorkClass: Double]

    public init(
        core: String, standing: Standing, rows: Int, costs: [WorkClass: CycleCost], spread: [WorkClass: Double]
    ) {
        self.core = core
        self.standing = standing
        self.rows = rows
        self.costs = costs
        self.spread = spread
    }
}
