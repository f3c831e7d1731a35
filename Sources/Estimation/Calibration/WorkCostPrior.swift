import Foundation
import Hardware

/// What is believed of costs of work before any row is seen: their means, and how costs of relations vary together.
///
/// The logarithm of a cost is a sum of independent normal deviations: of all costs, of the family, of the version, of the
/// core, of the family on the core, each with a part common to all classes (`level`) and a part for each class (`classes`);
/// a version on a core has a part for each class. The deviations were chosen by the density that leave-group-out predictions
/// give the rows left out (by group, by version on a core, by network), in steps of 1.6; `noise` is how far two submissions of
/// the same thing differ (0.3 % in the middle, 1.8 % for one in ten).
package struct WorkCostPrior: Sendable {
    /// Standard deviations of logarithms, shared by what is equal in two libraries on cores.
    package struct Deviations: Sendable {
        var all: Double
        var family: Double
        var version: Double
        var core: Double
        var familyOnCore: Double
        var versionOnCore: Double

        /// The covariance of one part of two logarithms.
        func covariance(_ left: LibraryOnCore, _ right: LibraryOnCore) -> Double {
            let sameFamily = left.family == right.family
            let sameVersion = sameFamily && left.version == right.version
            let sameCore = left.core == right.core
            return all * all + (sameFamily ? family * family : 0) + (sameVersion ? version * version : 0)
                + (sameCore ? core * core : 0) + (sameFamily && sameCore ? familyOnCore * familyOnCore : 0)
                + (sameVersion && sameCore ? versionOnCore * versionOnCore : 0)
        }
    }

    var level: Deviations
    var classes: Deviations
    /// Relative standard deviation of a repeated measurement.
    var noise: Double
    /// Logarithms of cycles by `WorkClass.position`.
    var means: SIMD16<Double>

    /// Means of the order of loops in open libraries on a Cortex-M4.
    package static let standard = WorkCostPrior(
        level: Deviations(all: 0.3, family: 0.38, version: 0.24, core: 1, familyOnCore: 0.15, versionOnCore: 0),
        classes: Deviations(
            all: 0.2, family: 0.3, version: 0.33, core: 0.12, familyOnCore: 0.1, versionOnCore: 0.08),
        noise: 0.008, means: logarithms([2.6, 1.6, 1.6, 5, 1.8, 18, 12, 2.5, 1500]))

    private static func logarithms(_ cycles: [Double]) -> SIMD16<Double> {
        var result = SIMD16<Double>()
        for (place, value) in cycles.enumerated() { result[place] = log(value) }
        return result
    }
}
