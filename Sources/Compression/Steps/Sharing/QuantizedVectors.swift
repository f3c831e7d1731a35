import Diagnostics
import Networks
import Tensors

/// The rows of a layer's weights as vectors of tables that k-means finds in them, and what is left by further stages.
struct QuantizedVectors {
    var form: ProductVectors
    /// Vectors of a table.
    var count: Int
    var centers: [Float]
    var places: [UInt32]

    /// - Parameters:
    ///   - rows: output channel by output channel, `depth` weights each.
    ///   - form: suits the rows; its tables have at least `count` vectors to choose from.
    init(rows: Matrix, form: ProductVectors, count: Int) {
        (self.form, self.count, centers, places) = (form, count, [], [])
        let (parts, length) = (rows.columns / form.length, form.length)
        var left = rows.elements
        for stage in 0..<form.stages {
            var found = [UInt32](repeating: 0, count: rows.rows * parts)
            for table in 0..<form.tables {
                let members = (0..<rows.rows).flatMap { row in
                    stride(from: table, to: parts, by: form.tables).map { row * parts + $0 }
                }
                let points = Matrix(
                    rows: members.count, columns: length,
                    elements: members.flatMap { left[$0 * length..<($0 + 1) * length] })
                let clusters = VectorClusters(points, count: count, seed: UInt64(stage * form.tables + table))
                let rounded = clusters.centres.elements.map { Float($0) }
                for (member, place) in zip(members, clusters.assignments) {
                    found[member] = UInt32(place)
                    for element in 0..<length {
                        left[member * length + element] -= Double(rounded[place * length + element])
                    }
                }
                centers += rounded
            }
            places += found
        }
    }

    var composition: WeightComposition { form.composition(centers: centers, places: places, count: count) }
}

extension CompressedNetwork {
    /// A float layer's weights as rows of output channels, or nil for another layer.
    func floatRows(ofLayer layer: String) -> (rows: Matrix, rowsAreLast: Bool)? {
        guard let (node, constant) = network.floatLayer(layer), let id = node.weights, grids[network[id].name] == nil
        else { return nil }
        let isLast = network.outputAxis(ofWeightsOf: node) > 0
        let (shape, reals) = (constant.shape, constant.floats)
        let rows = shape[isLast ? shape.rank - 1 : 0]
        let depth = shape.elementCount / rows
        let matrix = Matrix(rows: rows, columns: depth) { row, column in
            Double(reals[isLast ? column * rows + row : row * depth + column])
        }
        return (matrix, isLast)
    }
}
