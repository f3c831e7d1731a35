/// What one layer costs.
public struct LayerEstimate: Sendable, Hashable, Codable {
    public var name: String
    /// The kernel or the mapping that computes it.
    public var kernel: String
    public var cycles: CycleBreakdown
    /// Cycles in which the memory moves data of this layer, hidden behind computation or not; at most all cycles.
    public var transferCycles: Int
    /// What most cycles go to; nil for a layer that takes none.
    public var bound: CycleCause?
    /// nil when the device's profile states no energy facts.
    public var energy: EnergyBreakdown?
    /// Busy share of what multiplies, 0...1: multiply cycles of a core, cells times cycles of an array.
    public var utilization: Double
    /// Multiply-accumulates of the layer with every weight counted.
    public var macs: Int
    /// Multiply-accumulates that the machine executes.
    public var executedMacs: Int

    public init(
        name: String, kernel: String, cycles: CycleBreakdown, energy: EnergyBreakdown?, utilization: Double, macs: Int,
        executedMacs: Int, transferCycles: Int? = nil
    ) {
        self.name = name
        self.kernel = kernel
        self.cycles = cycles
        self.transferCycles = min(transferCycles ?? cycles[.memoryStall], cycles.total)
        bound = cycles.bound
        self.energy = energy
        self.utilization = utilization
        self.macs = macs
        self.executedMacs = executedMacs
    }
}
