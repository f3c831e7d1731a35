import FixedPoint
import Tensors

/// What verification says of accumulators and of the forms of weights.
extension NetworkChecker {
    /// Makes sure that the register exists.
    mutating func checkWidth(of node: Node) {
        guard !(8...64).contains(node.accumulator.bits) else { return }
        report("an accumulator of \(node.accumulator.bits) bits", at: node.name)
    }

    /// Makes sure that an accumulator declared so never overflows.
    mutating func checkProof(of node: Node) {
        guard node.accumulator.overflow == .proved, node.weights != nil || node.operation is MatrixProduct,
            node.inputs.allSatisfy({ network[$0].elementType != .float32 })
        else { return }
        guard let sums = SumRange(of: node, in: network) else {
            report("nothing can be proved of sums without constant integer weights and bias", at: node.name)
            return
        }
        guard !sums.fits(node.accumulator) else { return }
        report(
            "sums reach from \(sums.lower) to \(sums.upper): they need \(sums.requiredBits) bits where the accumulator "
                + "of \(node.accumulator.bits) is declared as proved", at: node.name)
    }

    /// Makes sure that weights have the form that is declared, as every layer sees them that uses them.
    mutating func checkForms() {
        for (index, value) in network.values.enumerated() {
            guard let form = value.form else { continue }
            let layers = network.nodes.filter { $0.weights == ValueID(index) }
            guard !layers.isEmpty else {
                report("a form of weights on what are no layer's weights", at: value.name)
                continue
            }
            if let quantization = value.quantization, quantization.zeroPoints.contains(where: { $0 != 0 }) {
                report("a form of weights whose zero point is not 0", at: value.name)
            }
            for layer in layers {
                guard let rows = WeightRows(of: layer, in: network) else {
                    report("a form of weights that are not constant integers", at: value.name)
                    break
                }
                if let fault = form.fault(of: rows) { report(fault, at: value.name) }
            }
        }
    }
}
