import Quantities
public import Scheduling

/// What a workload costs on a device, layer by layer, and how it was scheduled.
public struct Estimate: Sendable, Hashable, Codable {
    /// The sums over all layers and the runtime's own work.
    public struct Totals: Sendable, Hashable, Codable {
        public var cycles: Int
        public var latencySeconds: Double
        /// The interval that holds 80 % of measurements; nil for a model without calibration.
        public var lowestLatencySeconds: Double?
        public var highestLatencySeconds: Double?
        /// nil when the device's profile states no energy facts.
        public var energyFemtojoules: Int?
        public var energyJoules: Double?
        /// By the component that draws it; nil as above.
        public var energy: EnergyBreakdown?
        public var ramBytes: Int
        public var flashBytes: Int
        public var macs: Int
        public var executedMacs: Int

        public init(
            cycles: Int, latencySeconds: Double, band: ErrorBand = .uncalibrated, energy: EnergyBreakdown?,
            ramBytes: Int, flashBytes: Int, macs: Int,
            executedMacs: Int
        ) {
            self.cycles = cycles
            self.latencySeconds = latencySeconds
            lowestLatencySeconds = band.lowestRatio.map { $0 * latencySeconds }
            highestLatencySeconds = band.highestRatio.map { $0 * latencySeconds }
            self.energy = energy
            energyFemtojoules = energy?.total.femtojoules
            energyJoules = energy?.total.joules
            self.ramBytes = ramBytes
            self.flashBytes = flashBytes
            self.macs = macs
            self.executedMacs = executedMacs
        }
    }

    public var device: String
    /// nil for a machine that needs no runtime library.
    public var runtime: String?
    /// The name of the cost model.
    public var model: String
    public var totals: Totals
    public var layers: [LayerEstimate]
    /// The runtime's work once for each inference, outside the layers.
    public var perInference: LayerEstimate
    public var schedule: Schedule
    public var errorBand: ErrorBand
    /// What the model took for granted, one sentence each.
    public var assumptions: [String]
    /// Countable parts of the chip, used of available; empty for machines not made of such parts.
    public var resources: [ResourceUse]
    /// Inferences in a row; nil for machines that end one before the next begins.
    public var throughput: Throughput?

    public init(
        device: String, runtime: String?, model: String, totals: Totals, layers: [LayerEstimate],
        perInference: LayerEstimate, schedule: Schedule, errorBand: ErrorBand, assumptions: [String],
        resources: [ResourceUse] = [], throughput: Throughput? = nil
    ) {
        self.device = device
        self.runtime = runtime
        self.model = model
        self.totals = totals
        self.layers = layers
        self.perInference = perInference
        self.schedule = schedule
        self.errorBand = errorBand
        self.assumptions = assumptions
        self.resources = resources
        self.throughput = throughput
    }
}
