/// What of a device profits from a compression step; other devices compute as before.
public enum Profit: String, Sendable, Hashable, Codable, CaseIterable {
    /// Fewer bytes of weights lie in flash and come over the memory's port, on every device that reads the stored form.
    case storage
    /// Fewer products, on every device.
    case products
    /// Fewer or narrower activations lie in RAM, on every device.
    case activations
    /// Products by zero are skipped: sparse arrays, and kernels that read a sparse form.
    case zeroSkipping
    /// Narrow products are cheaper: bit-serial arrays, neural processors, kernels with sub-byte paths.
    case narrowProducts
    /// Signs are multiplied by XNOR and popcount: binary arrays, pipelines of programmable logic.
    case binaryProducts
    /// Products become reads of tables and sums: kernels that multiply through a codebook.
    case tableLookup
    /// Accuracy alone; the cost stays.
    case accuracy
}
