/// Instructions that cost the same on a core; kernels are counted in them.
public enum InstructionClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// 32-bit multiply with accumulation (MLA).
    case multiplyAccumulate
    /// Two 16-bit products added to a 32-bit sum (SMLAD).
    case dualMultiplyAccumulate
    /// Four 8-bit products added to a 32-bit sum (pv.sdotsp.b).
    case quadMultiplyAccumulate
    /// A whole vector of widening products added to one or more sums (VMLADAV, SMLAL).
    case vectorMultiplyAccumulate
    /// A whole vector of 8-bit products, four added to each 32-bit sum (SDOT).
    case vectorDotProduct
    /// 32 x 32 to 64 bits (SMULL), as requantization uses.
    case longMultiply
    /// A single load whose result is not pipelined with another.
    case load
    /// A load in a run of loads.
    case pipelinedLoad
    /// A whole-vector load.
    case vectorLoad
    case store
    case vectorStore
    /// Add, subtract, compare, logic, shift, move, saturate.
    case arithmetic
    /// Sign-extend bytes to halves, with rotation (SXTB16), and halfword packing (PKHBT).
    case extend
    /// Bit-field extract (SBFX, UBFX).
    case bitField
    /// A whole-vector operation that is not a multiplication.
    case vectorArithmetic
    /// Count of set bits of a 32-bit word, as an instruction.
    case populationCount
    case divide
    /// A branch that is taken, refill of the pipeline included.
    case branch
    case floatMultiplyAccumulate
    case floatArithmetic
    /// A whole vector of 32-bit float products added to sums (FMLA).
    case vectorFloatMultiplyAccumulate
    /// A whole vector of 16-bit float products added to sums (FMLA).
    case vectorHalfMultiplyAccumulate
    /// A function call and return with its saved registers.
    case call
}
