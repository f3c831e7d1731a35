import Networks
import Tensors

/// How alike the channels of one group are in every value that carries them, by the parameters that make them.
///
/// Row and column of a matrix are classes of units, its elements inner products `<v_i, v_j>`. The vector of a channel that a
/// layer makes from others is its filter with its bias. Vectors are joined where channels are added (their products add up);
/// where a channel is multiplied by parameters of its own, as in a depthwise layer, each element meets each parameter (products
/// are multiplied). What keeps proportions leaves the vector as it is. If `v_j = t v_i` for `t > 0`, channel j is t times channel i.
struct ChannelGrams {
    let analysis: ChannelAnalysis
    /// The row of each class.
    let rows: [Int: Int]
    private var grams: [ValueID: Matrix] = [:]

    /// - Returns: nil when an operator between the layers that make and those that read the channels keeps no proportions.
    init?(_ analysis: ChannelAnalysis, classes: [Int]) {
        self.analysis = analysis
        rows = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for node in analysis.network.nodes {
            let carriers = node.outputs.filter { output in
                analysis.channels(of: output)?.units.contains { rows[analysis.root(of: $0)] != nil } ?? false
            }
            guard !carriers.isEmpty else { continue }
            guard let gram = gram(ofResultOf: node) else { return nil }
            for output in carriers { grams[output] = gram }
        }
    }

    /// The inner products of the channels in an activation; nil when it carries none.
    subscript(activation: ValueID) -> Matrix? { grams[activation] }

    /// The inner products of what a constant holds for each channel; 0 for channels of which it holds nothing.
    func gram(ofConstant id: ValueID) -> Matrix {
        var vectors = [[Double]](repeating: [], count: rows.count)
        for slice in analysis.slices[id] ?? [] where !slice.isSummed {
            for (root, places) in analysis.places(of: Set(rows.keys), in: slice) {
                guard let row = rows[root], let constant = analysis.network[id].constant else { continue }
                vectors[row] += places.flatMap { constant.slice($0, axis: slice.axis) }
            }
        }
        let found = vectors
        let elements = mapConcurrently(found.count) { row in found.map { $0.dot(found[row]) } }
        return Matrix(rows: found.count, columns: found.count, elements: elements.flatMap { $0 })
    }

    private func gram(ofResultOf node: Node) -> Matrix? {
        if let operation = node.operation as? any GramPropagating { return operation.gram(of: node, in: self) }
        guard let operation = node.operation as? any ProportionalOperator,
            operation.keepsProportions(ofImage: analysis.network[node.inputs[0]].shape)
        else { return nil }
        return self[node.inputs[0]]
    }
}

extension Matrix {
    /// Element by element.
    func multiplied(by other: Matrix) -> Matrix {
        precondition(rows == other.rows && columns == other.columns, "matrices do not fit")
        return Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map { $0 * $1 })
    }
}
