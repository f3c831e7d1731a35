import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// The sum or difference of bytes of one shape, every factor rounded twice.
struct ByteAdditionKernel: LayerKernel {
    private let left: dt_addend
    private let right: dt_addend
    private let subtracts: Bool
    private let narrowing: ByteNarrowing
    private let count: Int

    /// - Returns: nil for other operators, operands that are no bytes of one kind, and other arithmetic.
    init?(_ layer: Layer, level: dt_level) {
        guard dt_can_sum_uint8(level) != 0, layer.variables == [0, 1], let activation = ByteAdditionKernel.clamp(layer),
            layer.inputs.allSatisfy({ $0.shape == layer.results[0].shape && $0.elementType.byteCount == 1 }),
            layer.inputs[0].elementType == layer.inputs[1].elementType, layer.results[0].elementType.byteCount == 1,
            layer.arithmetic.runtime.addition == .commonScale, let first = layer.inputs[0].quantization,
            let second = layer.inputs[1].quantization,
            let output = layer.results[0].quantization, output.format.encoding != .bipolar
        else { return nil }
        let sum = IntegerSum(
            first, second, output: output, activation: activation, family: layer.arithmetic.runtime.elementwise)
        let isUnsigned = layer.inputs[0].elementType == .uint8
        guard sum.isDoubleRounded, sum.leftShift == 20,
            let left = ByteAdditionKernel.addend(first, sum.factors.left.factor, isUnsigned: isUnsigned),
            let right = ByteAdditionKernel.addend(second, sum.factors.right.factor, isUnsigned: isUnsigned),
            let narrowing = ByteNarrowing(
                sum.factors.output, bound: 1 << 30, grid: sum.grid,
                isUnsigned: layer.results[0].elementType == .uint8)
        else { return nil }
        (self.left, self.right, self.narrowing) = (left, right, narrowing)
        subtracts = layer.node.operation is Subtraction
        count = layer.results[0].shape.elementCount
    }

    /// The clamp of a sum or difference; nil for other operators.
    private static func clamp(_ layer: Layer) -> Activation? {
        (layer.node.operation as? Addition)?.activation ?? (layer.node.operation as? Subtraction)?.activation
    }

    private static func addend(
        _ grid: Quantization, _ factor: QuantizedMultiplier, isUnsigned: Bool
    ) -> dt_addend? {
        guard factor.shift <= 0 else { return nil }
        return dt_addend(
            is_unsigned: isUnsigned ? 1 : 0, zero_point: Int32(grid.zeroPoint), multiplier: factor.multiplier,
            shift: Int32(-factor.shift))
    }

    func run(_ run: LayerRun) {
        var (left, right) = (left, right)
        narrowing.withNarrowing(group: 0) { narrowing in
            dt_add_bytes(
                &left, &right, subtracts ? 1 : 0, &narrowing, count * run.cases, run.inputs[0], run.inputs[1],
                run.outputs[0])
        }
    }
}
