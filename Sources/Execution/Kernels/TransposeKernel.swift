import Networks
import Tensors

/// The axes of a tensor in another order, elements unchanged.
struct TransposeKernel: LayerKernel {
    /// Extents of the result, and the step in the input along each, outermost first.
    private let extents: [Int]
    private let steps: [Int]
    private let elementBytes: Int
    private let count: Int

    /// - Returns: nil for other operators and for elements that change their grid.
    init?(_ layer: Layer) {
        let (input, result) = (layer.inputs[0], layer.results[0])
        guard let operation = layer.node.operation as? Transpose, layer.variables == [0],
            input.elementType == result.elementType, input.quantization == result.quantization,
            result.shape.rank > 0
        else { return nil }
        let strides = (0..<input.shape.rank).map { input.shape.extents[($0 + 1)...].reduce(1, *) }
        extents = result.shape.extents
        steps = operation.permutation.map { strides[$0] }
        elementBytes = input.elementType.byteCount
        count = result.shape.elementCount
    }

    func run(_ run: LayerRun) {
        switch elementBytes {
        case 1: move(run, as: UInt8.self)
        case 2: move(run, as: UInt16.self)
        case 4: move(run, as: UInt32.self)
        default: move(run, as: UInt64.self)
        }
    }

    private func move<Element>(_ run: LayerRun, as type: Element.Type) {
        guard count > 0 else { return }
        for index in 0..<run.cases {
            let source = run.input(0, as: type) + index * count
            var target = run.output(0, as: type) + index * count
            move(source, to: &target, axis: 0)
        }
    }

    /// Writes the part of the result under some indices of the axes before `axis`.
    private func move<Element>(
        _ source: UnsafePointer<Element>, to target: inout UnsafeMutablePointer<Element>, axis: Int
    ) {
        let (extent, step) = (extents[axis], steps[axis])
        if axis == extents.count - 1 {
            for place in 0..<extent { target[place] = source[place * step] }
            target += extent
        } else {
            for place in 0..<extent { move(source + place * step, to: &target, axis: axis + 1) }
        }
    }
}
