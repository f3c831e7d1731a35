import Foundation
package import Hardware
import Quantities

/// What a fit says of libraries, in the form of profiles: costs, and deviations by the class of a layer's main work.
package struct WorkCostTable: Sendable {
    private let fit: WorkCostFit
    /// Amounts of work of typical layers of each main class: the sum over the networks of the rows, each for one product.
    private let typical: [SIMD16<Double>]
    /// By how much the deviations of the fit are multiplied, so that 80 % of what is left out lies inside.
    private let measuredFactor: Double
    private let transferredFactor: Double

    package init(
        _ fit: WorkCostFit, networks rows: [MeasuredNetwork], measuredFactor: Double = 1, transferredFactor: Double = 1
    ) {
        self.fit = fit
        self.measuredFactor = measuredFactor
        self.transferredFactor = transferredFactor
        var typical = [SIMD16<Double>](repeating: .zero, count: WorkClass.allCases.count)
        for row in rows {
            for main in typical.indices {
                let size = row.parts[main].max()
                if size > 0 { typical[main] += row.parts[main] / size }
            }
        }
        self.typical = typical
    }

    /// The entry of a library on a core.
    package func entry(for library: LibraryOnCore) -> CoreWork {
        let rows = fit.count(of: library)
        let costs = fit.costs(of: library)
        let factor = rows > 0 ? measuredFactor : transferredFactor
        var entry = CoreWork(
            core: library.core, standing: rows > 0 ? .measured : .transferred, rows: rows, costs: [:], spread: [:])
        for work in WorkClass.allCases {
            entry.costs[work] = CycleCost(thousandths: Int((costs[work.position] * 1000).rounded()))
            let cycles = typical[work.position] * costs
            guard cycles.sum() > 0 else { continue }
            let deviation = fit.deviation(of: cycles / cycles.sum(), on: library) * factor
            entry.spread[work] = (deviation * 1000).rounded(.up) / 1000
        }
        return entry
    }

    /// The predicted cycles of a row and the relative deviation of the prediction.
    package static func prediction(of row: MeasuredNetwork, by entry: CoreWork) -> (cycles: Double, deviation: Double) {
        var costs = SIMD16<Double>()
        for (work, cost) in entry.costs { costs[work.position] = cost.value }
        let cycles = row.parts.indices.map { (row.parts[$0] * costs).sum() + row.stalls[$0] }
        return (cycles.reduce(0, +), entry.deviation(cycles: cycles.map { Int($0.rounded()) }))
    }
}
