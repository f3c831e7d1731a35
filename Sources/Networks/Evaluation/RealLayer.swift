import Tensors

/// The operands of a layer with weights as reals.
package struct RealLayer: Sendable {
    package let input: [Float]
    package let weights: [Float]
    package let bias: [Float]?
    package let activation: Activation

    package init(_ operands: [Operand], result: ResultType, activation: Activation) throws {
        try result.requireReal()
        input = operands[0].reals
        weights = operands[1].reals
        bias = operands.count > 2 ? operands[2].reals : nil
        self.activation = activation
    }

    /// An output element: zero, each product in order, then the bias; every step rounded to float32.
    package func element(channel: Int, products: some Sequence<(input: Int, weight: Int)>) -> Float {
        var sum: Float = 0
        for place in products { sum += input[place.input] * weights[place.weight] }
        if let bias { sum += bias[channel] }
        return activation.clamped(sum)
    }

    /// An output element of a layer of one row as the runtime's rule sums it.
    func element(channel: Int, products: [(input: Int, weight: Int)], rule: RealSumRule) -> Float {
        guard rule == .byFours else { return element(channel: channel, products: products) }
        var (sum, start) = (Float(0), 0)
        while start < products.count {
            let left = products.count - start
            let count = left >= 4 ? 4 : left >= 2 ? 2 : 1
            let terms = products[start..<start + count].map { input[$0.input] * weights[$0.weight] }
            sum = terms.dropFirst().reduce(terms[0], +) + sum
            start += count
        }
        if let bias { sum += bias[channel] }
        return activation.clamped(sum)
    }
}
