import FixedPoint
import Networks
import Tensors

/// The signs of reals or of integers: -1 below zero, +1 elsewhere.
struct SignKernel: LayerKernel {
    private let input: Value
    private let zeroPoint: Int

    /// - Returns: nil for other operators and results.
    init?(_ layer: Layer) {
        guard layer.node.operation is Quantize, layer.variables == [0], let result = layer.results.first,
            result.quantization?.format == .bipolar, result.elementType == .int8
        else { return nil }
        input = layer.inputs[0]
        guard (input.quantization == nil) == (input.elementType == .float32) else { return nil }
        zeroPoint = input.quantization?.zeroPoint ?? 0
    }

    func run(_ run: LayerRun) {
        let count = input.shape.elementCount * run.cases
        let signs = run.output(0, as: Int8.self)
        switch input.elementType {
        case .float32: write(run.input(0, as: Float.self), count, into: signs) { $0 < 0 }
        case .int8: writeIntegers(run.input(0, as: Int8.self), count, into: signs)
        case .uint8: writeIntegers(run.input(0, as: UInt8.self), count, into: signs)
        case .int16: writeIntegers(run.input(0, as: Int16.self), count, into: signs)
        case .int32: writeIntegers(run.input(0, as: Int32.self), count, into: signs)
        case .int64: writeIntegers(run.input(0, as: Int64.self), count, into: signs)
        }
    }

    private func writeIntegers<Element: FixedWidthInteger>(
        _ source: UnsafePointer<Element>, _ count: Int, into signs: UnsafeMutablePointer<Int8>
    ) {
        let zero = Element(clamping: zeroPoint)
        write(source, count, into: signs) { $0 < zero }
    }

    @inline(__always)
    private func write<Element>(
        _ source: UnsafePointer<Element>, _ count: Int, into signs: UnsafeMutablePointer<Int8>,
        isNegative: (Element) -> Bool
    ) {
        for index in 0..<count { signs[index] = isNegative(source[index]) ? -1 : 1 }
    }
}
