/// Weights of one filter leave one after the other, and those left move to make up for each (Optimal Brain Surgeon).
///
/// `H` is the Hessian of the filter's squared response error, `G` the inverse of the part of `H` for the weights still free.
/// Without weight `q` the error grows by `w_q² / (2 G_qq)`, and `w - w_q / G_qq * G e_q` are the best other weights; `G` then
/// loses `G e_q e_q' G / G_qq`. `G` is kept as the inverse of the whole and one vector for each weight that left, so a removal
/// costs `columns * weights that left` products.
package struct BrainSurgeon: Sendable {
    /// With exact zeros where weights left.
    package private(set) var weights: [Double]
    /// The growth of half the curved error so far.
    package private(set) var loss = 0.0
    /// Weights that may still leave.
    package private(set) var isFree: [Bool]
    /// The diagonal of `G`.
    private var diagonal: [Double]
    private let inverse: Matrix
    /// `G = inverse - sum of v v'`, one row a vector.
    private var vectors: [Double] = []
    private var count = 0

    /// - Parameter inverse: of the whole Hessian, `weights x weights`.
    package init(weights: [Double], inverse: Matrix) {
        precondition(inverse.rows == weights.count && inverse.columns == weights.count, "matrices do not fit")
        self.weights = weights
        self.inverse = inverse
        diagonal = weights.indices.map { inverse[$0, $0] }
        isFree = [Bool](repeating: true, count: weights.count)
    }

    /// By how much the error grows without a weight.
    package func saliency(of place: Int) -> Double {
        weights[place] * weights[place] / (2 * diagonal[place])
    }

    /// The free weight with the least saliency among those for which `isEligible`; of equals, the first.
    package func cheapest(where isEligible: (Int) -> Bool = { _ in true }) -> Int? {
        var best: (place: Int, saliency: Double)?
        for place in weights.indices where isFree[place] && isEligible(place) {
            let saliency = saliency(of: place)
            if saliency < best?.saliency ?? .infinity { best = (place, saliency) }
        }
        return best?.place
    }

    /// Makes a weight zero for good and moves the others.
    package mutating func remove(_ place: Int) {
        var vector = column(of: place)
        let pivot = vector[place]
        isFree[place] = false
        guard pivot > 0 else {
            weights[place] = 0
            return
        }
        let (weight, root) = (weights[place], pivot.squareRoot())
        loss += weight * weight / (2 * pivot)
        for index in vector.indices {
            vector[index] = isFree[index] || index == place ? vector[index] / root : 0
            diagonal[index] -= vector[index] * vector[index]
            weights[index] -= weight / root * vector[index]
        }
        weights[place] = 0
        vectors += vector
        count += 1
    }

    /// Column `place` of `G`.
    private func column(of place: Int) -> [Double] {
        let size = weights.count
        var column = Array(inverse.elements[place * size..<(place + 1) * size])
        column.withUnsafeMutableBufferPointer { column in
            vectors.withUnsafeBufferPointer { vectors in
                for row in 0..<count {
                    let start = row * size
                    let factor = vectors[start + place]
                    for index in 0..<size { column[index] -= factor * vectors[start + index] }
                }
            }
        }
        return column
    }

    /// Removes the weights that are to be gone, then the cheapest until `removals` have left.
    ///
    /// - Parameters:
    ///   - pattern: with one, weights leave until no block of neighbours has more than it keeps, whatever `removals`.
    ///   - gone: weights that leave first; nil for those that are zero.
    package mutating func operate(removals: Int, pattern: NeighbourPattern? = nil, gone: [Int]? = nil) {
        let size = pattern?.size ?? max(weights.count, 1)
        let kept = pattern?.kept ?? 0
        var left = stride(from: 0, to: weights.count, by: size).map { min(size, weights.count - $0) }
        func take(_ place: Int) {
            remove(place)
            left[place / size] -= 1
        }
        for place in gone ?? weights.indices.filter({ weights[$0] == 0 }) { take(place) }
        while pattern != nil || count(of: left) < removals {
            guard let place = cheapest(where: { left[$0 / size] > kept }) else { return }
            take(place)
        }
    }

    private func count(of left: [Int]) -> Int { weights.count - left.reduce(0, +) }
}
