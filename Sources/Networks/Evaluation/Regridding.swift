import Diagnostics
import FixedPoint
import Tensors

/// The map from the integers of one grid to those of another that stand for the nearest reals.
struct Regridding {
    private let input: Quantization
    private let grid: OutputGrid
    private let requantization: Requantization?

    /// The identity followed by the clamp, when both grids have the same scale and zero point.
    init(
        from input: Quantization, to output: Quantization, activation: Activation, family: RequantizationFamily,
        formsFactorInSingle: Bool = false
    ) {
        self.input = input
        grid = OutputGrid(output, activation: activation)
        let isSame = input.scale == output.scale && input.zeroPoint == output.zeroPoint
        requantization =
            isSame
            ? nil
            : Requantization(
                real: formsFactorInSingle
                    ? Double(input.scale / output.scale) : Double(input.scale) / Double(output.scale),
                scale: input.scale / output.scale, family: family, sumBits: 64)
    }

    func callAsFunction(_ element: Int) -> Int {
        let offset = element - input.zeroPoint
        if grid.isBipolar { return grid.sign(of: offset) }
        return grid.element(requantization.map { $0(offset) } ?? offset)
    }
}

extension Arithmetic {
    /// A result whose elements are elements of `operand` in another order or place, carried to the result's grid; with
    /// the kernels of ONNX Runtime through the reals.
    func moved(_ operand: Operand, to result: ResultType, order: (Int) -> Int?, fill: Float = 0) throws -> Tensor {
        let count = result.shape.elementCount
        guard let input = operand.quantization, let output = result.quantization else {
            return try movedUnquantized(operand, to: result, order: order, fill: fill)
        }
        if runtime.usesMLAS, input.scales != output.scales || input.zeroPoints != output.zeroPoints {
            let reals = operand.reals
            return try result.quantized(
                (0..<count).map { place in order(place).map { reals[$0] } ?? fill }, by: runtime.quantization)
        }
        let source = operand.integers
        let regridding = Regridding(from: input, to: output, activation: .none, family: runtime.elementwise)
        let filled = OutputGrid(output).element(OutputGrid.integer(fill, output) - output.zeroPoint)
        let elements = (0..<count).map { place in order(place).map { regridding(source[$0]) } ?? filled }
        return try Tensor.result(elements, as: result)
    }

    private func movedUnquantized(
        _ operand: Operand, to result: ResultType, order: (Int) -> Int?, fill: Float
    ) throws -> Tensor {
        let count = result.shape.elementCount
        if result.elementType == .float32 {
            let source = operand.reals
            return Tensor(result.shape, (0..<count).map { place in order(place).map { source[$0] } ?? fill })
        }
        let source = operand.integers
        guard source.count == operand.shape.elementCount else {
            throw Diagnostic.mixedOperands
        }
        let elements = (0..<count).map { place in order(place).map { source[$0] } ?? Int(fill) }
        return try Tensor.result(elements, as: result)
    }
}
