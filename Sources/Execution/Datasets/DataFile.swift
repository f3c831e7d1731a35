import Diagnostics
public import Foundation

/// The bytes of an input or label file with the name under which faults are reported; a mapped file stays mapped.
public struct DataFile: Sendable {
    public var bytes: Data
    public var name: String

    public init(_ bytes: Data, name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// A fault at a byte of this file.
    func fault(_ message: String, at offset: Int? = nil, fix: String? = nil) -> Diagnostics {
        let position = offset.map { SourceLocation.Position.byte(offset: $0) } ?? .whole
        return Diagnostics([Diagnostic(message, at: SourceLocation(file: name, position: position), fix: fix)])
    }

    /// The same file, decompressed if it is a gzip file.
    func unzipped() throws -> DataFile {
        guard bytes.starts(with: [0x1f, 0x8b]) else { return self }
        let stem = name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name
        return DataFile(try Inflation.gzip(of: self), name: stem)
    }
}
