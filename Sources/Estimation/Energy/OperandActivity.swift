public import Hardware
public import Workloads

/// How much the operands that execution met switch, relative to operands of random bits.
///
/// The dynamic energy of CMOS logic is proportional to the transitions of its nodes (Weste and Harris, CMOS VLSI Design,
/// `P = a C V^2 f`). A bus of random bits changes half of them each time, which published energies of operations take
/// for granted; so a bus draws `fraction changed / 0.5`, and a multiplier the mean of its two operands. Where the machine
/// gates zeros, the products of a zero draw nothing. It is *not* a simulation of the multiplier's inner nodes, and buses
/// carry operands in their stored order, whatever the order of the machine's loops.
public struct OperandActivity: Sendable, Hashable {
    /// Factors on the energy of products, and of moving weights and activations; 1 for random operands.
    public let products: Double
    public let weights: Double
    public let activations: Double

    /// nil when execution counted nothing of the layer.
    public init?(_ layer: WorkloadLayer, gatedBy gates: Set<ZeroGate>) {
        let counted = [layer.activationToggles, layer.weightToggles]
        guard counted.contains(where: { $0?.origin == .executed }) else { return nil }
        activations = (layer.activationToggles?.value ?? 0.5) / 0.5
        weights = (layer.weightToggles?.value ?? 0.5) / 0.5
        var live = 1.0
        if gates.contains(.activations) { live *= 1 - (layer.activationZeros?.value ?? 0) }
        if gates.contains(.weights) { live *= layer.weights?.density ?? 1 }
        products = live * (activations + weights) / 2
    }

    /// Femtojoules that these operands add to energies of random ones; negative for quieter operands.
    public func changing(products: Int, weights: Int, activations: Int) -> Int {
        let change =
            Double(products) * (self.products - 1) + Double(weights) * (self.weights - 1)
            + Double(activations) * (self.activations - 1)
        return Int(exactly: min(max(change.rounded(), -9e18), 9e18)) ?? 0
    }
}
