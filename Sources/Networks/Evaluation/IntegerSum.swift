package import FixedPoint
package import Tensors

/// The sum of two integers on grids of their own, on a third grid.
package struct IntegerSum: Sendable {
    private let left: Quantization
    private let right: Quantization
    private let output: Quantization
    package let grid: OutputGrid
    private let family: RequantizationFamily
    private let usesMLAS: Bool
    /// Bits by which both offsets are raised before their factors.
    package let leftShift: Int
    package let factors: (left: Requantization, right: Requantization, output: Requantization)
    /// The ratios of scales for the exact family.
    private let ratios: (left: ScaleFactor, right: ScaleFactor)

    package init(
        _ left: Quantization, _ right: Quantization, output: Quantization, activation: Activation,
        family: RequantizationFamily, usesMLAS: Bool = false
    ) {
        (self.left, self.right, self.output) = (left, right, output)
        self.family = family
        self.usesMLAS = usesMLAS
        grid = OutputGrid(output, activation: activation)
        leftShift = max(left.format.bits, right.format.bits) <= 8 ? 20 : 15
        let twice = 2 * Double(max(left.scale, right.scale))
        let step = Double(1 << leftShift) * Double(output.scale)
        func factor(_ real: Double) -> Requantization {
            let elementwise: RequantizationFamily = family == .singleRounding ? family : .doubleRounding
            return Requantization(real: real, scale: Float(real), family: elementwise, sumBits: 64)
        }
        ratios = (
            ScaleFactor(Double(left.scale) / Double(output.scale)),
            ScaleFactor(Double(right.scale) / Double(output.scale))
        )
        factors = (factor(Double(left.scale) / twice), factor(Double(right.scale) / twice), factor(twice / step))
    }

    /// Whether every factor rounds twice, as in `doubleRounding`.
    package var isDoubleRounded: Bool { family == .doubleRounding || family == .halfUpShift }

    /// The two operands' shares of every sum, by element, when all sums are narrow and of a fixed-point family.
    package struct Tables: Sendable {
        package let left: [Int32]
        package let right: [Int32]
        /// The element to which the first entry belongs.
        package let leftLowest: Int
        package let rightLowest: Int
        package let factor: QuantizedMultiplier
        package let grid: OutputGrid
    }

    /// - Returns: nil when 32-bit sums would differ from `element`.
    package func tables(signs: (Int, Int)) -> Tables? {
        let narrow = 1 << 30
        guard family == .doubleRounding || family == .halfUpShift, !grid.isBipolar, grid.lower > -narrow,
            grid.upper < narrow, factors.output.factor.shift <= 0, left.format.bits <= 12, right.format.bits <= 12
        else { return nil }
        func table(_ grid: Quantization, _ factor: Requantization, _ sign: Int) -> [Int] {
            (grid.format.minimum...grid.format.maximum).map { sign * factor(($0 - grid.zeroPoint) << leftShift) }
        }
        let (first, second) = (table(left, factors.left, signs.0), table(right, factors.right, signs.1))
        guard (first + second).allSatisfy({ abs($0) < narrow }) else { return nil }
        return Tables(
            left: first.map(Int32.init), right: second.map(Int32.init), leftLowest: left.format.minimum,
            rightLowest: right.format.minimum, factor: factors.output.factor, grid: grid)
    }

    package func element(_ a: Int, _ b: Int, signs: (Int, Int)) -> Int {
        let (first, second) = (a - left.zeroPoint, b - right.zeroPoint)
        guard family != .float else {
            let ratios = (left.scale / output.scale, right.scale / output.scale)
            if usesMLAS { return fusedElement(a, b, ratios: (ratios.0 * Float(signs.0), ratios.1 * Float(signs.1))) }
            let sum = Float(first * signs.0) * ratios.0 + Float(second * signs.1) * ratios.1
            return grid.element(Rounding.halfToEven.round(Double(sum), into: -(1 << 40)...(1 << 40)))
        }
        if let rule = family.exactRounding {
            let sum = ratios.left.sum(signs.0 * first, signs.1 * second, times: ratios.right, rounding: rule)
            return grid.element(sum)
        }
        let (raisedFirst, raisedSecond) = (first << leftShift, second << leftShift)
        return grid.element(
            factors.output(signs.0 * factors.left(raisedFirst) + signs.1 * factors.right(raisedSecond)))
    }

    /// Zero points as one float32 term, then the right operand, then the left, each multiplied and added in one rounding.
    private func fusedElement(_ a: Int, _ b: Int, ratios: (Float, Float)) -> Int {
        let zeros = (ratios.1 * Float(right.zeroPoint)).addingProduct(ratios.0, Float(left.zeroPoint))
        let sum = (Float(output.zeroPoint) - zeros).addingProduct(Float(b), ratios.1)
        return grid.element(including: sum.addingProduct(Float(a), ratios.0))
    }
}
