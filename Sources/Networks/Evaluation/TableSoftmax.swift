import FixedPoint
import Foundation
import Tensors

/// Softmax of a row of 8-bit integers from a float32 table of exponentials (optimized kernels of LiteRT).
struct TableSoftmax {
    private let powers: [Float]
    private let output: Quantization
    private let grid: OutputGrid

    /// - Parameter scale: of the input, times beta.
    init(scale: Float, output: Quantization) {
        powers = (0..<256).map { exp(-scale * Float($0)) }
        self.output = output
        grid = OutputGrid(output)
    }

    func row(_ elements: ArraySlice<Int>) -> [Int] {
        guard let largest = elements.max() else { return [] }
        var sum: Float = 0
        for element in elements { sum += powers[largest - element] }
        let inverse = 1 / (sum * output.scale)
        return elements.map { element in
            let share = Double(powers[largest - element] * inverse)
            return grid.element(Rounding.halfAwayFromZero.round(share, into: 0...(1 << 20)))
        }
    }
}
