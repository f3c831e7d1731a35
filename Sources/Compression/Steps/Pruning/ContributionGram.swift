/// Inner products of what classes of channels contribute to the responses of the layers that read them.
///
/// The contribution of a class is its windows times its weights, at every sampled position and filter. Several readers count
/// relative to the squared length of their targets.
package struct ContributionGram: Sendable {
    /// Of the contributions with each other, in the order of the classes.
    package private(set) var gram: Matrix
    /// Of the contributions with what the targets leave for them.
    package private(set) var response: [Double]

    package init(gram: Matrix, response: [Double]) {
        (self.gram, self.response) = (gram, response)
    }

    /// - Parameters:
    ///   - classes: those that may leave; contributions of others are taken from the targets.
    ///   - isCentered: whether contributions and targets are less their means, which a bias makes good.
    package init(_ readers: [ReaderMoments], classes: [Int], isCentered: Bool) {
        let count = classes.count
        gram = Matrix(rows: count, columns: count)
        response = [Double](repeating: 0, count: count)
        let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
        for reader in readers {
            let own = reader.reader.classes.map { places[$0] }
            for (moments, filters) in zip(reader.moments, reader.filters) {
                let length = isCentered ? moments.centeredTargetSquares : moments.targetSquares.reduce(0, +)
                guard length > 0 else { continue }
                let products = isCentered ? moments.centered : (moments.gram, moments.cross)
                add(products.0, products.1, filters: filters, places: own, weight: 1 / length)
            }
        }
    }

    private mutating func add(_ inner: Matrix, _ cross: Matrix, filters: Matrix, places: [Int?], weight: Double) {
        let squares = filters.times(filters, transposingSelf: true)
        for row in places.indices {
            guard let place = places[row] else { continue }
            for filter in 0..<filters.rows { response[place] += weight * filters[filter, row] * cross[row, filter] }
            for column in places.indices {
                let product = weight * inner[row, column] * squares[row, column]
                if let other = places[column] {
                    gram.elements[place * gram.columns + other] += product
                } else {
                    response[place] -= product
                }
            }
        }
    }

    /// The squared length of the sum of the contributions of a set of classes.
    package func lengthOfSum(_ places: [Int]) -> Double {
        places.reduce(0) { sum, row in places.reduce(sum) { $0 + gram[row, $1] } }
    }

    /// Classes taken one by one, each time that which lengthens the sum of contributions taken least (ThiNet's algorithm 1).
    ///
    /// - Parameter allows: whether a class may be taken; one that is returned is taken.
    /// - Returns: at most `count` places, in the order in which they are taken.
    package func leastContributing(_ count: Int, allows: (Int) -> Bool = { _ in true }) -> [Int] {
        var (taken, sums): ([Int], [Double]) = ([], [Double](repeating: 0, count: gram.rows))
        var left = Array(0..<gram.rows)
        while taken.count < count, !left.isEmpty {
            var (best, least) = (0, Double.infinity)
            for (index, place) in left.enumerated() {
                let growth = 2 * sums[place] + gram[place, place]
                if growth < least { (best, least) = (index, growth) }
            }
            let place = left.remove(at: best)
            guard allows(place) else { continue }
            taken.append(place)
            for other in sums.indices { sums[other] += gram[place, other] }
        }
        return taken
    }

    /// A factor for each of the places kept that brings the sum of their contributions nearest to the targets.
    package func factors(of kept: [Int], damping: Double) throws -> [Double] {
        var system = Matrix(rows: kept.count, columns: kept.count) { gram[kept[$0], kept[$1]] }
        let mean = system.meanDiagonal
        guard mean > 0 else { return [Double](repeating: 1, count: kept.count) }
        system.addToDiagonal(damping * mean)
        let right = Matrix(rows: kept.count, columns: 1) { row, _ in response[kept[row]] + damping * mean }
        return try CholeskyFactor(system, damping: 1e-12).solve(right).elements
    }
}
