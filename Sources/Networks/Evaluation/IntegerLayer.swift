import Diagnostics
package import FixedPoint
package import Tensors

/// The operands of a layer with weights as integers without zero points, with what turns sums into elements.
package struct IntegerLayer: Sendable {
    /// Input elements minus their zero point.
    package let input: [Int]
    /// Weights minus their zero points.
    package let weights: [Int]
    /// One for each output channel, zeros where the layer has no bias.
    package let bias: [Int]
    /// Nil where the sums themselves are the result.
    package let requantization: ChannelRequantization?
    package let accumulator: Accumulator

    /// - Returns: nil when the operands are real.
    package init?(
        _ operands: [Operand], channels: Int, result: ResultType, activation: Activation, arithmetic: Arithmetic,
        rule: LayerRule
    ) throws {
        guard let inputGrid = operands[0].quantization, operands[0].tensor.elementType != .float32 else { return nil }
        guard let weightGrid = operands[1].quantization, let weights = operands[1].tensor.integers else {
            throw Diagnostic.mixedOperands
        }
        guard weightGrid.scales.count == 1 || weightGrid.scales.count == channels else {
            throw Diagnostic("\(weightGrid.scales.count) scales of weights for \(channels) output channels")
        }
        guard inputGrid.format.bits + weightGrid.format.bits <= IntegerLayer.widestProduct else {
            throw Diagnostic("products of \(inputGrid.format.bits) and \(weightGrid.format.bits) bits leave 64 bits")
        }
        input = operands[0].integers.map { $0 - inputGrid.zeroPoint }
        self.weights = IntegerLayer.centered(weights, weightGrid, shape: operands[1].shape)
        if operands.count > 2 {
            guard let bias = operands[2].tensor.integers else { throw Diagnostic.mixedOperands }
            self.bias = bias
        } else {
            bias = [Int](repeating: 0, count: channels)
        }
        accumulator = arithmetic.accumulator
        guard let output = try result.sumQuantization(activation: activation) else {
            requantization = nil
            return
        }
        requantization = ChannelRequantization(
            input: inputGrid, weights: weightGrid, output: output, activation: activation, rule: rule,
            accumulator: arithmetic.accumulator, channels: channels)
    }

    /// Weights minus the zero point of their channel.
    package static func centered(_ weights: [Int], _ quantization: Quantization, shape: Shape) -> [Int] {
        guard let axis = quantization.axis else { return weights.map { $0 - quantization.zeroPoint } }
        let inner = shape.extents[(axis + 1)...].reduce(1, *)
        return weights.enumerated().map { $1 - quantization.zeroPoints[$0 / inner % shape[axis]] }
    }

    /// What the accumulator holds of an output element: the bias, then each product in order.
    package func sum(channel: Int, products: some Sequence<(input: Int, weight: Int)>) -> Int {
        var sum = accumulator.loading(bias[channel])
        for place in products { sum = accumulator.adding(input[place.input] * weights[place.weight], to: sum) }
        return sum
    }

    /// The output elements of all sums, row-major with channels innermost.
    package func elements(of sums: [Int]) -> [Int] {
        guard let requantization else { return sums }
        return sums.indices.map { requantization.element(sums[$0], channel: $0 % bias.count, place: $0) }
    }

    /// Bits of both factors together whose products, zero points taken away, fit 64 bits.
    package static let widestProduct = 62
}

extension ResultType {
    /// How sums of products become elements, or nil for an int32 result without a scale, which holds the sums.
    ///
    /// - Throws: `Diagnostic` for a result of reals or of any other integers without a scale.
    func sumQuantization(activation: Activation) throws -> Quantization? {
        if quantization == nil, elementType == .int32, activation == .none { return nil }
        return try requiredQuantization()
    }
}
