import ExactArithmetic
import FixedPoint
import Networks
import Tensors
import Testing

/// The rules of runtimes by a second derivation in exact fractions.
@Suite struct RuntimeRuleTests {
    private let bytes = Array(-128...127)

    private func tensor(_ integers: [Int]) throws -> Tensor {
        try #require(Tensor(Shape([integers.count]), integers: integers, storedAs: .int8))
    }

    private func evaluated(
        _ operation: any Operator, _ operands: [(Tensor, Quantization)], _ output: Quantization,
        _ runtime: RuntimeArithmetic
    ) throws -> [Int] {
        let shape = operands[0].0.shape
        let result = ResultType(shape: shape, elementType: .int8, quantization: output)
        let operands = operands.map { Operand($0.0, quantization: $0.1) }
        let tensors = try operation.evaluate(operands, results: [result], arithmetic: Arithmetic(runtime: runtime))
        return try #require(tensors[0].integers)
    }

    private func grid(_ scale: Float, _ zeroPoint: Int) -> Quantization {
        Quantization(format: .int8, scale: scale, zeroPoint: zeroPoint)
    }

    /// The nearest integer, halves up.
    private func rounded(_ value: Rational) -> BigInteger {
        let half = Rational(1) / Rational(2)
        return (value + half).floor
    }

    private func clamped(_ value: BigInteger, zeroPoint: Int) -> Int {
        min(max(Int(value.double) + zeroPoint, -128), 127)
    }

    private func exact(_ value: Float) throws -> Rational { try #require(Rational(exactly: Double(value))) }

    /// The nearest integer to `value`, halves to even.
    private func nearest(_ value: Rational) -> BigInteger {
        let up = rounded(value)
        let isHalf = Rational(up) - value == Rational(1) / Rational(2)
        return isHalf && up - BigInteger(2) * (Rational(up) / Rational(2)).floor != BigInteger(0)
            ? up - BigInteger(1) : up
    }

    @Test(arguments: [(Float(0.11), Float(0.073), Float(0.09)), (0.02, 0.5, 0.61), (0.25, 0.25, 0.125)])
    func directMultipliersAddTheNearestFractions(_ scales: (Float, Float, Float)) throws {
        let (left, right, output) = (grid(scales.0, 3), grid(scales.1, -77), grid(scales.2, 11))
        let ratios = (scales.0 / scales.2, scales.1 / scales.2)
        let shift = 20 - Int(max(ratios.0, ratios.1).exponent)
        let unit = Rational(1 << shift)
        let factors = (nearest(try exact(ratios.0) * unit), nearest(try exact(ratios.1) * unit))
        let firsts = try tensor(bytes)
        for other in stride(from: -128, through: 127, by: 5) {
            let seconds = try tensor(Array(repeating: other, count: 256))
            for (operation, sign) in [(Addition() as any Operator, 1), (Subtraction(), -1)] {
                let results = try evaluated(operation, [(firsts, left), (seconds, right)], output, .xnnpack)
                for (byte, result) in zip(bytes, results) {
                    let sum = BigInteger(byte - 3) * factors.0 + BigInteger(sign * (other + 77)) * factors.1
                    #expect(result == clamped(rounded(Rational(sum) / unit), zeroPoint: 11))
                }
            }
        }
    }

    @Test(arguments: [(Float(0.11), Float(0.073)), (0.02, 0.5), (0.25, 0.125), (0.5, 0.004)])
    func eightFractionBitsScaleTheNearestFractions(_ scales: (Float, Float)) throws {
        let (input, output) = (grid(scales.0, -20), grid(scales.1, 5))
        let ratio = scales.0 / scales.1
        let unit = Rational(256)
        let (above, below) = (nearest(try exact(ratio) * unit), nearest(try exact(ratio * 0.3) * unit))
        let tensor = try tensor(bytes)
        let quantized = try evaluated(Quantize(), [(tensor, input)], output, .xnnpack)
        let leaky = try evaluated(LeakyRectifier(alpha: 0.3), [(tensor, input)], output, .xnnpack)
        for (place, byte) in bytes.enumerated() {
            let offset = BigInteger(byte + 20)
            #expect(quantized[place] == clamped(rounded(Rational(offset * above) / unit), zeroPoint: 5))
            let factor = byte >= -20 ? above : below
            #expect(leaky[place] == clamped(rounded(Rational(offset * factor) / unit), zeroPoint: 5))
        }
    }

    /// Every rule gives an integer within one of the exact quotient of reals, most of them the nearest in its direction.
    @Test(arguments: RuntimeArithmetic.all.map(\.name))
    func productsAreNearTheirExactValue(_ name: String) throws {
        let runtime = try #require(RuntimeArithmetic.named(name))
        let (left, right, output) = (grid(0.031, -9), grid(0.027, 40), grid(0.05, -3))
        let factor = try exact(left.scale) * exact(right.scale) / exact(output.scale)
        let firsts = try tensor(bytes)
        var nearestCount = 0
        for other in bytes {
            let seconds = try tensor(Array(repeating: other, count: 256))
            let results = try evaluated(Multiplication(), [(firsts, left), (seconds, right)], output, runtime)
            for (byte, result) in zip(bytes, results) {
                let value = Rational((byte + 9) * (other - 40)) * factor
                let expected = clamped(rounded(value, like: runtime.elementwise.roundingOfReals), zeroPoint: -3)
                #expect(abs(result - expected) <= 1)
                nearestCount += result == expected ? 1 : 0
            }
        }
        #expect(nearestCount > 65_536 * 98 / 100)
    }

    /// The integer to which a rule takes a fraction; any of the two nearest for a half.
    private func rounded(_ value: Rational, like rule: Rounding) -> BigInteger {
        switch rule {
        case .floor: value.floor
        case .ceiling: value.ceiling
        case .towardZero: value.signum < 0 ? value.ceiling : value.floor
        case .halfUp, .halfAwayFromZero, .halfToEven: rounded(value)
        }
    }
}
