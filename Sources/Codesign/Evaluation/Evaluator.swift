public import Compression
import Execution
public import Networks

/// Compresses the given network as candidates ask, always in the same way for the same candidate.
public struct Evaluator: Sendable {
    /// The network as given, simplified.
    public let network: Network
    /// The point of the design space that leaves the network uncompressed in integers.
    package let baseline: Candidate
    let catalog: StepCatalog
    let observer: any ActivationObserver
    /// What was seen of the network as given.
    let statistics: ActivationStatistics
    /// Layers that choose for all whose channels leave the network together with theirs.
    let leaders: Set<String>

    public init(
        network: Network, catalog: StepCatalog, observer: any ActivationObserver
    ) throws {
        self.network = network
        self.catalog = catalog
        self.observer = observer
        leaders = Set(ChannelGroups(of: network).groups.compactMap(\.layers.first))
        baseline = Candidate.baseline(of: network)
        statistics = network.isInteger ? ActivationStatistics() : try observer.statistics(of: network)
    }

    /// A network after the steps that change its real weights, with what was seen of its activations.
    struct Structure: Sendable {
        var compressed: CompressedNetwork
        var observed: ActivationStatistics
    }

    /// Applies the structural steps of `candidate` and observes the network that they leave.
    ///
    /// - Throws: `Diagnostics` when a step does not suit its layer.
    func structure(of candidate: Candidate) throws -> Structure {
        let entries = candidate.structuralEntries()
        let given = CompressedNetwork(network)
        guard !entries.isEmpty else {
            return Structure(compressed: given, observed: statistics)
        }
        let steps = try catalog.steps(of: Recipe(steps: entries))
        let compressed = try given.applying(
            steps, observing: KnownStatistics(statistics: statistics, cases: observer))
        guard !network.isInteger else {
            return Structure(compressed: compressed, observed: statistics)
        }
        let seen = try observer.statistics(of: compressed.network)
        return Structure(compressed: compressed, observed: seen)
    }

    /// Puts a structure on the candidate's grids and chooses how its weights are stored.
    func quantize(_ structure: Structure, for candidate: Candidate) throws -> CompressedNetwork {
        let entries = candidate.integerEntries(baseline: network.isInteger ? baseline : nil)
        let steps = try catalog.steps(of: Recipe(steps: entries))
        return try structure.compressed.applying(
            steps, observing: KnownStatistics(statistics: structure.observed, cases: observer))
    }

    /// The compressed network that `candidate` asks for.
    ///
    /// - Throws: `Diagnostics` when a step does not suit its layer.
    package func compress(_ candidate: Candidate) throws -> CompressedNetwork {
        try quantize(structure(of: candidate), for: candidate)
    }
}
