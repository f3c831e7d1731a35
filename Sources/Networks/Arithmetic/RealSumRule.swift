/// How a runtime sums the float32 products of one row by a matrix.
public enum RealSumRule: Sendable, Hashable {
    /// One product after the other.
    case inOrder
    /// Four products first, in order, then their sum and the one so far; of those left over, two, then one (the kernel for
    /// one row of MLAS, which QONNX runs on).
    case byFours
}
