import FixedPoint
import Foundation
import Tensors

/// Softmax of rows of 8-bit integers from a table of exponentials (QLinearSoftmax of ONNX Runtime).
struct RaisedSoftmax {
    /// `exp` of steps of the input's scale below the largest element, raised as far as a sum of `depth` of them allows.
    private let powers: [Float]
    /// Whole steps of the output in 1.
    private let one: Double
    private let output: Quantization
    private let grid: OutputGrid

    /// - Parameters:
    ///   - scale: of the input, times beta.
    ///   - depth: the elements of a row.
    init(scale: Float, depth: Int, output: Quantization) {
        let room = Double(log(Float.greatestFiniteMagnitude / Float(max(depth, 1))))
        let shift = max(0, room - 5) / Double(scale)
        powers = (0..<256).map { Float(exp((Double(-$0) + shift) * Double(scale))) }
        one = Double((1 / output.scale).rounded(.down))
        self.output = output
        grid = OutputGrid(output)
    }

    /// Powers summed in float32 in order; each power's share in double precision, rounded half to even.
    func row(_ elements: ArraySlice<Int>) -> [Int] {
        guard let largest = elements.max() else { return [] }
        let row = elements.map { powers[min(largest - $0, powers.count - 1)] }
        let sum = Double(row.reduce(Float(0), +))
        return row.map { grid.element(Rounding.halfToEven.round(Double($0) * one / sum, into: 0...(1 << 40))) }
    }
}
