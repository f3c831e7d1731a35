/// A rewriting of a network that keeps what it computes.
///
/// A pass of integer nodes keeps every integer; a pass of float nodes keeps results up to float32 rounding.
public protocol NetworkPass: Sendable {
    /// The name in reports, lowerCamelCase.
    static var name: String { get }

    /// The rewritten network; values that nothing uses any more may stay.
    func applied(to network: Network) -> Network
}

extension Network {
    /// The network after `pass`.
    public func applying(_ pass: some NetworkPass) -> Network {
        pass.applied(to: self)
    }

    /// The network after all of `passes` in order, without what nothing uses.
    ///
    /// Names of layers, of inputs and of outputs stay.
    public func simplified(by passes: [any NetworkPass] = NetworkPasses.standard) -> Network {
        passes.reduce(self) { $1.applied(to: $0) }.compacted()
    }
}

/// The catalog of passes.
public enum NetworkPasses {
    /// Every pass that keeps integers as they are, in an order in which each prepares the next.
    ///
    /// `QuantizationFusion` is for readers: it gives patterns of real nodes the integer meaning that their format intends.
    public static let standard: [any NetworkPass] = [
        ConstantFolding(), LayoutCleanup(), TransposeAbsorption(), PaddingFusion(),
        BatchNormalizationFolding(), BiasFolding(), ActivationFusion(), DeadNodeRemoval(),
    ]
}
