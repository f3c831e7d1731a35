import Compression
import Diagnostics
import Networks

/// What the argument NET leads to: a compressed network, which a plain network is as well.
struct NetworkSource: Sendable {
    /// The argument as the user wrote it.
    var name: String
    var compressed: CompressedNetwork

    /// Reads the network that an argument names; a form is recognized by its contents.
    ///
    /// - Throws: `CommandFailure`, or `Diagnostics` for the contents.
    init(_ argument: String, catalog: [any NetworkForm] = NetworkSource.forms) throws {
        name = argument
        for form in catalog {
            if let compressed = try form.compressedNetwork(argument) {
                self.compressed = compressed
                return
            }
        }
        compressed = CompressedNetwork(
            try NetworkFormats.standard.read(try Disk.read(argument), fileName: argument))
    }

    /// The forms that are tried before the network file formats; a new one is one line here.
    static let forms: [any NetworkForm] = [ZooNetwork(), ParameterFolder(), DovetailFolder(), PlanNetwork()]

    /// The network as it is executed and costed: batch normalization folded, padding and activations fused.
    func simplified() -> NetworkSource {
        guard compressed.history.isEmpty else { return self }
        var result = self
        result.compressed.network = compressed.network.simplified()
        return result
    }

    /// What makes results worthless though the network can be executed, a warning each.
    var warnings: [String] {
        compressed.network.unusableNumbers.map { finding in
            var warning = finding
            warning.severity = .warning
            warning.location?.file = name
            return warning.rendered()
        }
    }
}
