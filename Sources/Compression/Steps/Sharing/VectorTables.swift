import Diagnostics
import Networks
import Tensors

/// The sizes of tables of vectors that steps of vector quantization have in common.
struct VectorTables {
    /// Vectors of a table.
    var count: Int
    var stages: Int
    /// Weights of a vector, for rows of so many.
    var length: (Int) -> Int

    static let length = ParameterDescription(
        "length", "Weights of a vector, which divides a row", .integer(1...1024, default: 4))
    static let centers = ParameterDescription(
        "centers", "Vectors of a table; no more than vectors choose from it", .integer(1...65_536, default: 16))

    /// The layers with vectors that k-means finds in their weights, a table a part of a row.
    func quantize(
        _ compressed: CompressedNetwork, layers: [String], of selection: LayerSelection, step: String
    ) throws -> StepOutcome {
        let admitted = try selection.admit(layers, to: step) { layer in
            guard let (rows, _) = compressed.floatRows(ofLayer: layer) else { return "its weights are not reals" }
            let length = length(rows.columns)
            guard rows.columns % length == 0 else {
                return "vectors of \(length) do not divide \(rows.columns) weights"
            }
            return count > rows.rows ? "a table of \(count) vectors is larger than its \(rows.rows) rows" : nil
        }
        var result = compressed
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer),
                let (rows, rowsAreLast) = compressed.floatRows(ofLayer: layer)
            else { continue }
            let length = length(rows.columns)
            let form = ProductVectors(
                length: length, tables: rows.columns / length, stages: stages, rowsAreLast: rowsAreLast)
            try result.compose(
                nodeAt: place, by: QuantizedVectors(rows: rows, form: form, count: count).composition)
        }
        return StepOutcome(result, touched: admitted)
    }
}
