/// One stage of a dataflow pipeline: a layer with its folding, the cycles of one frame, and what it takes of the chip.
public struct PipelineStage: Sendable, Hashable, Codable {
    /// Where the rows of pixels lie from which windows are made.
    public enum LineStore: String, Sendable, Hashable, Codable, CaseIterable {
        /// Block memories as wide as a pixel: what finn-hlslib built for BNN-PYNQ.
        case pixels
        /// Block memories as wide as the lanes (`Xilinx/finn` ConvolutionInputGenerator).
        case lanes
        /// Lookup tables as wide as the lanes.
        case tables
    }

    /// What hard multipliers make; lookup tables make the rest.
    public enum MultiplierUse: String, Sendable, Hashable, Codable, CaseIterable {
        case nothing
        /// Rescaling of sums to results of 5 bits or more; narrower results come from thresholds.
        case requantization
        /// Products, and rescaling where there is some.
        case products
    }

    /// Outputs computed side by side.
    public var elements: Int
    /// Products of each output in a cycle.
    public var lanes: Int
    public var multiplierUse: MultiplierUse
    /// Of no meaning for a stage without a window.
    public var lineStore: LineStore
    /// Cycles in which the stage is busy with one frame; 0 for work of the host.
    public var interval: Int
    public var resources: LogicResources
    /// `false` when the search that chose it was cut short, so that a pipeline of a shorter interval may exist.
    public var isProved: Bool

    /// Nothing in the logic: the processor does it.
    static let host = PipelineStage()

    private init() {
        (elements, lanes, interval) = (0, 0, 0)
        multiplierUse = .nothing
        lineStore = .pixels
        resources = LogicResources()
        isProved = true
    }

    init(
        _ shape: StageShape, elements: Int, lanes: Int, multiplierUse: MultiplierUse = .nothing,
        lineStore: LineStore = .pixels
    ) {
        self.elements = elements
        self.lanes = lanes
        self.multiplierUse = multiplierUse
        self.lineStore = lineStore
        interval = shape.interval(elements: elements, lanes: lanes)
        resources = shape.resources(
            elements: elements, lanes: lanes, multiplierUse: multiplierUse, lineStore: lineStore)
        isProved = true
    }
}
