import Compression
import Foundation

/// A `.dovetail` folder.
struct DovetailFolder: NetworkForm {
    func compressedNetwork(_ argument: String) throws -> CompressedNetwork? {
        guard Disk.kind(of: argument) == .folder else { return nil }
        let folder = URL(fileURLWithPath: argument)
        func read(_ name: String) throws -> Data {
            let path = folder.appendingPathComponent(name).relativePath
            guard Disk.kind(of: path) != nil else {
                throw CommandFailure.missingFile("\(argument): this folder holds no '\(name)'")
            }
            return try Disk.read(path)
        }
        let files = CompressedNetworkFiles(
            network: try read(CompressedNetworkFiles.networkName),
            tensors: try read(CompressedNetworkFiles.tensorsName))
        return try files.compressedNetwork(folder: argument)
    }
}
