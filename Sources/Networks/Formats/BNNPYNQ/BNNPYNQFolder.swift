import Diagnostics
public import Foundation

/// The files of a folder of BNN-PYNQ parameters, by name.
public struct BNNPYNQFolder: Sendable {
    /// The folder as the user wrote it; its last part names family and precision, such as `cnvW1A1`.
    public var path: String
    public var files: [String: Data]

    public init(path: String, files: [String: Data]) {
        self.path = path
        self.files = files
    }

    /// The file by which such a folder is recognized.
    public static let firstFile = "0-0-weights.bin"

    /// Whether a file of this name is read.
    public static func reads(_ name: String) -> Bool {
        name == classList || name.hasSuffix("-weights.bin") || name.hasSuffix("-thres.bin")
    }

    static let classList = "classes.txt"

    /// The name of the network.
    var name: String { (path as NSString).lastPathComponent }

    func fault(_ message: String, file: String? = nil, fix: String? = nil) -> Diagnostic {
        let place = file.map { (path as NSString).appendingPathComponent($0) } ?? path
        return Diagnostic(message, at: SourceLocation(file: place), fix: fix)
    }

    /// The number of processing elements with files of this kind, by the largest number among them.
    func elements(layer: Int, _ kind: String) -> Int {
        let (prefix, suffix) = ("\(layer)-", "-\(kind).bin")
        let numbers = files.keys.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .compactMap { Int($0.dropFirst(prefix.count).dropLast(suffix.count)) }
        return min(numbers.max() ?? -1, 1 << 20) + 1
    }

    /// The little-endian 64-bit words of a file.
    ///
    /// - Throws: `Diagnostic` when the file is missing or no whole number of words.
    func words(_ name: String) throws -> [UInt64] {
        guard let bytes = files[name] else { throw fault("this file is missing", file: name) }
        guard bytes.count % 8 == 0 else { throw fault("\(bytes.count) bytes are no whole 64-bit words", file: name) }
        return bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 8).map {
                UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
            }
        }
    }

    /// How many classes `classes.txt` names; nil without that file.
    var classes: Int? {
        files[Self.classList].map { bytes in
            String(decoding: bytes.prefix(1 << 16), as: UTF8.self).split(whereSeparator: \.isNewline).count
        }
    }
}
