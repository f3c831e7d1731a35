/// How a runtime of family `float` computes integer operators without weights.
public enum FloatElementRule: Sendable, Hashable {
    /// Offsets from the zero point times float32 ratios of scales, rounded half to even, then the zero point.
    case ratios
    /// As the x86 kernels of ONNX Runtime (MLAS, fused multiply-add): sums, products and averages take the zero point in
    /// before they are rounded half to even; curves and changes of grid go through the reals.
    case mlas
}
