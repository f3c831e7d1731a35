/// A part of a window that the engine takes at once, and how many such parts the window has.
struct WindowPart {
    var places: Int
    var count: Int

    /// The parts of a window cut into pieces of so many rows and columns: whole ones, and those at its edges.
    static func all(_ operation: EngineOperation, high: Int, wide: Int) -> [WindowPart] {
        func cuts(_ extent: Int, _ size: Int) -> [(extent: Int, count: Int)] {
            let whole = extent / size
            let rest = extent % size
            return (whole > 0 ? [(size, whole)] : []) + (rest > 0 ? [(rest, 1)] : [])
        }
        return cuts(operation.kernelHeight, high).flatMap { row in
            cuts(operation.kernelWidth, wide).map { column in
                WindowPart(places: row.extent * column.extent, count: row.count * column.count)
            }
        }
    }
}
