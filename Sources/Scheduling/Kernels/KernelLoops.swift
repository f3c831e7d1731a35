public import Hardware
import Quantities
import Workloads

/// The loops of a kernel and what it accepts, in numbers alone: cheap to ask millions of times.
public struct KernelLoops: Sendable, Hashable {
    public var blockPixels: Int
    public var blockChannels: Int
    public var step: Int
    public var gatheredBits: Int
    /// Patches in the scratch buffer; 0 for a kernel that reads windows in place.
    public var gatheredPatches: Int
    public var skipsZeroWeights: Bool
    public var skipsPadding: Bool
    public var hasTail: Bool
    /// Side of a tile of outputs; 0 for a kernel that transforms nothing.
    public var tile: Int
    public var isBlocked: Bool
    public var floatBits: Int
    public var parallelism: Kernel.Parallelism
    var isFloat: Bool
    var pointwiseOnly: Bool
    var weightBits: ClosedRange<Int>
    var activationBits: ClosedRange<Int>
    private var classes: UInt16
    private var forms: UInt16

    public init(_ kernel: Kernel) {
        blockPixels = max(1, kernel.block.pixels)
        blockChannels = max(1, kernel.block.channels)
        step = max(1, kernel.step)
        gatheredBits = kernel.gatheredBits
        switch kernel.method {
        case .direct: gatheredPatches = 0
        case .im2col, .winograd: gatheredPatches = kernel.gatheredPatches
        }
        tile = kernel.method == .winograd ? max(1, kernel.tile) : 0
        isBlocked = kernel.isBlocked
        floatBits = kernel.floatBits
        parallelism = kernel.parallelism
        skipsZeroWeights = kernel.skipsZeroWeights
        skipsPadding = kernel.skipsPadding
        hasTail = kernel.perLeftover != nil
        isFloat = kernel.isFloat
        pointwiseOnly = kernel.pointwiseOnly
        weightBits = kernel.weightBits
        activationBits = kernel.activationBits
        classes = kernel.computeClasses.reduce(0) { $0 | $1.bit }
        forms = kernel.weightForms.reduce(0) { $0 | $1.bit }
    }

    func accepts(_ computeClass: ComputeClass) -> Bool { classes & computeClass.bit != 0 }

    func accepts(_ form: Kernel.WeightForm) -> Bool { forms & form.bit != 0 }
}

extension ComputeClass {
    fileprivate var bit: UInt16 { 1 << UInt16(position) }

    /// The place of the class in tables.
    var position: Int {
        switch self {
        case .convolution: 0
        case .depthwise: 1
        case .fullyConnected: 2
        case .pooling: 3
        case .elementwise: 4
        case .transcendental: 5
        case .dataMovement: 6
        case .free: 7
        }
    }
}

extension Kernel.WeightForm {
    fileprivate var bit: UInt16 {
        switch self {
        case .dense: 1
        case .bipolar: 2
        case .bitmap: 4
        case .relativeIndex: 8
        case .codebook: 16
        case .neighbours: 32
        }
    }
}
