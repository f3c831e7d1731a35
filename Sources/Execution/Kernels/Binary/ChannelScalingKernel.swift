import FixedPoint
import Networks
import Tensors

/// Channel scaling of integers to reals or to int8.
struct ChannelScalingKernel: LayerKernel {
    private let inputType: ElementType
    private let isReal: Bool
    private let count: Int
    private let offset: Int
    private let factors: [Float]
    private let terms: [Float]
    private let lowest: Float
    private let highest: Float

    /// - Returns: nil for other operators, other types and other rounding than halves away from zero.
    init?(_ layer: Layer) {
        guard let operation = layer.node.operation as? ChannelScaling, layer.variables == [0],
            let result = layer.results.first, let factors = layer.inputs[1].constant,
            let terms = layer.inputs[2].constant, factors.elementType == .float32, terms.elementType == .float32
        else { return nil }
        let format = result.quantization?.format ?? .int8
        isReal = result.elementType == .float32
        guard isReal || (result.elementType == .int8 && operation.rounding == .halfAwayFromZero),
            [.int16, .int32].contains(layer.inputs[0].elementType)
        else { return nil }
        inputType = layer.inputs[0].elementType
        (count, offset) = (result.shape.elementCount, operation.offset)
        (self.factors, self.terms) = (factors.floats, terms.floats)
        (lowest, highest) = (Float(format.minimum), Float(format.maximum))
    }

    func run(_ run: LayerRun) {
        let isNarrow = inputType == .int16
        switch (isNarrow, isReal) {
        case (true, true): scale(run, from: Int16.self, to: Float.self) { $0 }
        case (true, false): scale(run, from: Int16.self, to: Int8.self, rounded)
        case (false, true): scale(run, from: Int32.self, to: Float.self) { $0 }
        case (false, false): scale(run, from: Int32.self, to: Int8.self, rounded)
        }
    }

    /// The nearest element, NaN counting as the lowest.
    private func rounded(_ real: Float) -> Int8 {
        let nearest = real.rounded(.toNearestOrAwayFromZero)
        return nearest > lowest ? Int8(min(nearest, highest)) : Int8(lowest)
    }

    @inline(__always)
    private func scale<Source: FixedWidthInteger, Element>(
        _ run: LayerRun, from type: Source.Type, to element: Element.Type, _ convert: (Float) -> Element
    ) {
        let (source, target) = (run.input(0, as: type), run.output(0, as: element))
        factors.withUnsafeBufferPointer { factors in
            terms.withUnsafeBufferPointer { terms in
                for row in stride(from: 0, to: count * run.cases, by: max(factors.count, 1)) {
                    let (elements, results) = (source + row, target + row)
                    for channel in 0..<factors.count {
                        let real = Float(Int(truncatingIfNeeded: elements[channel]) &+ offset)
                        let product = real * factors[channel]
                        results[channel] = convert(product + terms[channel])
                    }
                }
            }
        }
    }
}
