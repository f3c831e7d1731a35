public import Foundation

/// One file format of networks: bytes in, a verified network out.
public protocol NetworkReader: Sendable {
    /// The format's name in messages, such as `TFLite`.
    static var name: String { get }

    /// Whether the bytes look like this format; the file's name decides only where the format has no magic number.
    func recognizes(_ bytes: Data, fileName: String) -> Bool

    /// The network that the bytes hold.
    ///
    /// - Throws: `Diagnostics` with every fault found, each with its place in the file.
    func read(_ bytes: Data, fileName: String) throws -> Network
}
