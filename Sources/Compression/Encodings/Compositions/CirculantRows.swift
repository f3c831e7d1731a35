import Diagnostics
public import Tensors

/// The first rows of a circulant matrix with signed columns: the parts `column` of numbers and `signs`, 1 for minus, one each input.
///
/// `element(output, input) = sign[input] * column[(output - input) mod inputs]`.
public struct CirculantRows: CompositionForm {
    public init() {}

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (column, signs) = (try composition.part("column").numbers, try composition.part("signs").patterns)
        guard let inputs = shape.extents.last, column.count == inputs, signs.count == inputs, inputs > 0 else {
            throw Diagnostic("\(column.count) elements and \(signs.count) signs for rows of \(shape)")
        }
        return (0..<shape.elementCount).map { place in
            let (output, input) = (place / inputs, place % inputs)
            let element = column[((output - input) % inputs + inputs) % inputs]
            return signs[input] == 0 ? element : -element
        }
    }

    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) -> StoredNumbers? {
        StoredNumbers("column")
    }

    /// The composition of a column and the signs of the inputs.
    public static func composition(column: [Float], negated: [Bool]) -> WeightComposition {
        WeightComposition(
            .circulantRows(CirculantRows()),
            parts: [
                StoredPart("column", reals: column),
                StoredPart("signs", patterns: negated.map { $0 ? 1 : 0 }, width: 1),
            ])
    }
}
