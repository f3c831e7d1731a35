/// The parts of a window that the engine takes at once: whole ones of so many rows and columns, and those at its edges.
struct WindowParts {
    private let rows: (whole: Int, rest: Int)
    private let columns: (whole: Int, rest: Int)
    private let high: Int
    private let wide: Int

    init(_ operation: EngineOperation, high: Int, wide: Int) {
        (self.high, self.wide) = (high, wide)
        rows = (operation.kernelHeight / high, operation.kernelHeight % high)
        columns = (operation.kernelWidth / wide, operation.kernelWidth % wide)
    }

    /// A sum over all parts of a function of their places.
    func sum(_ value: (_ places: Int) -> Int) -> Int128 {
        var sum: Int128 = 0
        func add(_ height: Int, _ width: Int, _ count: Int) {
            if height > 0, width > 0, count > 0 { sum += Int128(value(height * width)) * Int128(count) }
        }
        add(high, wide, rows.whole * columns.whole)
        add(rows.rest, wide, columns.whole)
        add(high, columns.rest, rows.whole)
        add(rows.rest, columns.rest, 1)
        return sum
    }
}
