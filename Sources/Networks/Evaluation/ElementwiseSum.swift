import Diagnostics
package import FixedPoint
package import Tensors

extension ResultType {
    /// `signs.0 * first + signs.1 * second`, element by element, as TFLite adds integers.
    ///
    /// Family `float`: the float32 sum of both offsets times the ratio of scales, rounded half to even.
    func weightedSum(
        _ operands: [Operand], signs: (Int, Int), activation: Activation, arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let places = BroadcastPlaces(operands[0].shape, operands[1].shape, result: shape)
        let (first, second) = (operands[0], operands[1])
        guard let left = first.quantization, let right = second.quantization, let output = quantization else {
            try requireReal()
            let (a, b) = (first.reals, second.reals)
            let sums = places.map { activation.clamped(a[$0] * Float(signs.0) + b[$1] * Float(signs.1)) }
            return [Tensor(shape, sums)]
        }
        let (a, b) = (first.integers, second.integers)
        let sum = IntegerSum(left, right, output: output, activation: activation, family: arithmetic.requantization)
        let elements = places.map { sum.element(a[$0], b[$1], signs: signs) }
        return [try Tensor.result(elements, as: self)]
    }
}

/// The sum of two integers on grids of their own, on a third grid.
package struct IntegerSum: Sendable {
    private let left: Quantization
    private let right: Quantization
    private let output: Quantization
    private let grid: OutputGrid
    private let family: RequantizationFamily
    private let leftShift: Int
    private let factors: (left: Requantization, right: Requantization, output: Requantization)

    package init(
        _ left: Quantization, _ right: Quantization, output: Quantization, activation: Activation,
        family: RequantizationFamily
    ) {
        (self.left, self.right, self.output) = (left, right, output)
        self.family = family
        grid = OutputGrid(output, activation: activation)
        leftShift = max(left.format.bits, right.format.bits) <= 8 ? 20 : 15
        let twice = 2 * Double(max(left.scale, right.scale))
        let step = Double(1 << leftShift) * Double(output.scale)
        func factor(_ real: Double) -> Requantization {
            let elementwise: RequantizationFamily = family == .singleRounding ? family : .doubleRounding
            return Requantization(real: real, scale: Float(real), family: elementwise, sumBits: 64)
        }
        factors = (factor(Double(left.scale) / twice), factor(Double(right.scale) / twice), factor(twice / step))
    }

    package func element(_ a: Int, _ b: Int, signs: (Int, Int)) -> Int {
        let (first, second) = (a - left.zeroPoint, b - right.zeroPoint)
        guard family != .float else {
            let ratios = (left.scale / output.scale, right.scale / output.scale)
            let sum = Float(first * signs.0) * ratios.0 + Float(second * signs.1) * ratios.1
            return grid.element(Rounding.halfToEven.round(Double(sum), into: -(1 << 40)...(1 << 40)))
        }
        let (raisedFirst, raisedSecond) = (first << leftShift, second << leftShift)
        return grid.element(
            factors.output(signs.0 * factors.left(raisedFirst) + signs.1 * factors.right(raisedSecond)))
    }
}

/// For each element of a result, the elements of two operands that belong to it.
struct BroadcastPlaces: Sequence {
    private let count: Int
    private let extents: [Int]
    private let steps: [(Int, Int)]
    private let isPlain: Bool

    init(_ left: Shape, _ right: Shape, result: Shape) {
        count = result.elementCount
        extents = result.extents
        isPlain = left == result && right == result
        func steps(_ shape: Shape) -> [Int] {
            let strides = shape.strides
            return (0..<result.rank).map { axis in
                let own = axis - result.rank + shape.rank
                return own < 0 || shape[own] == 1 ? 0 : strides[own]
            }
        }
        self.steps = Array(zip(steps(left), steps(right)))
    }

    func makeIterator() -> AnyIterator<(Int, Int)> {
        var place = 0
        return AnyIterator {
            guard place < count else { return nil }
            defer { place += 1 }
            if isPlain { return (place, place) }
            var (rest, left, right) = (place, 0, 0)
            for axis in extents.indices.reversed() {
                let index = rest % extents[axis]
                rest /= extents[axis]
                left += index * steps[axis].0
                right += index * steps[axis].1
            }
            return (left, right)
        }
    }
}
