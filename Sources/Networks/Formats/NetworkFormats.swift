import Diagnostics
public import Foundation

/// The catalog of network formats: picks the reader that recognizes a file's content.
public struct NetworkFormats: Sendable {
    /// The readers, asked in order.
    public var readers: [any NetworkReader]

    public init(_ readers: [any NetworkReader]) {
        self.readers = readers
    }

    /// The network that the bytes hold, in whichever of the formats recognizes them.
    ///
    /// - Throws: `Diagnostics` with every fault of the file, or one that lists the formats when none recognizes it.
    public func read(_ bytes: Data, fileName: String) throws -> Network {
        if let reader = readers.first(where: { $0.recognizes(bytes, fileName: fileName) }) {
            return try reader.read(bytes, fileName: fileName)
        }
        let names = readers.map { type(of: $0).name }.joined(separator: ", ")
        throw Diagnostics([
            Diagnostic(
                "not a network in a known format", at: SourceLocation(file: fileName), fix: "the formats are \(names)")
        ])
    }
}
