import Compression
import Testing

@Suite struct ResponseRoundingTests {
    private struct Case {
        var rounding: ResponseRounding
        var filter: ResponseRounding.Filter
    }

    /// A filter of `columns` weights on inputs that are correlated, or all orthogonal.
    private func make(seed: UInt64, columns: Int = 7, levels: Double = 7, orthogonal: Bool = false) throws -> Case {
        var generator = SplitMix(seed: seed)
        var curvature = Matrix(rows: columns, columns: columns) { _, _ in 0 }
        if orthogonal {
            for place in 0..<columns { curvature.elements[place * (columns + 1)] = Double(generator.signed()) + 1.5 }
        } else {
            let mixing = Matrix(rows: columns, columns: columns) { _, _ in Double(generator.signed()) }
            curvature.addGram(of: mixing)
            for place in 0..<columns { curvature.elements[place * (columns + 1)] += 0.02 }
        }
        let weights = (0..<columns).map { _ in Double(generator.signed()) }
        return Case(
            rounding: try ResponseRounding(curvature),
            filter: .init(
                weights: weights, steps: [Double](repeating: 1 / levels, count: columns),
                limits: [Double](repeating: levels, count: columns)))
    }

    /// On orthogonal inputs every weight is for itself: both ways of rounding are rounding to the nearest.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func orthogonalInputsRoundToTheNearest(seed: UInt64) throws {
        let made = try make(seed: seed, orthogonal: true)
        #expect(made.rounding.sequential(made.filter) == made.filter.nearest)
        #expect(made.rounding.descended(from: made.filter.nearest, for: made.filter) == made.filter.nearest)
    }

    /// Descent only lowers the error, and stops where no weight can move alone.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func descentEndsWhereNothingGains(seed: UInt64) throws {
        let made = try make(seed: seed)
        for start in [made.filter.nearest, made.rounding.sequential(made.filter)] {
            let end = made.rounding.descended(from: start, for: made.filter)
            let error = made.rounding.error(of: end, for: made.filter)
            #expect(error <= made.rounding.error(of: start, for: made.filter))
            for place in end.indices {
                for move in [-1.0, 1] where abs(end[place] + move) <= made.filter.limits[place] {
                    var other = end
                    other[place] += move
                    #expect(made.rounding.error(of: other, for: made.filter) >= error - 1e-12)
                }
            }
        }
    }

    /// Beside all combinations of up and down: nearest is far from the best, sequential with descent is close.
    @Test func nearTheBestOfAllCombinations() throws {
        var (nearest, found, best) = (0.0, 0.0, 0.0)
        for seed in 100..<130 as Range<UInt64> {
            let made = try make(seed: seed, columns: 6, levels: 3)
            nearest += made.rounding.error(of: made.filter.nearest, for: made.filter)
            let ways = [made.filter.nearest, made.rounding.sequential(made.filter)].map {
                made.rounding.error(of: made.rounding.descended(from: $0, for: made.filter), for: made.filter)
            }
            found += ways.min() ?? 0
            let floors = made.filter.weights.map { ($0 * 3).rounded(.down) }
            best +=
                (0..<64).map { choice in
                    let integers = floors.indices.map { min(max(floors[$0] + Double(choice >> $0 & 1), -3), 3) }
                    return made.rounding.error(of: integers, for: made.filter)
                }.min() ?? 0
        }
        #expect(found < 0.5 * nearest && found < 1.3 * best)
    }

    /// Never worse than nearest rounding; the step is the least-squares one, zeros stay.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func fitsAreNeverWorseThanNearest(seed: UInt64) throws {
        let made = try make(seed: seed, columns: 9)
        var plain = made.filter.weights
        plain[4] = 0
        let ones = [Double](repeating: 1, count: 9)
        for limit in [1, 3, 7] {
            let fitting = ScaleFitting(
                made.rounding, weights: made.filter.weights, plain: plain, limit: limit, multiples: ones)
            let fit = fitting.best()
            #expect(fit.integers[4] == 0 && fit.integers.allSatisfy { abs($0) <= Double(limit) })
            func error(_ step: Double, _ integers: [Double]) -> Double {
                let filter = ResponseRounding.Filter(
                    weights: made.filter.weights, steps: [Double](repeating: step, count: 9), limits: ones)
                return made.rounding.error(of: integers, for: filter)
            }
            let step = plain.reduce(0) { max($0, abs($1)) } / Double(limit)
            #expect(fit.error <= error(step, plain.map { ($0 / step).rounded() }) + 1e-6)
            #expect(fitting.responseError(fit) <= fitting.responseError(fitting.nearest))
            #expect(error(fit.step, fit.integers) <= error(fit.step * 1.01, fit.integers))
            #expect(error(fit.step, fit.integers) <= error(fit.step * 0.99, fit.integers))
        }
    }
}
