public import Workloads

/// How a device runs a workload: which loops compute each layer and where every byte lies.
public struct Schedule: Sendable, Hashable, Codable {
    /// How one layer is computed.
    public struct Layer: Sendable, Hashable, Codable {
        public var name: String
        public var form: Form

        public init(name: String, form: Form) {
            self.name = name
            self.form = form
        }
    }

    /// The loops of a layer on its machine.
    public enum Form: Sendable, Hashable, Codable {
        /// Nothing runs: the layer is a view.
        case none
        /// A kernel of the runtime library, by name and place in its list.
        case kernel(name: String, index: Int)
        /// Folds on a systolic array.
        case folds(SystolicFolds)
        /// Products that are left when zeros are skipped.
        case skipping(SkippingRun)
        /// Passes over the bits of the operands.
        case bitPasses(BitPasses)
        /// Elements stream past the array's edge.
        case stream(elements: Int)
        /// Blocks of a neural processor.
        case blocks(BlockForm)
        /// A stage of a dataflow pipeline, or work of its host.
        case stage(PipelineStage)
        /// Passes of a binary array.
        case passes(BinaryPasses)
        /// Loops unrolled and tiled on a spatial array.
        case mapping(SpatialMapping)
    }

    public var layers: [Layer]
    /// Activations and scratch buffers in RAM.
    public var arena: ArenaPlan
    public var placement: Placement
    /// The parts of RAM; their sum is what the network needs.
    public var ram: [MemoryPart]
    /// The parts of the program's constant image; their sum is what it needs of flash.
    public var flash: [MemoryPart]
    /// Contents that fit into no memory; empty for a schedule that can run.
    public var shortages: [Shortage]
    /// Parts of the chip that the layers take, for machines made of such parts.
    public var resources: [ResourceUse]

    public init(
        layers: [Layer], arena: ArenaPlan, placement: Placement, ram: [MemoryPart], flash: [MemoryPart],
        shortages: [Shortage], resources: [ResourceUse] = []
    ) {
        self.layers = layers
        self.arena = arena
        self.placement = placement
        self.ram = ram
        self.flash = flash
        self.shortages = shortages
        self.resources = resources
    }

    public var ramBytes: Int { ram.reduce(0) { $0 + $1.bytes } }

    public var flashBytes: Int { flash.reduce(0) { $0 + $1.bytes } }
}
