public import Workloads

/// The part of a device that computes, ready to be asked for the loops of a layer: one type for each kind of machine.
public protocol Engine: Sendable {
    /// How activations lie in memory.
    var storage: ActivationStorage { get }

    /// The form in which one layer is computed, with its scratch bytes; refuses what the machine cannot run.
    func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer>

    /// The forms of all layers, for machines on which layers share what is laid out; each on its own by default.
    func forms(for workload: Workload) -> [Result<ScheduledForm, UnsupportedLayer>]

    /// `true` when activations between layers lie in no memory.
    var streamsActivations: Bool { get }

    /// Parts of the chip that layers of these forms take together.
    func resources(of forms: [Schedule.Form]) -> [ResourceUse]

    /// RAM that the machine's software takes besides the arena, for so many layers.
    func softwareRAM(layers: Int) -> [MemoryPart]

    /// Code and descriptors of the machine's software for layers of these forms, each kernel once.
    func software(of forms: [Schedule.Form]) -> [MemoryPart]
}

/// A layer's form with the working memory that it needs while it runs.
public struct ScheduledForm: Sendable, Hashable {
    public var form: Schedule.Form
    /// Bytes live during this layer only.
    public var scratchBytes: Int

    public init(_ form: Schedule.Form, scratchBytes: Int = 0) {
        self.form = form
        self.scratchBytes = scratchBytes
    }
}

extension Engine {
    public func forms(for workload: Workload) -> [Result<ScheduledForm, UnsupportedLayer>] {
        workload.layers.indices.map { form(for: workload.operands(ofLayer: $0)) }
    }

    public var streamsActivations: Bool { false }

    public func resources(of forms: [Schedule.Form]) -> [ResourceUse] { [] }

    public func softwareRAM(layers: Int) -> [MemoryPart] { [] }

    public func software(of forms: [Schedule.Form]) -> [MemoryPart] { [] }
}
