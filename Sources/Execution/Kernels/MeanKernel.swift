import Diagnostics
import FixedPoint
import Networks
import Tensors

/// The mean over neighbouring axes, all elements behind them together.
struct MeanKernel: LayerKernel {
    private let count: Int
    private let inner: Int
    private let inputType: ElementType
    private let result: ResultType
    private let requantization: MeanRequantization?

    /// - Returns: nil for other operators, axes that are not neighbours, and empty tensors.
    init?(_ layer: Layer) {
        let (input, result) = (layer.inputs[0], layer.results[0])
        guard let operation = layer.node.operation as? Mean, let first = operation.axes.first,
            let last = operation.axes.last, operation.axes == Array(first...last), input.shape.elementCount > 0
        else { return nil }
        count = input.shape.extents[first...last].reduce(1, *)
        inner = input.shape.extents[(last + 1)...].reduce(1, *)
        inputType = input.elementType
        self.result = result
        if let from = input.quantization, let output = result.quantization {
            guard input.elementType != .float32, result.elementType != .float32,
                MeanKernel.takes(operation, input, layer.arithmetic.runtime.mean)
            else { return nil }
            requantization = MeanRequantization(
                from: from, grid: OutputGrid(output), scale: output.scale, count: count,
                family: layer.arithmetic.runtime.elementwise)
        } else {
            guard input.elementType == .float32, result.elementType == .float32 else { return nil }
            requantization = nil
        }
    }

    /// Whether the mean follows the rule of every other operator.
    private static func takes(_ operation: Mean, _ input: Value, _ rule: MeanRule) -> Bool {
        switch rule {
        case .elementwise: true
        case .zeroPointApart: !operation.isImageMean(of: input.shape) || input.quantization?.format.bits != 8
        case .foldedZeroPoints: input.quantization?.format.bits != 8
        }
    }

    /// One sum for each result of a case.
    func workspaceBytes(cases: Int) -> Int { result.shape.elementCount * MemoryLayout<Int>.size }

    func run(_ run: LayerRun) throws {
        for index in 0..<run.cases {
            switch inputType {
            case .float32: reals(run, case: index)
            case .int8: try integers(run, case: index, of: Int8.self)
            case .uint8: try integers(run, case: index, of: UInt8.self)
            case .int16: try integers(run, case: index, of: Int16.self)
            case .int32: try integers(run, case: index, of: Int32.self)
            case .int64: try integers(run, case: index, of: Int64.self)
            }
        }
    }

    private func reals(_ run: LayerRun, case index: Int) {
        let sums = run.output(0, as: Float.self) + index * result.shape.elementCount
        let values = run.input(0, as: Float.self) + index * result.shape.elementCount * count
        sum(values, into: sums, from: 0) { $0 + $1 }
        for place in 0..<result.shape.elementCount { sums[place] /= Float(count) }
    }

    private func integers<Element: FixedWidthInteger>(
        _ run: LayerRun, case index: Int, of type: Element.Type
    ) throws {
        guard let requantization else { throw Diagnostic.mixedOperands }
        let sums = run.workspace.bindMemory(to: Int.self, capacity: result.shape.elementCount)
        let values = run.input(0, as: type) + index * result.shape.elementCount * count
        sum(values, into: sums, from: 0) { $0 &+ Int(truncatingIfNeeded: $1) }
        let elements = UnsafeBufferPointer(start: sums, count: result.shape.elementCount)
        let tensor = try Tensor.result(elements.map(requantization.element), as: result)
        tensor.copyElements(to: run.outputs[0] + index * result.storedBytes)
    }

    @inline(__always)
    private func sum<Element, Sum>(
        _ values: UnsafePointer<Element>, into sums: UnsafeMutablePointer<Sum>, from zero: Sum,
        _ add: (Sum, Element) -> Sum
    ) {
        let results = result.shape.elementCount
        sums.initialize(repeating: zero, count: results)
        for outer in 0..<results / max(inner, 1) {
            for row in 0..<count {
                let base = (outer * count + row) * inner
                for index in 0..<inner {
                    sums[outer * inner + index] = add(sums[outer * inner + index], values[base + index])
                }
            }
        }
    }
}
