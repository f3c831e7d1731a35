import Diagnostics
public import Tensors

/// Rows of weights put together from vectors of tables: the parts `centers` of numbers and `places`, one a part of a row and stage.
///
/// A row holds the weights of one output channel, in the order in which they are stored, and falls into parts of `length`. Part
/// `p` is a vector of table `p mod tables`, or the sum of one vector of each stage's. Centers lie stage by stage, table by table,
/// vector by vector; places stage by stage, row by row, part by part.
public struct ProductVectors: CompositionForm {
    /// Elements of a vector.
    public var length: Int
    /// Tables of one stage: as many as a row has parts, or fewer where parts share one.
    public var tables: Int
    /// Vectors that are added to make a part.
    public var stages: Int
    /// Output channels lie along the last axis, as in depthwise layers, not along the first.
    public var rowsAreLast: Bool

    public init(length: Int, tables: Int, stages: Int = 1, rowsAreLast: Bool = false) {
        (self.length, self.tables, self.stages, self.rowsAreLast) = (length, tables, stages, rowsAreLast)
    }

    public func elements(of composition: WeightComposition, shape: Shape) throws -> [Float] {
        let (centers, places) = (try composition.part("centers").numbers, try composition.part("places").patterns)
        let rows = shape.rank == 0 ? 0 : shape[rowsAreLast ? shape.rank - 1 : 0]
        guard length > 0, tables > 0, stages > 0, rows > 0 else { throw Diagnostic("vectors of no length or number") }
        let depth = shape.elementCount / rows
        let parts = depth / length
        guard depth % length == 0, parts % tables == 0, places.count % stages == 0,
            places.count / stages == rows * parts, centers.count % stages == 0,
            centers.count / stages % tables == 0, centers.count / stages / tables % length == 0
        else { throw Diagnostic("\(centers.count) centers and \(places.count) places for \(rows) rows of \(depth)") }
        let count = centers.count / stages / tables / length
        var elements = [Float](repeating: 0, count: shape.elementCount)
        for (place, vector) in places.enumerated() {
            guard vector < count else { throw Diagnostic("vector \(vector) in a table of \(count)") }
            let (stage, row, part) = (place / (rows * parts), place / parts % rows, place % parts)
            let start = ((stage * tables + part % tables) * count + Int(vector)) * length
            for element in 0..<length {
                let column = part * length + element
                elements[rowsAreLast ? column * rows + row : row * depth + column] += centers[start + element]
            }
        }
        return elements
    }

    public func numbers(of composition: WeightComposition, shape: Shape, axis: Int?) -> StoredNumbers? {
        StoredNumbers("centers", terms: stages)
    }

    /// The composition of rows from centers of `count` vectors a table; places take `ceil(log2 count)` bits.
    package func composition(centers: [Float], places: [UInt32], count: Int) -> WeightComposition {
        WeightComposition(
            .productVectors(self),
            parts: [
                StoredPart("centers", reals: centers),
                StoredPart("places", patterns: places, width: SymbolTable.placeBits(count)),
            ])
    }
}
