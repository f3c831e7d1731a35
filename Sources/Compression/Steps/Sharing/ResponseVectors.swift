import Diagnostics

/// Tables and places of vectors that bring a layer's responses near their targets, found in turns from given ones.
///
/// With `G = X'X` and `C = X'Y` of the inputs and targets, the squared error of rows `w` is `sum_o w_o G w_o' - 2 w_o C_o`. A
/// turn gives each part of each row, the others fixed, the vector of least error, and then moves all vectors of a table, places
/// fixed, to the least squares solution. Neither makes the error larger.
struct ResponseVectors {
    private(set) var vectors: QuantizedVectors
    private let gram: Matrix
    private let outputs: Int
    private let parts: Int
    private var centers: [Double]
    private var places: [Int]
    /// `C' - W G`, a row an output.
    private var residual: Matrix
    private var weights: Matrix

    /// - Precondition: `vectors` have one stage and as many rows as the moments have targets.
    init(_ moments: ResponseMoments, start vectors: QuantizedVectors, rounds: Int) throws {
        (self.vectors, gram, outputs) = (vectors, moments.gram, moments.cross.columns)
        parts = gram.rows / vectors.form.length
        centers = vectors.centers.map(Double.init)
        places = vectors.places.map(Int.init)
        weights = Matrix(rows: 0, columns: 0, elements: [])
        residual = weights
        weights = composed()
        let cross = moments.cross.transposed
        residual = cross.minus(weights.times(gram))
        for _ in 0..<rounds {
            choosePlaces()
            for table in 0..<vectors.form.tables {
                try moveCenters(ofTable: table)
                let moved = composed()
                residual = residual.minus(moved.minus(weights).times(gram))
                weights = moved
            }
        }
        self.vectors.centers = centers.map { Float($0) }
        self.vectors.places = places.map { UInt32($0) }
    }

    private var length: Int { vectors.form.length }

    /// Where the vector of a part of a row starts among the centers.
    private func start(_ place: Int, part: Int) -> Int {
        (part % vectors.form.tables * vectors.count + place) * length
    }

    private func composed() -> Matrix {
        Matrix(rows: outputs, columns: parts * length) { output, column in
            let part = column / length
            return centers[start(places[output * parts + part], part: part) + column % length]
        }
    }

    private mutating func choosePlaces() {
        for part in 0..<parts {
            let first = part * length
            let norms = (0..<vectors.count).map { place -> Double in
                let vector = start(place, part: part)
                return (0..<length).reduce(0) { sum, row in
                    (0..<length).reduce(sum) {
                        $0 + centers[vector + row] * gram[first + row, first + $1] * centers[vector + $1]
                    }
                }
            }
            for output in 0..<outputs { choosePlace(of: output, part: part, norms: norms) }
        }
    }

    private mutating func choosePlace(of output: Int, part: Int, norms: [Double]) {
        let (first, depth) = (part * length, parts * length)
        let old = places[output * parts + part]
        let own = start(old, part: part)
        let target = (0..<length).map { row in
            (0..<length).reduce(residual[output, first + row]) {
                $0 + gram[first + row, first + $1] * centers[own + $1]
            }
        }
        func error(_ place: Int) -> Double {
            let vector = start(place, part: part)
            return (0..<length).reduce(norms[place]) { $0 - 2 * target[$1] * centers[vector + $1] }
        }
        var best = (place: old, error: error(old))
        for place in 0..<vectors.count {
            let found = error(place)
            if found < best.error { best = (place, found) }
        }
        guard best.place != old else { return }
        places[output * parts + part] = best.place
        let new = start(best.place, part: part)
        for element in 0..<length {
            let change = centers[new + element] - centers[own + element]
            weights.elements[output * depth + first + element] += change
            let row = (first + element) * depth
            for column in 0..<depth {
                residual.elements[output * depth + column] -= change * gram.elements[row + column]
            }
        }
    }

    /// The least squares step of all vectors of a table: `A step = sum of residuals`, unused vectors stay.
    private mutating func moveCenters(ofTable table: Int) throws {
        let members = Array(stride(from: table, to: parts, by: vectors.form.tables))
        let size = vectors.count * length
        var (system, right) = ([Double](repeating: 0, count: size * size), [Double](repeating: 0, count: size))
        for output in 0..<outputs {
            for part in members {
                let row = places[output * parts + part] * length
                for element in 0..<length { right[row + element] += residual[output, part * length + element] }
                for other in members {
                    let column = places[output * parts + other] * length
                    for element in 0..<length * length {
                        let (i, j) = (element / length, element % length)
                        system[(row + i) * size + column + j] += gram[part * length + i, other * length + j]
                    }
                }
            }
        }
        let factor = try CholeskyFactor(Matrix(rows: size, columns: size, elements: system), damping: 1e-8)
        let step = try factor.solve(Matrix(rows: size, columns: 1, elements: right)).elements
        for place in step.indices { centers[table * size + place] += step[place] }
    }
}
