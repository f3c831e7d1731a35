import Diagnostics
import Tensors

/// Buckets and the network that combines reads, fitted together without training.
///
/// Hidden units start as seeded random directions with `v = 0`, so the start is the linear fit. Then, in turns, the units' `v`
/// are fitted by least squares, and the buckets move along the gradient over its diagonal curvature by the length that is best
/// for a linear network; a turn that does not lower the error is not taken. So hidden units never do harm.
struct FunctionalHashFit {
    private(set) var buckets: [Float]
    private(set) var network: ReadNetwork
    /// After the linear fit, and after each round.
    private(set) var errors: [Double] = []
    private let fit: HashFit

    /// - Parameter rounds: turns of both.
    init(_ fit: HashFit, hidden: Int, seed: UInt32, rounds: Int) throws {
        self.fit = fit
        buckets = fit.buckets().map { Float($0) }
        network = try ReadNetwork(reads: fit.reads.reads)
        errors = [error(buckets, network)]
        guard hidden > 0 else { return }
        network = try units(hidden, seed: seed)
        for _ in 0..<rounds {
            fitOutputs()
            moveBuckets()
        }
    }

    /// Random units whose inputs have about the size of the offsets.
    private func units(_ count: Int, seed: UInt32) throws -> ReadNetwork {
        let reads = fit.reads.reads
        var generator = SplitMix64(seed: UInt64(seed))
        func uniform() -> Float { Float(Double(generator.next() >> 11) * 0x1p-52 - 1) }
        let square = buckets.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(buckets.count, 1))
        let size = square > 0 ? Float((square * Double(reads)).squareRoot()) : 1
        var reals: [Float] = []
        for _ in 0..<count {
            for _ in 0..<reads { reals.append(uniform() / size) }
            reals += [uniform(), 0]
        }
        return try ReadNetwork(reads: reads, reals: reals)
    }

    private func elements(_ buckets: [Float], _ network: ReadNetwork) -> [Double] {
        network.elements(of: fit.reads, buckets: buckets).map(Double.init)
    }

    private func error(_ buckets: [Float], _ network: ReadNetwork) -> Double { fit.error(elements(buckets, network)) }

    private mutating func accept(_ buckets: [Float], _ network: ReadNetwork) -> Bool {
        let error = error(buckets, network)
        guard let last = errors.last, error < last else { return false }
        (self.buckets, self.network) = (buckets, network)
        errors.append(error)
        return true
    }

    /// The least-squares `v` for the units as they are.
    private mutating func fitOutputs() {
        let (reads, hidden) = (fit.reads.reads, network.hidden)
        let values = ReadNetwork.values(of: fit.reads, buckets: buckets)
        let features = (0..<hidden).map { unit in
            (0..<fit.reads.count).map { element in
                Double(network.unit(unit, values[element * reads..<(element + 1) * reads]))
            }
        }
        let linear = fit.reads.scattered(buckets.map(Double.init))
        let rest = fit.weighted(zip(fit.target, linear).map { $0 - $1 })
        let weighted = features.map(fit.weighted)
        let gram = Matrix(rows: hidden, columns: hidden) { features[$0].dot(weighted[$1]) }
        let right = Matrix(rows: hidden, columns: 1) { row, _ in features[row].dot(rest) }
        guard let outputs = try? CholeskyFactor(gram, damping: 1e-9).solve(right).elements else { return }
        var candidate = network
        candidate.outputs = outputs.map { Float($0) }
        _ = accept(buckets, candidate)
    }

    /// One step of the buckets, halved as long as it does not help.
    private mutating func moveBuckets() {
        let reads = fit.reads.reads
        let values = ReadNetwork.values(of: fit.reads, buckets: buckets)
        let error = zip(fit.target, elements(buckets, network)).map { $0 - $1 }
        let weighted = fit.weighted(error)
        var gradient = [Double](repeating: 0, count: buckets.count)
        var curvature = gradient
        let slopes = (0..<fit.reads.count).flatMap { network.slopes(values[$0 * reads..<($0 + 1) * reads]) }
        for read in slopes.indices {
            let (place, slope) = (Int(fit.reads.places[read]), Double(slopes[read]))
            gradient[place] += Double(fit.reads.signs[read]) * slope * weighted[read / reads]
            curvature[place] += slope * slope
        }
        let step = zip(gradient, curvature).map { $1 > 0 ? $0 / $1 : 0 }
        var change = [Double](repeating: 0, count: fit.reads.count)
        for read in slopes.indices {
            change[read / reads] +=
                Double(fit.reads.signs[read] * slopes[read]) * step[Int(fit.reads.places[read])]
        }
        let bend = change.dot(fit.weighted(change))
        guard bend > 0 else { return }
        var length = change.dot(weighted) / bend
        for _ in 0..<5 {
            if accept(zip(buckets, step).map { $0 + Float(length * $1) }, network) { return }
            length /= 2
        }
    }
}
