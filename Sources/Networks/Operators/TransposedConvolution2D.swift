import Diagnostics
public import Tensors
public import Workloads

/// Each pixel spread over its surroundings by filters of `outputs x height x width x inputs`; bias optional.
///
/// Input pixel (y, x) reaches the outputs from (y * strideHeight - top, x * strideWidth - left) on.
public struct TransposedConvolution2D: Operator {
    public static let name = "transposedConvolution2D"

    public var strideHeight: Int
    public var strideWidth: Int
    /// Rows and columns in front of the first output.
    public var top: Int
    public var left: Int
    public var outputHeight: Int
    public var outputWidth: Int
    public var activation: Activation

    public init(
        strideHeight: Int, strideWidth: Int, top: Int, left: Int, outputHeight: Int, outputWidth: Int,
        activation: Activation = .none
    ) {
        (self.strideHeight, self.strideWidth) = (strideHeight, strideWidth)
        (self.top, self.left) = (top, left)
        (self.outputHeight, self.outputWidth) = (outputHeight, outputWidth)
        self.activation = activation
    }

    public var computeClass: ComputeClass { .convolution }
    public var weightOperand: Int? { 1 }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard (2...3).contains(inputs.count), inputs[0].rank == 4, inputs[1].rank == 4, inputs[1][3] == inputs[0][3]
        else { throw Diagnostic("a transposed convolution takes an image, filters of its channels and a bias") }
        if inputs.count == 3, inputs[2].elementCount != inputs[1][0] {
            throw Diagnostic("a bias of \(inputs[2]) for \(inputs[1][0]) channels")
        }
        guard [strideHeight, strideWidth, outputHeight, outputWidth].allSatisfy({ (1...(1 << 20)).contains($0) }),
            [top, left].allSatisfy({ (0..<(1 << 20)).contains($0) }),
            let shape = Shape(checking: [inputs[0][0], outputHeight, outputWidth, inputs[1][0]])
        else { throw Diagnostic("a transposed convolution with a stride, padding or extent out of range") }
        return [shape]
    }

    /// One product for each weight and input pixel.
    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.batch = inputs[0][0]
        (loops.inputHeight, loops.inputWidth) = (inputs[0][1], inputs[0][2])
        (loops.outputHeight, loops.outputWidth) = (inputs[0][1], inputs[0][2])
        (loops.outputChannels, loops.inputChannels) = (inputs[1][0], inputs[1][3])
        (loops.kernelHeight, loops.kernelWidth) = (inputs[1][1], inputs[1][2])
        return loops
    }
}

extension TransposedConvolution2D {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (image, filters, result) = (operands[0].shape, operands[1].shape, results[0])
        let integer = try IntegerLayer(
            operands, channels: filters[0], result: result, activation: activation, arithmetic: arithmetic,
            rule: arithmetic.runtime.transposedConvolutionRule(outgrows: outgrows(image, filters)))
        if let integer {
            let sums = elements(image, filters, result.shape, integer.sum)
            return [try Tensor.result(integer.elements(of: sums), as: result)]
        }
        let real = try RealLayer(operands, result: result, activation: activation)
        return [Tensor(result.shape, elements(image, filters, result.shape, real.element))]
    }

    /// Whether outputs lie beyond what the last pixels reach.
    private func outgrows(_ image: Shape, _ filters: Shape) -> Bool {
        (image[1] - 1) * strideHeight + filters[1] < outputHeight
            || (image[2] - 1) * strideWidth + filters[2] < outputWidth
    }

    /// The output elements; products run over image rows, image columns, then channels.
    private func elements<Element>(
        _ image: Shape, _ filters: Shape, _ output: Shape,
        _ element: (_ channel: Int, _ products: [(input: Int, weight: Int)]) -> Element
    ) -> [Element] {
        let depth = filters[3]
        var elements: [Element] = []
        elements.reserveCapacity(output.elementCount)
        for place in 0..<output.elementCount {
            let (channel, column) = (place % output[3], place / output[3] % output[2])
            let (row, batch) = (
                place / (output[3] * output[2]) % output[1], place / (output[3] * output[2] * output[1])
            )
            var products: [(input: Int, weight: Int)] = []
            for y in sources(row + top, step: strideHeight, kernel: filters[1], extent: image[1]) {
                for x in sources(column + left, step: strideWidth, kernel: filters[2], extent: image[2]) {
                    let (kernelRow, kernelColumn) = (row + top - y * strideHeight, column + left - x * strideWidth)
                    let input = ((batch * image[1] + y) * image[2] + x) * depth
                    let weight = ((channel * filters[1] + kernelRow) * filters[2] + kernelColumn) * depth
                    for index in 0..<depth { products.append((input + index, weight + index)) }
                }
            }
            elements.append(element(channel, products))
        }
        return elements
    }

    /// The rows or columns of the image that reach `place`, ascending.
    private func sources(_ place: Int, step: Int, kernel: Int, extent: Int) -> Range<Int> {
        let first = max(0, (place - kernel) / step + (place >= kernel ? 1 : 0))
        return min(first, extent)..<max(min(place / step + 1, extent), min(first, extent))
    }
}
