import FixedPoint
import Networks
import Tensors

/// Thresholds on integers whose channels lie side by side.
struct ThresholdsKernel: LayerKernel {
    private let inputType: ElementType
    private let resultType: ElementType
    private let count: Int
    private let channels: Int
    /// `[threshold][channel]`.
    private let levels: [[Int32]]
    private let lowest: Int32
    private let step: Int32

    /// - Returns: nil for reals, for another axis and where the definition would refuse a result.
    init?(_ layer: Layer) {
        guard let operation = layer.node.operation as? Thresholds, layer.variables == [0],
            let shape = layer.results.first?.shape, operation.axis == shape.rank - 1,
            let table = layer.inputs[1].constant, let thresholds = table.integers,
            let format = layer.results[0].quantization?.format
        else { return nil }
        let types: [ElementType] = [.int8, .uint8, .int16, .int32]
        guard types.contains(layer.inputs[0].elementType), types.contains(layer.results[0].elementType) else {
            return nil
        }
        let steps = table.shape[1]
        let values = (0...steps).map { operation.lowest + operation.step * $0 }
        let narrow = Int(Int32.min)...Int(Int32.max)
        guard values.allSatisfy(format.contains), thresholds.allSatisfy(narrow.contains) else { return nil }
        inputType = layer.inputs[0].elementType
        resultType = layer.results[0].elementType
        (count, channels) = (shape.elementCount, shape[operation.axis])
        let channels = channels
        levels = (0..<steps).map { step in
            (0..<channels).map { channel in
                let row = table.shape[0] == 1 ? 0 : channel
                return Int32(truncatingIfNeeded: thresholds[row * steps + step])
            }
        }
        (lowest, step) = (Int32(operation.lowest), Int32(operation.step))
    }

    func run(_ run: LayerRun) {
        switch inputType {
        case .int8: write(run, from: Int8.self)
        case .uint8: write(run, from: UInt8.self)
        case .int16: write(run, from: Int16.self)
        case .int32, .int64, .float32: write(run, from: Int32.self)
        }
    }

    private func write<Source: FixedWidthInteger>(_ run: LayerRun, from type: Source.Type) {
        switch resultType {
        case .int8: write(run, from: type, to: Int8.self)
        case .uint8: write(run, from: type, to: UInt8.self)
        case .int16: write(run, from: type, to: Int16.self)
        case .int32, .int64, .float32: write(run, from: type, to: Int32.self)
        }
    }

    private func write<Source: FixedWidthInteger, Element: FixedWidthInteger>(
        _ run: LayerRun, from type: Source.Type, to element: Element.Type
    ) {
        let (source, target) = (run.input(0, as: type), run.output(0, as: element))
        let (first, step) = (Element(truncatingIfNeeded: lowest), Element(truncatingIfNeeded: step))
        for row in stride(from: 0, to: count * run.cases, by: max(channels, 1)) {
            let (elements, results) = (source + row, target + row)
            for channel in 0..<channels { results[channel] = first }
            for level in levels {
                level.withUnsafeBufferPointer { level in
                    for channel in 0..<channels {
                        let reached = Int32(truncatingIfNeeded: elements[channel]) >= level[channel]
                        results[channel] &+= reached ? step : 0
                    }
                }
            }
        }
    }
}
