import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// How many thresholds of its channel an element reaches, as steps from a lowest element.
///
/// Reads a tensor and thresholds of `channels x count` or, the same for all channels, `1 x count`.
public struct Thresholds: Operator {
    public static let name = "thresholds"

    /// The axis of the channels.
    public var axis: Int
    /// The result for an element that reaches no threshold.
    public var lowest: Int
    /// What each threshold reached adds.
    public var step: Int

    public init(axis: Int, lowest: Int = 0, step: Int = 1) {
        self.axis = axis
        self.lowest = lowest
        self.step = step
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2, inputs[1].rank == 2, inputs[1][1] >= 1 else {
            throw Diagnostic("thresholds take a tensor and thresholds of channels x count")
        }
        guard (0..<inputs[0].rank).contains(axis), inputs[1][0] == 1 || inputs[1][0] == inputs[0][axis] else {
            throw Diagnostic("thresholds of \(inputs[1]) do not suit axis \(axis) of \(inputs[0])")
        }
        let limit = 1 << 31
        let (range, overflow) = step.multipliedReportingOverflow(by: inputs[1][1])
        guard !overflow, abs(range.clamped(limit)) < limit, abs(lowest.clamped(limit)) < limit else {
            throw Diagnostic("\(inputs[1][1]) steps of \(step) from \(lowest) are no integers of 32 bits")
        }
        return [inputs[0]]
    }
}

extension Thresholds {
    /// Compares integers with integer thresholds as they are stored, and reals with real ones; equality reaches.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (elements, thresholds, result) = (operands[0], operands[1], results[0])
        let format = try result.requiredQuantization().format
        let counts: [Int]
        if let integers = elements.tensor.integers, let levels = thresholds.tensor.integers {
            counts = reached(integers, levels, elements.shape, thresholds.shape)
        } else if elements.tensor.elementType == .float32, thresholds.tensor.elementType == .float32 {
            counts = reached(elements.reals, thresholds.reals, elements.shape, thresholds.shape)
        } else {
            throw Diagnostic.mixedOperands
        }
        let values = counts.map { lowest + step * $0 }
        if let stray = values.first(where: { !format.contains($0) }) {
            throw Diagnostic("\(stray) is not an element of the result")
        }
        return [try Tensor.result(values, as: result)]
    }

    /// The number of thresholds that each element reaches.
    private func reached<Element: Comparable>(
        _ elements: [Element], _ thresholds: [Element], _ shape: Shape, _ thresholdShape: Shape
    ) -> [Int] {
        let (inner, channels, count) = (shape.strides[axis], shape[axis], thresholdShape[1])
        return elements.enumerated().map { place, element in
            let row = thresholdShape[0] == 1 ? 0 : place / inner % channels
            return thresholds[row * count..<(row + 1) * count].count { element >= $0 }
        }
    }
}

extension Int {
    /// The nearest number of magnitude at most `limit`.
    fileprivate func clamped(_ limit: Int) -> Int { Swift.min(Swift.max(self, -limit), limit) }
}
