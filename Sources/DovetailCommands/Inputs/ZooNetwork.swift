import Compression
import Diagnostics
import Networks

/// `zoo:NAME`, an architecture with seeded weights.
struct ZooNetwork: NetworkForm {
    private static let prefix = "zoo:"

    func compressedNetwork(_ argument: String) throws -> CompressedNetwork? {
        guard argument.hasPrefix(Self.prefix), Disk.kind(of: argument) == nil else { return nil }
        let name = String(argument.dropFirst(Self.prefix.count))
        do {
            return CompressedNetwork(try Zoo.standard.network(named: name))
        } catch let finding as Diagnostic {
            throw CommandFailure.wrongUsage([finding.message, finding.fix].compactMap { $0 }.joined(separator: "; "))
        }
    }
}
