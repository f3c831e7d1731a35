import Diagnostics

/// The catalog of architectures by name.
public struct Zoo: Sendable {
    public let architectures: [Architecture]

    public init(_ architectures: [Architecture]) {
        self.architectures = architectures
    }

    /// Every architecture of this library, one line each.
    public static let standard = Zoo([
        .alexNet,
        .vgg16,
        .googLeNet,
        .resNet50,
        .mobileNetV1,
        .squeezeNet,
    ])

    /// The network called `name`, with weights drawn from `seed`.
    ///
    /// - Throws: `Diagnostics` with the names there are.
    public func network(named name: String, seed: UInt64 = 0) throws -> Network {
        if let architecture = architectures.first(where: { $0.name == name }) {
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
