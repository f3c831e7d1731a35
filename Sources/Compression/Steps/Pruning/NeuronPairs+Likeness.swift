import Networks

extension NeuronPairs {
    /// What makes one neuron fit to stand for another.
    enum Likeness {
        /// Equal parameters, joined to one vector for each class of units.
        case equality([Int: [Double]])
        /// Proportional channels in what each reading reads; `rows` are those of the classes.
        case proportion([Matrix], rows: [Int: Int])

        /// - Parameter weights: those of each reading; nil results when one reads what has no inner products.
        init?(proportionsIn grams: ChannelGrams, readBy weights: [ValueID]) {
            var read: [Matrix] = []
            for id in weights {
                let operands = grams.analysis.network.nodes.filter { $0.inputs.dropFirst().contains(id) }.map {
                    grams[$0.inputs[0]]
                }
                let found = operands.compactMap { $0 }
                guard found.count == operands.count, let first = found.first else { return nil }
                read.append(found.dropFirst().reduce(first) { $0.plus($1) })
            }
            self = .proportion(read, rows: grams.rows)
        }

        var keepsProportions: Bool {
            switch self {
            case .equality: false
            case .proportion: true
            }
        }

        /// By what the weights that read a neuron are multiplied when another takes its place.
        func factor(from leaving: Int, to staying: Int, reading: Int) -> Double {
            switch self {
            case .equality: return 1
            case .proportion(let grams, let rows):
                guard let row = rows[leaving], let column = rows[staying] else { return 0 }
                let square = grams[reading][column, column]
                return square > 0 ? max(0, grams[reading][row, column] / square) : 0
            }
        }

        /// The squared distance of a neuron from what takes its place, times the energies of what reads it.
        ///
        /// - Parameter limit: a saliency that is not below need not be exact.
        func saliency(of leaving: Int, in staying: Int, energies: [Double], limit: Double) -> Double {
            switch self {
            case .equality(let vectors):
                guard let own = vectors[leaving], let other = vectors[staying] else { return .infinity }
                let mean = energies.reduce(0, +)
                let bound = mean > 0 ? limit / mean : .infinity
                var sum = 0.0
                for (first, second) in zip(own, other) where sum < bound {
                    sum += (first - second) * (first - second)
                }
                return mean * sum
            case .proportion(let grams, let rows):
                guard let row = rows[leaving], let column = rows[staying] else { return .infinity }
                return grams.indices.reduce(0) { sum, reading in
                    let factor = factor(from: leaving, to: staying, reading: reading)
                    let rest = grams[reading][row, row] - factor * grams[reading][row, column]
                    return sum + energies[reading] * max(0, rest)
                }
            }
        }
    }
}
