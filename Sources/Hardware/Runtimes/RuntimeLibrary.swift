public import Quantities

/// The software that runs a network on a processor: its kernels and its own cost.
public struct RuntimeLibrary: Sendable, Hashable, Codable {
    public var name: String
    public var version: String
    public var summary: String
    /// Kernels in order of preference; a cost model takes the cheapest that the core and the layer allow.
    public var kernels: [Kernel]
    /// Executed once for each layer besides the kernel (dispatch, checks).
    public var perLayer: InstructionMix
    /// Executed once for each inference.
    public var perInference: InstructionMix
    /// Code in flash besides the kernels.
    public var codeSize: Bytes
    /// RAM besides tensors and scratch.
    public var fixedRAM: Bytes
    /// RAM for each layer (descriptors built at start).
    public var perLayerRAM: Bytes
    /// Flash for each layer besides its weights (descriptors).
    public var perLayerFlash: Bytes
    /// Tensors start at multiples of this.
    public var alignment: Bytes
    /// `true` when activations lie in RAM packed at their width; `false` when in 8, 16 or 32-bit containers.
    public var packsActivations: Bool
    /// Executed once for each layer that several cores share (start and barrier).
    public var perFork: InstructionMix
    /// Costs by class of work, for a library whose loops nobody can read; nil for one that is described by kernels.
    public var work: MeasuredWork?
    /// How estimates compare with measurements, by the name of the core; a core that is missing was never compared.
    public var calibrations: [String: Calibration]

    public init(
        name: String, version: String, summary: String, kernels: [Kernel], perLayer: InstructionMix,
        perInference: InstructionMix, codeSize: Bytes, fixedRAM: Bytes, perLayerRAM: Bytes, perLayerFlash: Bytes,
        alignment: Bytes, packsActivations: Bool = false, perFork: InstructionMix = .none, work: MeasuredWork? = nil,
        calibrations: [String: Calibration] = [:]
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.kernels = kernels
        self.perLayer = perLayer
        self.perInference = perInference
        self.codeSize = codeSize
        self.fixedRAM = fixedRAM
        self.perLayerRAM = perLayerRAM
        self.perLayerFlash = perLayerFlash
        self.alignment = alignment
        self.packsActivations = packsActivations
        self.perFork = perFork
        self.work = work
        self.calibrations = calibrations
    }
}
