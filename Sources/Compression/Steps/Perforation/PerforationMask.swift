import Networks
package import Tensors

/// How the places at which a layer is evaluated are chosen.
package enum PerforationMask: String, Sendable, Hashable, CaseIterable {
    /// Places drawn at random.
    case uniform
    /// Evenly spaced rows times evenly spaced columns.
    case grid
    /// Places that most windows of the pooling behind the layer read; of equals, drawn at random.
    case pooling
    /// Places whose results matter most to the loss.
    case impact

    /// The evaluated places of an image of `height` by `width`, ascending.
    ///
    /// - Parameters:
    ///   - rate: part of the places, above 0 to 1; at least one place is kept.
    ///   - weights: how much each place counts; only for `pooling` and `impact`.
    package func positions(
        height: Int, width: Int, rate: Double, weights: [Double], generator: inout SplitMix64
    ) -> [Int] {
        let count = min(max(Int((rate * Double(height * width)).rounded()), 1), height * width)
        switch self {
        case .grid: return Self.grid(height: height, width: width, count: count, using: &generator)
        case .uniform: return Self.drawn(height * width, using: &generator).prefix(count).sorted()
        case .pooling, .impact:
            let drawn = Self.drawn(height * width, using: &generator)
            let order = drawn.enumerated().sorted { left, right in
                let (first, second) = (weights[left.element], weights[right.element])
                return first == second ? left.offset < right.offset : first > second
            }
            return order.prefix(count).map(\.element).sorted()
        }
    }

    /// All places in a random order.
    private static func drawn(_ count: Int, using generator: inout SplitMix64) -> [Int] {
        var places = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { places.swapAt(last, generator.below(last + 1)) }
        return places
    }

    /// Rows and columns in the image's proportions, as many as make nearly `count` places, from an offset drawn at random.
    private static func grid(height: Int, width: Int, count: Int, using generator: inout SplitMix64) -> [Int] {
        let share = (Double(count) / Double(height * width)).squareRoot()
        let rows = min(max(Int((share * Double(height)).rounded()), 1), height)
        let columns = min(max(Int((Double(count) / Double(rows)).rounded()), 1), width)
        func spaced(_ number: Int, of extent: Int) -> [Int] {
            let offset = generator.below(extent)
            return (0..<number).map { ($0 * extent + offset) / number }
        }
        let (down, across) = (spaced(rows, of: height), spaced(columns, of: width))
        return down.flatMap { row in across.map { row * width + $0 } }
    }
}

/// The nearest evaluated place of each place of an image.
package struct NearestPositions {
    /// For every place, row by row, the index among the evaluated ones.
    package let sources: [Int]

    /// Of equally near places one is drawn, so that copies do not move the image to one side.
    ///
    /// - Parameter positions: evaluated places, ascending, at least one.
    package init(_ positions: [Int], height: Int, width: Int, using generator: inout SplitMix64) {
        var kept = [Int?](repeating: nil, count: height * width)
        for (index, position) in positions.enumerated() { kept[position] = index }
        var sources: [Int] = []
        for place in 0..<height * width {
            let nearest = kept[place].map { [$0] } ?? Self.nearest(to: place, among: kept, height: height, width: width)
            sources.append(nearest.isEmpty ? 0 : nearest[generator.below(nearest.count)])
        }
        self.sources = sources
    }

    /// Looks at squares around a place until none further out can hold a nearer one; the equally near ones.
    private static func nearest(to place: Int, among kept: [Int?], height: Int, width: Int) -> [Int] {
        let (row, column) = (place / width, place % width)
        var (best, found) = (Int.max, [Int]())
        for radius in 1...max(height, width) where best >= radius * radius {
            for y in max(row - radius, 0)...min(row + radius, height - 1) {
                let isEdge = abs(y - row) == radius
                let columns = isEdge ? Array(column - radius...column + radius) : [column - radius, column + radius]
                for x in columns where x >= 0 && x < width {
                    guard let source = kept[y * width + x] else { continue }
                    let distance = (y - row) * (y - row) + (x - column) * (x - column)
                    if distance < best { (best, found) = (distance, []) }
                    if distance == best { found.append(source) }
                }
            }
        }
        return found
    }
}
