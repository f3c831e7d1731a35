import FixedPoint
import Tensors

/// A layer's integers, collected filter by filter.
struct RoundedLayer {
    private let patches: LayerPatches
    private let bits: Int
    /// Weights of a group that are shifted together, or nil.
    private let groupSize: Int?
    private(set) var bias: [Double]
    /// As they are multiplied.
    private(set) var integers: [Int]
    private var unshifted: [Int]
    private var shifts: [[Int]]
    private var scales: [Float]

    init(_ patches: LayerPatches, bits: Int, groupSize: Int?, bias: [Double]) {
        (self.patches, self.bits, self.groupSize, self.bias) = (patches, bits, groupSize, bias)
        integers = [Int](repeating: 0, count: bias.count * patches.columns)
        unshifted = integers
        shifts = [[Int]](repeating: [], count: bias.count)
        scales = [Float](repeating: 1, count: bias.count)
    }

    /// Fits the filters of one group of channels to the targets of its moments.
    ///
    /// - Parameter largestBias: in steps of a filter.
    mutating func fit(
        _ plain: Matrix, group: Int, moments: LayerMoments, damping: Double, largestBias: Double
    ) throws {
        let centered = moments.centered(damping: damping)
        let wanted = try centered.filters(near: plain)
        let rounding = try ResponseRounding(centered.curvature, ridge: centered.ridge)
        for index in 0..<patches.groupOutputs {
            let channel = patches.channel(index, ofGroup: group)
            let groups = GroupShifts(of: plain.row(index), size: groupSize, bits: bits)
            let fit = ScaleFitting(
                rounding, weights: wanted.row(index), plain: plain.row(index), limit: (1 << (bits - 1)) - 1,
                multiples: (0..<patches.columns).map { Double(groups[$0]) }, least: abs(bias[channel]) / largestBias
            ).best()
            scales[channel] = Float(fit.step)
            shifts[channel] = groups.shifts
            for (column, integer) in fit.integers.enumerated() {
                let place = patches.place(ofColumn: column, channel: channel)
                unshifted[place] = Int(integer)
                integers[place] = Int(integer) * groups[column]
            }
            let filter = fit.integers.indices.map { fit.integers[$0] * fit.step * Double(groups[$0]) }
            bias[channel] = moments.offset(of: index, filter: filter)
        }
    }

    private var largestShift: Int { groupSize == nil ? 0 : GroupShifts.largest(bits: bits) }

    /// The grid of the integers.
    func grid(axis: Int) -> Quantization {
        Quantization(
            format: NumberFormat(bits: bits + largestShift, encoding: .symmetric), scales: scales, axis: axis)
    }

    /// What is stored when groups are shifted.
    var composition: WeightComposition? {
        groupSize.map {
            ShiftedGroups.composition(
                of: unshifted, width: bits, shifts: shifts.flatMap { $0 },
                shiftBits: SymbolTable.placeBits(largestShift + 1), size: $0)
        }
    }
}

extension LayerMoments.Centered {
    /// The least-squares filters for the targets, a row each, held near others by the ridge.
    func filters(near plain: Matrix) throws -> Matrix {
        let right = Matrix(rows: cross.rows, columns: cross.columns) { cross[$0, $1] + ridge * plain[$1, $0] }
        return try CholeskyFactor(curvature).solve(right).transposed
    }
}
