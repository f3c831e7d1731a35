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

    /// Outputs computed side by side.
    public var elements: Int
    /// Products of each output in a cycle.
    public var lanes: Int
    /// `true` when products are made by hard multipliers.
    public var usesMultipliers: Bool
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
        usesMultipliers = false
        lineStore = .pixels
        resources = LogicResources()
        isProved = true
    }

    init(
        _ shape: StageShape, elements: Int, lanes: Int, usesMultipliers: Bool = false, lineStore: LineStore = .pixels
    ) {
        self.elements = elements
        self.lanes = lanes
        self.usesMultipliers = usesMultipliers
        self.lineStore = lineStore
        interval = shape.interval(elements: elements, lanes: lanes)
        resources = shape.resources(
            elements: elements, lanes: lanes, usesMultipliers: usesMultipliers, lineStore: lineStore)
        isProved = true
    }
}
