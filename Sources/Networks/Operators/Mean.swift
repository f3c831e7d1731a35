import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// The mean over some axes; global average pooling is the mean over height and width.
public struct Mean: Operator {
    public static let name = "mean"

    /// Ascending, without repetition.
    public var axes: [Int]
    /// Whether reduced axes stay with extent 1.
    public var keepsAxes: Bool

    public init(axes: [Int], keepsAxes: Bool) {
        self.axes = axes
        self.keepsAxes = keepsAxes
    }

    public var computeClass: ComputeClass { .pooling }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, axes.allSatisfy({ (0..<inputs[0].rank).contains($0) }), axes == Set(axes).sorted()
        else { throw Diagnostic("a mean over axes \(axes) of \(inputs.map(\.description))") }
        let extents = inputs[0].extents.enumerated()
        let reduced = extents.compactMap { axis, extent in
            axes.contains(axis) ? (keepsAxes ? 1 : nil) : extent
        }
        return [Shape(reduced)]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.groups = outputs[0].elementCount
        loops.kernelHeight = axes.reduce(1) { $0 * inputs[0][$1] }
        loops.inputHeight = loops.kernelHeight
        return loops
    }
}

extension Mean {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (input, result) = (operands[0].shape, results[0])
        var places = [[Int]](repeating: [], count: result.shape.elementCount)
        for place in 0..<input.elementCount { places[reducedPlace(place, in: input)].append(place) }
        if let mean = try byteMean(of: operands[0], to: result, rule: arithmetic.runtime.mean) {
            let elements = operands[0].integers
            let sums = places.map { $0.reduce(0) { $0 + elements[$1] } }
            return [try Tensor.result(sums.indices.map { mean(sums[$0], $0) }, as: result)]
        }
        let pooling = try Pooling(operands[0], result: result, activation: .none, arithmetic: arithmetic)
        switch pooling {
        case .integer(let pooling): return [try Tensor.result(places.map(pooling.mean), as: result)]
        case .real(let pooling): return [Tensor(result.shape, places.map(pooling.average))]
        }
    }

    /// Whether this is the mean over height and width of a batch of images, both axes kept.
    package func isImageMean(of shape: Shape) -> Bool { keepsAxes && shape.rank == 4 && axes == [1, 2] }

    /// What becomes of a sum of 8-bit integers and its place, where `rule` is not that of every other operator.
    private func byteMean(
        of operand: Operand, to result: ResultType, rule: MeanRule
    ) throws -> ((_ sum: Int, _ place: Int) -> Int)? {
        guard let input = operand.quantization, input.format.bits == 8 else { return nil }
        let count = axes.reduce(1) { $0 * operand.shape[$1] }
        switch rule {
        case .elementwise: return nil
        case .zeroPointApart:
            guard isImageMean(of: operand.shape) else { return nil }
            let output = try result.requiredQuantization()
            return ImageMean(from: input, to: output, count: count, channels: operand.shape[3]).element
        case .foldedZeroPoints:
            let mean = FoldedMean(from: input, to: try result.requiredQuantization(), count: count)
            return { sum, _ in mean.element(sum: sum) }
        }
    }

    /// The place of the result to which an input place contributes.
    private func reducedPlace(_ place: Int, in shape: Shape) -> Int {
        var (rest, result, step) = (place, 0, 1)
        for axis in (0..<shape.rank).reversed() {
            if !axes.contains(axis) {
                result += rest % shape[axis] * step
                step *= shape[axis]
            }
            rest /= shape[axis]
        }
        return result
    }
}
