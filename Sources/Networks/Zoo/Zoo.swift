import Diagnostics

/// The catalog of architectures by name.
public struct Zoo: Sendable {
    public let architectures: [Architecture]

    public init(_ architectures: [Architecture]) {
        self.architectures = architectures
    }

    /// Every architecture of this library, a line for each family or network.
    public static let standard = Zoo(
        [.alexNet, .vgg16, .networkInNetwork, .networkInNetworkImageNet, .googLeNet]
            + Architecture.resNets
            + Architecture.cifarResNets
            + [.resNeXt50]
            + Architecture.denseNets
            + [.squeezeNet, .squeezeNetNarrow]
            + [.mobileNetV1]
            + Architecture.narrowMobileNets
            + [.mobileNetV2]
            + Architecture.shuffleNets
            + [.darknet19, .tinyYOLOv2])

    /// The network called `name`, whatever its letters' case, with weights drawn from `seed`.
    ///
    /// - Throws: `Diagnostics` with the names there are.
    public func network(named name: String, seed: UInt64 = 0) throws -> Network {
        let wanted = name.lowercased()
        if let architecture = architectures.first(where: { $0.name == wanted }) {
            return architecture.network(seed: seed)
        }
        let names = architectures.map(\.name).joined(separator: ", ")
        throw Diagnostics([
            Diagnostic(
                "there is no architecture '\(name)'", at: SourceLocation(file: "zoo:\(name)"),
                fix: "the architectures are \(names)")
        ])
    }
}
