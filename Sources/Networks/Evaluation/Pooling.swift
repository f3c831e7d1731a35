import FixedPoint
import Tensors

/// What becomes of the elements under a pooling window; a window without elements counts as one zero.
enum Pooling {
    case integer(IntegerPooling)
    case real(RealPooling)

    init(_ operand: Operand, result: ResultType, activation: Activation, arithmetic: Arithmetic) throws {
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            self = .real(RealPooling(elements: operand.reals, activation: activation))
            return
        }
        let output = try result.requiredQuantization()
        self = .integer(
            IntegerPooling(
                elements: integers, input: input, output: output, activation: activation, arithmetic: arithmetic))
    }
}

/// Pooling of reals in float32, sums in the order of the places.
struct RealPooling {
    let elements: [Float]
    let activation: Activation

    /// The sum over the number of places.
    func average(_ places: [Int]) -> Float {
        var sum: Float = 0
        for place in places { sum += elements[place] }
        return activation.clamped(sum / Float(max(places.count, 1)))
    }

    func maximum(_ places: [Int]) -> Float {
        activation.clamped(places.isEmpty ? 0 : places.reduce(-Float.infinity) { max($0, elements[$1]) })
    }
}

/// Pooling of integers.
struct IntegerPooling {
    private let elements: [Int]
    private let input: Quantization
    private let output: Quantization
    private let grid: OutputGrid
    private let regridding: Regridding
    private let family: RequantizationFamily
    private let isSameGrid: Bool
    private let usesMLAS: Bool

    init(
        elements: [Int], input: Quantization, output: Quantization, activation: Activation, arithmetic: Arithmetic
    ) {
        self.elements = elements
        self.input = input
        self.output = output
        family = arithmetic.runtime.elementwise
        usesMLAS = arithmetic.runtime.usesMLAS
        grid = OutputGrid(output, activation: activation)
        regridding = Regridding(from: input, to: output, activation: activation, family: family)
        isSameGrid = input.scale == output.scale && input.zeroPoint == output.zeroPoint
    }

    func maximum(_ places: [Int]) -> Int {
        regridding(places.isEmpty ? input.zeroPoint : places.reduce(Int.min) { max($0, elements[$1]) })
    }

    /// The mean of the integers themselves on one grid, halves away from zero; `mean` otherwise.
    func average(_ places: [Int]) -> Int {
        guard !places.isEmpty else { return regridding(input.zeroPoint) }
        if usesMLAS { return realAverage(places) }
        guard isSameGrid, family.dividesIntegers else { return mean(places) }
        let sum = places.reduce(0) { $0 + elements[$1] }
        let half = places.count / 2
        let quotient = (sum > 0 ? sum + half : sum - half) / places.count
        return grid.element(quotient - output.zeroPoint)
    }

    /// The float32 sum of the reals in the order of the places over their number, carried to the output's grid.
    private func realAverage(_ places: [Int]) -> Int {
        let sum = places.reduce(Float(0)) { $0 + Float(elements[$1] - input.zeroPoint) * input.scale }
        return grid.element(including: sum / Float(places.count) / output.scale + Float(output.zeroPoint))
    }

    /// The sum of all places as `MeanRequantization` divides it.
    func mean(_ places: [Int]) -> Int {
        guard !places.isEmpty else { return regridding(input.zeroPoint) }
        let mean = MeanRequantization(from: input, grid: grid, scale: output.scale, count: places.count, family: family)
        return mean.element(sum: places.reduce(0) { $0 + elements[$1] })
    }
}
