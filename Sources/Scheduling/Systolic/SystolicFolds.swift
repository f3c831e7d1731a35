public import Hardware
public import Workloads

/// How the products of a layer are folded onto a systolic array: the closed form that SCALE-Sim's traces obey.
///
/// A layer of N pixels, K products an output and M filters (of one group) is cut into folds that each fill the array.
/// Output stationary: `ceil(N/R) * ceil(M/C)` folds of `K + R + C - 2` cycles. Weight stationary:
/// `ceil(K/R) * ceil(M/C)` folds of `N + 2R + C - 2`. Input stationary: `ceil(K/R) * ceil(N/C)` folds of
/// `M + 2R + C - 2`. A group takes `folds * cycles - 1` cycles, counted from cycle 0.
public struct SystolicFolds: Sendable, Hashable, Codable {
    /// Independent products of matrices, one after the other.
    public var groups: Int
    /// Folds along the array's rows, for one group.
    public var rowFolds: Int
    /// Folds along the array's columns, for one group.
    public var columnFolds: Int
    /// Cycles that one fold occupies the array, filling and draining included.
    public var cyclesPerFold: Int
    /// Of these, cycles in which operands stream through a full array.
    public var streamedPerFold: Int

    public init(_ loops: LoopNest, rows: Int, columns: Int, dataflow: SystolicArray.Dataflow) {
        let pixels = loops.batch * loops.outputHeight * loops.outputWidth
        let window = loops.reductionLength
        let filters = loops.outputChannels
        groups = loops.groups
        switch dataflow {
        case .outputStationary:
            (rowFolds, columnFolds) = (ceiling(pixels, rows), ceiling(filters, columns))
            streamedPerFold = window
            cyclesPerFold = window + rows + columns - 2
        case .weightStationary:
            (rowFolds, columnFolds) = (ceiling(window, rows), ceiling(filters, columns))
            streamedPerFold = pixels
            cyclesPerFold = pixels + 2 * rows + columns - 2
        case .inputStationary:
            (rowFolds, columnFolds) = (ceiling(window, rows), ceiling(pixels, columns))
            streamedPerFold = filters
            cyclesPerFold = filters + 2 * rows + columns - 2
        }
    }

    /// Folds of one group.
    public var foldsPerGroup: Int { rowFolds * columnFolds }

    /// Folds of the layer.
    public var folds: Int { groups * foldsPerGroup }

    /// Cycles of the layer when no operand is ever late.
    public var computeCycles: Int {
        groups * max(0, foldsPerGroup * cyclesPerFold - 1)
    }

    /// Of the compute cycles, those in which operands stream.
    public var streamedCycles: Int { min(computeCycles, folds * streamedPerFold) }
}
