/// The rows of a layer's weights, ready to be multiplied with patches of inputs.
protocol RowProducts: Sendable {
    /// Integers of scratch memory that `multiply` needs.
    var scratchCount: Int { get }

    /// Adds to each sum, one for each of `rows`, the products of the row with the patch.
    ///
    /// What comes out is what the accumulator would hold, up to multiples of 2^64.
    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>)
}
