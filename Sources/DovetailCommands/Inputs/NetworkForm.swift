import Compression

/// A way to name or store a network, besides the network file formats.
protocol NetworkForm: Sendable {
    /// The network, or nil when the argument is of another form.
    func compressedNetwork(_ argument: String) throws -> CompressedNetwork?
}
