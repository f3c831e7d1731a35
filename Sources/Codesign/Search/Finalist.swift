public import Compression
public import Estimation
public import Execution
import Hardware
import Scheduling

/// A whole compressed network that was costed as it is, and executed.
public struct Finalist: Sendable {
    public var candidate: Candidate
    /// Its place in the option tables, one option a layer; nil for the uncompressed network.
    public var choice: [Int]?
    /// The round of tables that it was chosen from.
    public var round = 0
    public var compressed: CompressedNetwork
    public var estimate: Estimate
    public var cost: CostVector
    /// Why the device's memories do not hold it; empty when they do.
    public var shortages: [String]
    /// Damage on the calibration cases, in billionths of the measure; nil until it is executed there.
    public var damage: Int64?
    /// Top-1 accuracy on the evaluation cases; nil without labels or until it is executed there.
    public var accuracy: Accuracy?
}

extension Finalist {
    /// Percentage points of top-1 accuracy lost against `reference`, in millionths.
    public func drop(against reference: Accuracy) -> Int64? {
        accuracy.map { mine in
            guard mine.total > 0 else { return 0 }
            let lost = Int64(reference.correct - mine.correct)
            return (lost * 100_000_000 + (lost < 0 ? -1 : 1) * Int64(mine.total / 2)) / Int64(mine.total)
        }
    }

    /// What the device's memories hold of the resources of which this network needs more than there is.
    ///
    /// Weights and activations in one memory give way in proportion to what they take.
    var capacities: [OptionTables.Resource: Int64] {
        var capacities: [OptionTables.Resource: Int64] = [:]
        for shortage in estimate.schedule.shortages {
            let isActivations = shortage.content == Content.activations.rawValue
            let isShared =
                isActivations && shortage.memory != nil && shortage.memory == estimate.schedule.placement.weights
            let resources = (isShared ? [.ram, .flash] : [isActivations ? .ram : .flash]) as [OptionTables.Resource]
            let amounts = resources.map { Int128(amount(of: $0.quantity) ?? 0) }
            let (missing, sum) = (Int128(shortage.neededBytes - shortage.availableBytes), max(amounts.reduce(0, +), 1))
            for (resource, amount) in zip(resources, amounts) {
                let share = isShared ? (missing * amount + sum - 1) / sum : missing
                capacities[resource] = (capacities[resource] ?? Int64(clamping: amount)) - Int64(clamping: share)
            }
        }
        return capacities
    }

    /// The network's cost in the integer unit of a budget on `quantity`, or nil where it is not a cost.
    func amount(of quantity: BudgetedQuantity) -> Int64? {
        switch quantity {
        case .latency: cost.cycles
        case .energy: cost.femtojoules
        case .ram: Int64(estimate.totals.ramBytes)
        case .flash: cost.flashBytes
        case .accuracyDrop: nil
        }
    }
}
