/// The rows of a layer's weights in a form of their own, ready to be multiplied with patches of inputs.
protocol RowProducts: Sendable {
    /// Integers of scratch memory that `multiply` needs.
    var scratchCount: Int { get }

    /// For each of `rows` the sum of products of its weights with the patch, modulo 2^64.
    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        into sums: UnsafeMutablePointer<Int>)
}
