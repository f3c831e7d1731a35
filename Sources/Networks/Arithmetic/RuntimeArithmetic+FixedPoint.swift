public import FixedPoint

/// Arithmetics that round an exact product once: of layers with weights, of sums and means and of changes of grid.
extension RuntimeArithmetic {
    /// One arithmetic for each of the seven rounding rules; `fixed-point-stochastic` has the seed 1.
    public static let fixedPoint = Rounding.allCases.map { fixedPoint($0) } + [fixedPointStochastic(seed: 1)]

    /// The arithmetic of one deterministic rule.
    public static func fixedPoint(_ rounding: Rounding) -> RuntimeArithmetic {
        RuntimeArithmetic(name: name(of: rounding), family: .exact(.deterministic(rounding)))
    }

    /// Sums of layers with weights are rounded stochastically; everything else to the nearest, halves to even.
    ///
    /// The name is `fixed-point-stochastic`, followed by `-SEED` unless the seed is 1.
    /// - Precondition: `seed` is not 0.
    public static func fixedPointStochastic(seed: UInt32) -> RuntimeArithmetic {
        let sums = RequantizationFamily.exact(.stochastic(StochasticRounding(seed: seed)))
        return RuntimeArithmetic(
            name: seed == 1 ? stochasticName : "\(stochasticName)-\(seed)", convolution: sums, depthwise: sums,
            fullyConnected: sums, elementwise: .exact(.deterministic(.halfToEven)))
    }

    /// The stochastic arithmetic whose name ends in a seed, or nil for other names.
    static func seeded(_ name: String) -> RuntimeArithmetic? {
        guard name.hasPrefix(stochasticName + "-"), let seed = UInt32(name.dropFirst(stochasticName.count + 1)),
            seed != 0
        else { return nil }
        let arithmetic = fixedPointStochastic(seed: seed)
        return arithmetic.name == name ? arithmetic : nil
    }

    private static let stochasticName = "fixed-point-stochastic"

    private static func name(of rounding: Rounding) -> String {
        switch rounding {
        case .halfUp: "fixed-point-half-up"
        case .halfAwayFromZero: "fixed-point-half-away"
        case .halfToEven: "fixed-point-half-even"
        case .floor: "fixed-point-floor"
        case .ceiling: "fixed-point-ceiling"
        case .towardZero: "fixed-point-toward-zero"
        }
    }
}
