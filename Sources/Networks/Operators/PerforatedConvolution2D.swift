import Diagnostics
public import Tensors
public import Workloads

/// A convolution evaluated at some places of its image of results only, which stand in one row: `batch x 1 x places x outputs`.
///
/// Each of them is what `convolution` gives at that place.
public struct PerforatedConvolution2D: Operator {
    public static let name = "perforatedConvolution2D"

    public var convolution: Convolution2D
    /// Places in the image of all results, row by row; ascending.
    public var positions: [Int]

    public init(_ convolution: Convolution2D, at positions: [Int]) {
        self.convolution = convolution
        self.positions = positions
    }

    public var computeClass: ComputeClass { .convolution }
    public var weightOperand: Int? { 1 }
    public var storedList: StoredList? { StoredList(count: positions.count, largest: positions.last ?? 0) }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        let whole = try convolution.outputShapes(of: inputs)[0]
        guard let first = positions.first, first >= 0, (positions.last ?? 0) < whole[1] * whole[2],
            zip(positions, positions.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw Diagnostic("positions that are not ascending places of \(whole[1])x\(whole[2])") }
        return [[whole[0], 1, positions.count, whole[3]]]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        convolution.loops(inputs: inputs, outputs: outputs)
    }
}

extension PerforatedConvolution2D {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (image, filters, result) = (operands[0].shape, operands[1].shape, results[0])
        let integer = try IntegerLayer(
            operands, channels: filters[0], result: result, activation: convolution.activation, arithmetic: arithmetic,
            rule: arithmetic.runtime.convolutionRule(groups: convolution.groups))
        if let integer {
            let sums = try elements(image: image, filters: filters) { integer.sum(channel: $0, products: $1) }
            return [try Tensor.result(integer.elements(of: sums), as: result)]
        }
        let real = try RealLayer(operands, result: result, activation: convolution.activation)
        return [
            Tensor(
                result.shape, try elements(image: image, filters: filters) { real.element(channel: $0, products: $1) })
        ]
    }

    /// The output elements; products run over kernel rows, kernel columns, then channels of the group.
    private func elements<Element>(
        image: Shape, filters: Shape, _ element: (_ channel: Int, _ products: PatchProducts) -> Element
    ) throws -> [Element] {
        let whole = try convolution.outputShapes(of: [image, filters])[0]
        let (depth, share) = (filters[3], filters[0] / convolution.groups)
        var elements: [Element] = []
        elements.reserveCapacity(whole[0] * positions.count * filters[0])
        for batch in 0..<whole[0] {
            for position in positions {
                let place = WindowPlace(
                    convolution.window, image: image, kernelHeight: filters[1], kernelWidth: filters[2],
                    row: position / whole[2], column: position % whole[2])
                let runs = place.positions.map { at in
                    (
                        input: ((batch * image[1] + at.row) * image[2] + at.column) * image[3],
                        weight: (at.kernelRow * filters[2] + at.kernelColumn) * depth
                    )
                }
                for channel in 0..<filters[0] {
                    let products = PatchProducts(
                        runs: runs, depth: depth, input: channel / share * depth,
                        weight: channel * filters[1] * filters[2] * depth)
                    elements.append(element(channel, products))
                }
            }
        }
        return elements
    }
}

/// The products of one output: runs of neighbouring inputs and weights.
private struct PatchProducts: Sequence, IteratorProtocol {
    let runs: [(input: Int, weight: Int)]
    let depth: Int
    /// What is added to every place of a run.
    let input: Int
    let weight: Int
    private var run = 0
    private var index = 0

    init(runs: [(input: Int, weight: Int)], depth: Int, input: Int, weight: Int) {
        (self.runs, self.depth, self.input, self.weight) = (runs, depth, input, weight)
    }

    mutating func next() -> (input: Int, weight: Int)? {
        if index == depth { (run, index) = (run + 1, 0) }
        guard run < runs.count else { return nil }
        defer { index += 1 }
        return (runs[run].input + input + index, runs[run].weight + weight + index)
    }
}
