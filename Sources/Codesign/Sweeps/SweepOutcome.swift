public import Execution

/// What one entry of a sweep made of the network.
public struct SweepOutcome: Sendable {
    /// What executing and costing the compressed network gave.
    public struct Figures: Sendable {
        /// On the labelled cases.
        public var accuracy: Accuracy
        /// Stored weights and their parameters, each layer in whole bytes.
        public var weightBytes: Int
        /// Products of one inference, those with zero weights included.
        public var macs: Int
        /// Products of one inference with weights that are not zero.
        public var nonzeroMacs: Int
        /// In the order of the sweep's devices.
        public var costs: [DeviceCost]
    }

    /// What the compressed network costs on one device.
    public struct DeviceCost: Sendable {
        public var device: String
        /// Nil when the device cannot run the network.
        public var cycles: Int?
        /// Nil also when the device states no energies.
        public var energyJoules: Double?
        /// Why the device cannot run it or its memories do not hold it; empty when all is well.
        public var reasons: [String]
    }

    public var entry: SweepEntry
    /// Nil when a step refused.
    public var figures: Figures?
    /// Why a step refused; empty otherwise.
    public var refusal: [String]
}
