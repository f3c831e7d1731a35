import Compression
import Foundation
import Networks

/// A folder of BNN-PYNQ parameters: `FOLDER`, or `bnn-pynq:CONVENTION:FOLDER` with a reading of its thresholds.
struct ParameterFolder: NetworkForm {
    private static let prefix = "bnn-pynq:"

    func compressedNetwork(_ argument: String) throws -> CompressedNetwork? {
        guard argument.hasPrefix(Self.prefix), Disk.kind(of: argument) == nil else {
            guard Disk.kind(of: argument) == .folder, holdsParameters(argument) else { return nil }
            return try read(argument, BNNPYNQReader())
        }
        let parts = argument.dropFirst(Self.prefix.count).split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let convention = ThresholdConvention(rawValue: String(parts[0])) else {
            let forms = ThresholdConvention.allCases.map { "\(Self.prefix)\($0.rawValue):FOLDER" }
            throw CommandFailure.wrongUsage(
                "'\(argument)' names no reading of thresholds; write \(forms.joined(separator: " or "))")
        }
        let folder = String(parts[1])
        guard Disk.kind(of: folder) == .folder, holdsParameters(folder) else {
            throw CommandFailure.missingFile("\(folder): this is no folder with a '\(BNNPYNQFolder.firstFile)'")
        }
        return try read(folder, BNNPYNQReader(convention: convention))
    }

    private func path(_ name: String, in folder: String) -> String {
        URL(fileURLWithPath: folder).appendingPathComponent(name).relativePath
    }

    private func holdsParameters(_ folder: String) -> Bool {
        Disk.kind(of: path(BNNPYNQFolder.firstFile, in: folder)) == .file
    }

    private func read(_ folder: String, _ reader: BNNPYNQReader) throws -> CompressedNetwork {
        var files: [String: Data] = [:]
        for name in try Disk.names(in: folder) where BNNPYNQFolder.reads(name) {
            files[name] = try Disk.read(path(name, in: folder))
        }
        return CompressedNetwork(try reader.read(BNNPYNQFolder(path: folder, files: files)))
    }
}
