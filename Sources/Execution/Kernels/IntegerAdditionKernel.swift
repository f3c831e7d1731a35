import Diagnostics
import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// Element by element addition of integers of one shape, both operands looked up in tables.
struct IntegerAdditionKernel: LayerKernel {
    private let level: dt_level
    private let tables: IntegerSum.Tables
    private let result: ResultType

    /// - Returns: nil for other operators, operands of different shapes, wide elements and family `float`.
    init?(_ layer: Layer, level: dt_level) {
        guard let operation = layer.node.operation as? Addition, layer.variables == [0, 1],
            layer.inputs.allSatisfy({ $0.shape == layer.results[0].shape && $0.elementType.byteCount <= 2 }),
            let left = layer.inputs[0].quantization, let right = layer.inputs[1].quantization,
            let output = layer.results[0].quantization
        else { return nil }
        let sum = IntegerSum(
            left, right, output: output, activation: operation.activation, family: layer.arithmetic.runtime.elementwise)
        guard let tables = sum.tables(signs: (1, 1)) else { return nil }
        self.level = level
        self.tables = tables
        result = layer.results[0]
    }

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
        let count = result.shape.elementCount
        let sums = inputs[0].withShorts { left in
            inputs[1].withShorts { right in
                [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
                    add(left, right, into: buffer.baseAddress, count: count)
                    initialized = count
                }
            }
        }
        let elements: Tensor.Elements =
            switch result.elementType {
            case .int8: .int8(sums.map { Int8(truncatingIfNeeded: $0) })
            case .uint8: .uint8(sums.map { UInt8(truncatingIfNeeded: $0) })
            case .int16: .int16(sums.map { Int16(truncatingIfNeeded: $0) })
            case .int32: .int32(sums)
            case .int64: .int64(sums.map(Int64.init))
            case .float32: throw Diagnostic.mixedOperands
            }
        return [Tensor(shape: result.shape, elements: elements)]
    }

    private func add(
        _ left: UnsafePointer<Int16>?, _ right: UnsafePointer<Int16>?, into sums: UnsafeMutablePointer<Int32>?,
        count: Int
    ) {
        tables.left.withUnsafeBufferPointer { leftTable in
            tables.right.withUnsafeBufferPointer { rightTable in
                var addition = dt_addition(
                    left_table: leftTable.baseAddress, right_table: rightTable.baseAddress,
                    left_lowest: Int32(tables.leftLowest), right_lowest: Int32(tables.rightLowest),
                    left_count: Int32(leftTable.count), right_count: Int32(rightTable.count),
                    multiplier: tables.factor.multiplier, shift: Int32(tables.factor.shift),
                    zero_point: Int32(tables.grid.zeroPoint), lower: Int32(tables.grid.lower),
                    upper: Int32(tables.grid.upper))
                dt_add(level, &addition, count, left, right, sums)
            }
        }
    }
}
