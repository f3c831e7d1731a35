import Diagnostics
import FixedPoint
import Networks
import Tensors

/// A layer with integer weights, output by output: weights in forms of their own, and sums of every width and overflow.
struct PatchKernel: LayerKernel {
    private let products: any RowProducts
    private let patches: Patches
    private let inputType: ElementType
    private let inputElements: Int
    private let zeroPoint: Int
    private let bias: [Int]
    private let accumulator: Accumulator
    private let requantization: ChannelRequantization
    private let result: ResultType

    /// A layer whose weights have a form.
    ///
    /// - Returns: nil for weights without one, and when the order of additions could matter.
    init?(formOf layer: Layer) {
        guard layer.inputs.count >= 2, let form = layer.inputs[1].form else { return nil }
        let accumulator = layer.arithmetic.accumulator
        self.init(layer) { operands in
            guard operands.weights.zeroPoints.allSatisfy({ $0 == 0 }),
                accumulator.overflow != .saturate || operands.sums.fits(accumulator)
            else { return nil }
            return try? form.products(rows: operands.rows, inputBits: operands.input.format.bits + 1)
        }
    }

    /// A layer by the elements of its weights, in the declared order.
    ///
    /// - Returns: nil for operators other than convolutions and fully connected layers of integers.
    init?(elementsOf layer: Layer) {
        self.init(layer) { ElementProducts($0.rows, accumulator: layer.arithmetic.accumulator) }
    }

    private struct Operands {
        let input: Quantization
        let weights: Quantization
        /// Without zero points.
        let rows: WeightRows
        let sums: SumRange
    }

    private init?(_ layer: Layer, products: (Operands) -> (any RowProducts)?) {
        guard let weighted = WeightedLayer(layer), let patches = Patches(layer),
            let input = layer.inputs[0].quantization, layer.inputs[0].elementType != .float32,
            let grid = layer.inputs[1].quantization, let constant = layer.inputs[1].constant,
            let integers = constant.integers, let output = layer.results[0].quantization,
            layer.results[0].elementType != .float32,
            grid.scales.count == 1 || grid.scales.count == weighted.channels,
            input.format.bits + grid.format.bits <= IntegerLayer.widestProduct
        else { return nil }
        let centered = IntegerLayer.centered(integers, grid, shape: constant.shape)
        let rows = WeightRows(centered, shape: constant.shape, outputAxis: weighted.isDepthwise ? 3 : 0)
        var bias = [Int](repeating: 0, count: rows.count)
        if layer.inputs.count > 2 {
            guard let constant = layer.inputs[2].constant?.integers else { return nil }
            bias = constant
        }
        let span = (input.format.minimum - input.zeroPoint)...(input.format.maximum - input.zeroPoint)
        let sums = SumRange(weights: rows.elements, bias: bias, elementsPerChannel: rows.depth, input: span)
        let operands = Operands(input: input, weights: grid, rows: rows, sums: sums)
        guard let products = products(operands) else { return nil }
        self.products = products
        self.patches = patches
        self.bias = bias
        inputType = layer.inputs[0].elementType
        inputElements = layer.inputs[0].shape.elementCount
        zeroPoint = input.zeroPoint
        accumulator = layer.arithmetic.accumulator
        requantization = ChannelRequantization(
            input: input, weights: grid, output: output, activation: weighted.activation,
            rule: weighted.rule, accumulator: accumulator, channels: weighted.channels)
        result = layer.results[0]
    }

    /// A patch, the sums of a group, scratch memory of the form and the elements of a case.
    func workspaceBytes(cases: Int) -> Int {
        let count = patches.depth + groupChannels + products.scratchCount + result.shape.elementCount
        return count * MemoryLayout<Int>.size
    }

    func run(_ run: LayerRun) throws {
        for index in 0..<run.cases {
            switch inputType {
            case .int8: try compute(run, case: index, from: Int8.self)
            case .uint8: try compute(run, case: index, from: UInt8.self)
            case .int16: try compute(run, case: index, from: Int16.self)
            case .int32: try compute(run, case: index, from: Int32.self)
            case .int64: try compute(run, case: index, from: Int64.self)
            case .float32: throw Diagnostic.mixedOperands
            }
        }
    }

    private var groupChannels: Int { bias.count / patches.groups }

    private func compute<Element: FixedWidthInteger>(
        _ run: LayerRun, case index: Int, from type: Element.Type
    ) throws {
        let input = run.input(0, as: type) + index * inputElements
        let count = workspaceBytes(cases: 1) / MemoryLayout<Int>.size
        let elements = run.workspace.bindMemory(to: Int.self, capacity: count)
        let patch = elements + result.shape.elementCount
        var place = 0
        for pixel in 0..<patches.batch * patches.rows * patches.columns {
            for group in 0..<patches.groups {
                patches.gather(input, zeroPoint: zeroPoint, pixel: pixel, group: group, into: patch)
                multiply(patch, group: group, into: elements + place, place: place)
                place += groupChannels
            }
        }
        let first = index * result.shape.elementCount
        switch result.elementType {
        case .int8: store(elements, into: run.output(0, as: Int8.self) + first)
        case .uint8: store(elements, into: run.output(0, as: UInt8.self) + first)
        case .int16: store(elements, into: run.output(0, as: Int16.self) + first)
        case .int32: store(elements, into: run.output(0, as: Int32.self) + first)
        case .int64: store(elements, into: run.output(0, as: Int64.self) + first)
        case .float32: throw Diagnostic.mixedOperands
        }
    }

    /// The elements of one group of channels at one output place.
    private func multiply(
        _ patch: UnsafeMutablePointer<Int>, group: Int, into elements: UnsafeMutablePointer<Int>, place: Int
    ) {
        let (sums, first) = (patch + patches.depth, group * groupChannels)
        for channel in 0..<groupChannels { sums[channel] = bias[first + channel] }
        products.multiply(
            patch, rows: first..<first + groupChannels, scratch: sums + groupChannels, addingTo: sums)
        for channel in 0..<groupChannels {
            let sum = accumulator.loading(sums[channel])
            elements[channel] = requantization.element(sum, channel: first + channel, place: place + channel)
        }
    }

    private func store<Element: FixedWidthInteger>(
        _ elements: UnsafePointer<Int>, into target: UnsafeMutablePointer<Element>
    ) {
        for place in 0..<result.shape.elementCount { target[place] = Element(truncatingIfNeeded: elements[place]) }
    }
}

extension WeightForm {
    /// The rows in this form.
    ///
    /// - Throws: `Diagnostic` when they have not this form.
    fileprivate func products(rows: WeightRows, inputBits: Int) throws -> any RowProducts {
        switch self {
        case .codebook(let codebook): try CodebookProducts(codebook, rows: rows)
        case .productCodebook(let codebook): try ProductCodebookProducts(codebook, rows: rows)
        case .ternary(let levels): try TernaryProducts(levels, rows: rows)
        case .sketch(let sketch): try SketchProducts(sketch, rows: rows, inputBits: inputBits)
        case .powersOfTwo(let powers): try PowerOfTwoProducts(powers, rows: rows)
        }
    }
}
