import FixedPoint
import SIMDKernels

extension RequantizationFamily {
    /// The family in vector kernels, or nil for one that they lack.
    var vector: dt_family? {
        switch self {
        case .doubleRounding: dt_double_rounding
        case .halfUpShift: dt_half_up_shift
        case .singleRounding: dt_single_rounding
        case .float: dt_float_scale
        case .reducedMultiplier, .doublePrecision: nil
        // On 32-bit sums the same, whatever the factor.
        case .exact(.deterministic(.halfUp)): dt_single_rounding
        case .exact: nil
        }
    }
}
