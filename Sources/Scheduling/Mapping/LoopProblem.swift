public import Hardware
import Quantities
public import Workloads

/// A layer with its widths, on a hierarchy with the device's memory behind it: what a mapping search is given.
public struct LoopProblem: Sendable, Hashable {
    public let loops: LoopNest
    public let array: LoopNestArray
    public let widths: Widths
    /// Energy of one bit of the memory behind, in femtojoules.
    public let memoryReadEnergy: Double
    public let memoryWriteEnergy: Double
    /// Bits of the smallest access of the memory behind.
    public let memoryWordBits: Int

    /// Bits of the elements of each operand.
    public struct Widths: Sendable, Hashable {
        public var weights: Int
        public var inputs: Int
        public var outputs: Int
        public var sums: Int

        public init(weights: Int, inputs: Int, outputs: Int, sums: Int) {
            self.weights = weights
            self.inputs = inputs
            self.outputs = outputs
            self.sums = sums
        }
    }

    public init(
        loops: LoopNest, array: LoopNestArray, widths: Widths, memoryReadEnergy: Double, memoryWriteEnergy: Double,
        memoryWordBits: Int = 1
    ) {
        self.loops = loops
        self.array = array
        self.widths = widths
        self.memoryReadEnergy = memoryReadEnergy
        self.memoryWriteEnergy = memoryWriteEnergy
        self.memoryWordBits = memoryWordBits
    }

    /// Extents of the layer's loops.
    public var extents: LoopExtents {
        [
            loops.batch, loops.groups, loops.outputChannels, loops.inputChannels, loops.outputHeight,
            loops.outputWidth, loops.kernelHeight, loops.kernelWidth,
        ]
    }

    /// Whether an operand's elements differ along a loop.
    static func depends(_ operand: LoopOperand, on dimension: Int) -> Bool {
        switch operand {
        case .weights: [1, 2, 3, 6, 7].contains(dimension)
        case .inputs: dimension != 2
        case .outputs: [0, 1, 2, 4, 5].contains(dimension)
        }
    }

    /// Elements of an operand under loops of some extents; those of inputs with the overlap of windows.
    @inline(__always)
    func elements(_ operand: LoopOperand, _ tile: UnsafePointer<Int>) -> Int {
        switch operand {
        case .weights: return tile[1] * tile[2] * tile[3] * tile[6] * tile[7]
        case .inputs:
            let height = (tile[4] - 1) * loops.strideHeight + (tile[6] - 1) * loops.dilationHeight + 1
            let width = (tile[5] - 1) * loops.strideWidth + (tile[7] - 1) * loops.dilationWidth + 1
            // A window that jumps over rows reads no more of them than it has taps.
            return tile[0] * tile[1] * tile[3] * min(height, tile[4] * tile[6]) * min(width, tile[5] * tile[7])
        case .outputs: return tile[0] * tile[1] * tile[2] * tile[4] * tile[5]
        }
    }
}
