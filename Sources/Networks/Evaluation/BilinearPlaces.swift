import FixedPoint
import Tensors

/// For each pixel of a resized image, the pixels around its place and its distance from the first of them.
struct BilinearPlaces<Distance> {
    /// The pixel before a place, the one behind it, and the distance from the first.
    typealias Stop = (before: Int, behind: Int, distance: Distance)
    /// The elements above left, above right, below left and below right.
    typealias Corners<Element> = (Element, Element, Element, Element)

    private let rows: [Stop]
    private let columns: [Stop]
    private let image: Shape

    /// What `weigh` makes of the four elements around each place, row-major.
    func map<Element>(
        _ elements: [Element], _ weigh: (Corners<Element>, _ row: Distance, _ column: Distance) -> Element
    ) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(image[0] * rows.count * columns.count * image[3])
        for batch in 0..<image[0] {
            for row in rows {
                for column in columns {
                    func first(_ y: Int, _ x: Int) -> Int { ((batch * image[1] + y) * image[2] + x) * image[3] }
                    let above = (first(row.before, column.before), first(row.before, column.behind))
                    let below = (first(row.behind, column.before), first(row.behind, column.behind))
                    for channel in 0..<image[3] {
                        let corners = (
                            elements[above.0 + channel], elements[above.1 + channel], elements[below.0 + channel],
                            elements[below.1 + channel]
                        )
                        result.append(weigh(corners, row.distance, column.distance))
                    }
                }
            }
        }
        return result
    }
}

extension BilinearPlaces<Int> {
    /// Places with 10 fraction bits.
    init(rows: [Int], columns: [Int], image: Shape) {
        func stop(_ place: Int, _ extent: Int) -> Stop {
            let before = max(place / 1024, 0)
            return (before, max(min((place + 1023) / 1024, extent - 1), 0), place - before << 10)
        }
        self.rows = rows.map { stop($0, image[1]) }
        self.columns = columns.map { stop($0, image[2]) }
        self.image = image
    }

    static func tenBits(_ corners: Corners<Int>, _ row: Int, _ column: Int) -> Int {
        let sum =
            corners.0 * (1024 - row) * (1024 - column) + corners.1 * (1024 - row) * column
            + corners.2 * row * (1024 - column) + corners.3 * row * column
        return Rounding.halfAwayFromZero.shift(sum, by: 20)
    }
}

extension BilinearPlaces<Float> {
    /// Places in float32; one outside the image keeps its distance from the edge.
    init(rows: [Float], columns: [Float], image: Shape) {
        func stop(_ place: Float, _ extent: Int) -> Stop {
            let before = min(max(Int(place.rounded(.down)), 0), extent - 1)
            return (before, max(min(Int(place.rounded(.up)), extent - 1), 0), place - Float(before))
        }
        self.rows = rows.map { stop($0, image[1]) }
        self.columns = columns.map { stop($0, image[2]) }
        self.image = image
    }

    static func real(_ corners: Corners<Float>, _ row: Float, _ column: Float) -> Float {
        let above = corners.0 * (1 - row) * (1 - column)
        let below = corners.2 * row * (1 - column)
        let (right, last) = (corners.1 * (1 - row) * column, corners.3 * row * column)
        return above + below + right + last
    }

    static func elevenBits(_ corners: Corners<Int>, _ row: Float, _ column: Float) -> Int {
        func weight(_ distance: Float) -> Int { Rounding.halfToEven.round(Double(distance) * 2048, into: 0...2048) }
        let above = corners.0 << 11 + weight(column) * (corners.1 - corners.0)
        let below = corners.2 << 11 + weight(column) * (corners.3 - corners.2)
        return Rounding.halfUp.shift(above << 11 + weight(row) * (below - above), by: 22)
    }
}
