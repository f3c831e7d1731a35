import Diagnostics
import FixedPoint
import Networks
import SIMDKernels
import Tensors

/// Element by element addition of integers of one shape, both operands looked up in tables.
struct IntegerAdditionKernel: LayerKernel {
    private let level: dt_level
    private let tables: IntegerSum.Tables
    private let inputTypes: (left: ElementType, right: ElementType)
    private let result: ResultType

    /// - Returns: nil for other operators, operands of different shapes, wide elements and family `float`.
    init?(_ layer: Layer, level: dt_level) {
        guard let operation = layer.node.operation as? Addition, layer.variables == [0, 1],
            layer.arithmetic.runtime.addition == .commonScale,
            layer.inputs.allSatisfy({ $0.shape == layer.results[0].shape && $0.elementType.byteCount <= 2 }),
            let left = layer.inputs[0].quantization, let right = layer.inputs[1].quantization,
            let output = layer.results[0].quantization
        else { return nil }
        let sum = IntegerSum(
            left, right, output: output, activation: operation.activation, family: layer.arithmetic.runtime.elementwise)
        guard let tables = sum.tables(signs: (1, 1)) else { return nil }
        self.level = level
        self.tables = tables
        inputTypes = (layer.inputs[0].elementType, layer.inputs[1].elementType)
        result = layer.results[0]
    }

    /// Both operands as 16-bit integers, and the sums.
    func workspaceBytes(cases: Int) -> Int {
        result.shape.elementCount * (2 * MemoryLayout<Int16>.size + MemoryLayout<Int32>.size)
    }

    func run(_ run: LayerRun) throws {
        let count = result.shape.elementCount
        let sums = run.workspace.bindMemory(to: Int32.self, capacity: count)
        let left = (run.workspace + count * MemoryLayout<Int32>.size).bindMemory(to: Int16.self, capacity: 2 * count)
        let right = left + count
        for index in 0..<run.cases {
            try widen(run.inputs[0], inputTypes.left, case: index, into: left)
            try widen(run.inputs[1], inputTypes.right, case: index, into: right)
            add(left, right, into: sums, count: count)
            switch result.elementType {
            case .int8: narrow(sums, into: run.output(0, as: Int8.self) + index * count)
            case .uint8: narrow(sums, into: run.output(0, as: UInt8.self) + index * count)
            case .int16: narrow(sums, into: run.output(0, as: Int16.self) + index * count)
            case .int32: narrow(sums, into: run.output(0, as: Int32.self) + index * count)
            case .int64: narrow(sums, into: run.output(0, as: Int64.self) + index * count)
            case .float32: throw Diagnostic.mixedOperands
            }
        }
    }

    private func widen(
        _ start: UnsafeRawPointer, _ type: ElementType, case index: Int, into target: UnsafeMutablePointer<Int16>
    ) throws {
        let count = result.shape.elementCount
        func copy<Element: FixedWidthInteger>(_ type: Element.Type) {
            let source = start.assumingMemoryBound(to: type) + index * count
            for place in 0..<count { target[place] = Int16(truncatingIfNeeded: source[place]) }
        }
        switch type {
        case .int8: copy(Int8.self)
        case .uint8: copy(UInt8.self)
        case .int16: copy(Int16.self)
        case .int32, .int64, .float32: throw Diagnostic.mixedOperands
        }
    }

    private func narrow<Element: FixedWidthInteger>(
        _ sums: UnsafePointer<Int32>, into target: UnsafeMutablePointer<Element>
    ) {
        for place in 0..<result.shape.elementCount { target[place] = Element(truncatingIfNeeded: sums[place]) }
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
