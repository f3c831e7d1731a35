import Foundation
public import Hardware
import Workloads

/// What a machine that skips zeros executes of a layer.
public struct SkippingRun: Sendable, Hashable, Codable {
    /// Cycles if every element had the same share of the work.
    public var balancedCycles: Int
    /// Cycles for which the others wait for the element or lane with the most work.
    public var imbalanceCycles: Int
    /// Products that are formed, those with a padding zero included.
    public var executedProducts: Int
    /// Bits of weights, with their indices, that the machine holds for the layer.
    public var storedWeightBits: Int
    /// Bits that pass from the buffers of weights and activations to the elements.
    public var weightReadBits: Int
    public var activationReadBits: Int

    public var cycles: Int { balancedCycles + imbalanceCycles }

    init(_ cost: SkippingCost) {
        func whole(_ value: Double) -> Int { Int(min(max(0, value).rounded(.up), 9e15)) }
        let total = whole(cost.cycles)
        balancedCycles = min(total, whole(cost.balanced))
        imbalanceCycles = total - balancedCycles
        executedProducts = whole(cost.products)
        storedWeightBits = whole(cost.storedWeightBits)
        weightReadBits = whole(cost.weightReadBits)
        activationReadBits = whole(cost.activationReadBits)
    }

    /// The run of a layer in the style of its machine.
    public init(_ operands: LayerOperands, on array: SparseArray) {
        let layer = SkippedLayer(operands)
        switch array.skipping {
        case .compressedColumns: self.init(SkippingCost(columns: layer, on: array))
        case .activationLanes: self.init(SkippingCost(lanes: layer, on: array))
        case .cartesianProducts: self.init(SkippingCost(products: layer, on: array))
        case .structuredBlocks: self.init(SkippingCost(blocks: layer, on: array))
        }
    }
}

/// The figures of a run before they are rounded up.
struct SkippingCost {
    var cycles = 0.0
    var balanced = 0.0
    var products = 0.0
    var storedWeightBits = 0.0
    var weightReadBits = 0.0
    var activationReadBits = 0.0
}

/// The sizes and densities of a layer, as real numbers.
struct SkippedLayer {
    let loops: LoopNest
    let groups: Double
    let pixels: Double
    let window: Double
    let outputs: Double
    /// Fractions that are not zero.
    let weightDensity: Double
    let activationDensity: Double
    let weightBits: Double
    let activationBits: Double
    let nonzeros: NonzeroStructure?

    init(_ operands: LayerOperands) {
        let layer = operands.layer
        loops = layer.loops
        groups = Double(loops.groups)
        pixels = Double(loops.batch * loops.outputHeight * loops.outputWidth)
        window = Double(loops.reductionLength)
        outputs = Double(loops.outputChannels)
        weightDensity = min(1, max(0, layer.weights?.density ?? 1))
        activationDensity = min(1, max(0, 1 - (layer.activationZeros?.value ?? 0)))
        weightBits = Double(layer.weights?.elementBits ?? operands.inputBits)
        activationBits = Double(operands.inputBits)
        nonzeros = layer.weights?.nonzeros
    }

    /// Weights of one group.
    var weights: Double { window * outputs }
}

/// How far the largest of `count` equal shares lies above their mean, in standard deviations: the mean of a Gumbel law.
func largestOf(_ count: Double) -> Double {
    guard count >= 2 else { return 0 }
    let spread = (2 * log(count)).squareRoot()
    return spread - (log(log(count)) + 2.5310) / (2 * spread) + 0.5772 / spread
}
