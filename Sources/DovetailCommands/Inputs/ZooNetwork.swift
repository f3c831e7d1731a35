import Compression
import Manifests
import Networks

/// `zoo:NAME`, an architecture with seeded weights.
struct ZooNetwork: NetworkForm {
    private static let prefix = "zoo:"

    func compressedNetwork(_ argument: String) throws -> CompressedNetwork? {
        guard argument.hasPrefix(Self.prefix), Disk.kind(of: argument) == nil else { return nil }
        let name = String(argument.dropFirst(Self.prefix.count))
        let names = Zoo.standard.architectures.map(\.name)
        guard names.contains(name.lowercased()) else {
            let fix = Spelling.fix(for: name, among: names) ?? "there are \(names.joined(separator: ", "))"
            throw CommandFailure.wrongUsage("no architecture is called '\(name)'; \(fix)")
        }
        return CompressedNetwork(try Zoo.standard.network(named: name))
    }
}
