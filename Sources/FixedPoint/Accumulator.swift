/// The register in which a layer sums its products.
public struct Accumulator: Sendable, Hashable, Codable {
    /// What happens when a sum leaves the register's range.
    public enum Overflow: String, Sendable, Hashable, Codable {
        /// Two's complement wrap-around: the low bits are kept.
        case wrap
        /// The sum stops at the nearest end of the range after every addition, in the operator's declared order.
        case saturate
        /// No partial sum leaves the range, whatever the input: proved from the weights, or else the layer is refused.
        case proved
    }

    /// Width in bits, 8 to 64, two's complement.
    public let bits: Int
    public let overflow: Overflow

    /// - Precondition: `bits` is in 8...64.
    public init(bits: Int, overflow: Overflow) {
        precondition((8...64).contains(bits), "an accumulator has 8 to 64 bits")
        self.bits = bits
        self.overflow = overflow
    }

    /// The register of TFLM and CMSIS-NN int8 kernels.
    public static let int32 = Accumulator(bits: 32, overflow: .wrap)
}
