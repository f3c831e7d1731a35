import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Weights in their own forms against decoding and multiplying, on layers drawn at random.
@Suite struct WeightFormKernelTests {
    static let kinds = ["codebook", "product", "ternary", "sketch", "powers"]

    @Test(arguments: kinds, 0..<4) func formsEqualTheirDecodedWeights(_ kind: String, _ seed: Int) throws {
        var source = LayerSource(seed: UInt64(300 + seed))
        for _ in 0..<25 {
            let network = source.formedLayer(kind)
            #expect(network.values.contains { $0.form != nil })
            let inputs = source.inputs(of: network)
            let expected = try Interpreter(network, kernels: .reference).run(inputs)
            let outputs = try Interpreter(network).run(inputs)
            #expect(outputs == expected, "\(network.nodes[0])")
            var decoded = network
            for index in decoded.values.indices { decoded.values[index].form = nil }
            #expect(try Interpreter(decoded).run(inputs) == expected)
        }
    }
}

extension LayerSource {
    /// A layer whose weights have a form of the kind, with random tables.
    mutating func formedLayer(_ kind: String) -> Network {
        var network = integerLayer()
        let node = network.nodes[0]
        guard let id = node.weights, let constant = network[id].constant,
            let axis = constant.shape.rank == 4 && node.operation is DepthwiseConvolution2D ? 3 : 0,
            let rows = WeightRows(constant, outputAxis: axis)
        else { preconditionFailure("a layer has weights") }
        let (weights, form) = formed(kind, rows)
        var elements = weights
        let inner = constant.shape.extents[(axis + 1)...].reduce(1, *)
        if axis != 0 {
            for place in elements.indices {
                let within = place / (inner * rows.count) * inner + place % inner
                elements[place] = weights[place / inner % rows.count * rows.depth + within]
            }
        }
        guard let tensor = Tensor(constant.shape, integers: elements, storedAs: .int32),
            var grid = network[id].quantization
        else { preconditionFailure("small weights fit") }
        grid.format = NumberFormat(bits: 20, encoding: .twosComplement)
        network[id] = Value(name: network[id].name, constant: tensor, quantization: grid)
        network[id].form = form
        if node.accumulator.overflow == .proved {
            network.nodes[0].accumulator = SumRange(of: node, in: network)?.provedAccumulator ?? .int32
        }
        return network
    }

    private mutating func formed(_ kind: String, _ rows: WeightRows) -> (elements: [Int], form: WeightForm) {
        let count = rows.elements.count
        switch kind {
        case "codebook":
            let values = (0..<1 + below(16)).map { _ in below(4001) - 2000 }
            return ((0..<count).map { _ in among(values) }, .codebook(Codebook(values: values)))
        case "product":
            let length = among((1...rows.depth).filter { rows.depth % $0 == 0 && $0 <= 8 })
            let tables = (0..<rows.depth / length).map { _ in
                (0..<length * (1 + below(5))).map { _ in below(501) - 250 }
            }
            let book = ProductCodebook(length: length, tables: tables)
            let indices = (0..<rows.count * tables.count).map { place in
                UInt16(below(tables[place % tables.count].count / length))
            }
            return (book.decoded(indices), .productCodebook(book))
        case "ternary":
            let lists = below(2) == 0 ? 1 : rows.count
            let levels = TernaryLevels(
                positive: (0..<lists).map { _ in 1 + below(900) }, negative: (0..<lists).map { _ in 1 + below(900) })
            let signs = (0..<count).map { _ in Int8(below(3) - 1) }
            return (levels.decoded(signs, depth: rows.depth), .ternary(levels))
        case "sketch":
            let lists = below(2) == 0 ? 1 : rows.count
            let sketch = BinarySketch(
                factors: (0..<lists).map { _ in (0..<1 + below(4)).map { _ in below(1001) - 300 } })
            let patterns = (0..<count).map { place in
                let factors = sketch.factors[lists == 1 ? 0 : place / rows.depth].count
                return UInt8(below(1 << factors))
            }
            return (sketch.decoded(patterns, depth: rows.depth), .sketch(sketch))
        default:
            let elements = (0..<count).map { _ in [0, 1, -1][below(3)] << below(13) }
            return (elements, .powersOfTwo(PowersOfTwo()))
        }
    }
}
