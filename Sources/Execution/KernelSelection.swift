/// Which implementation of the layers an interpreter uses; all of them give the same bits.
public enum KernelSelection: String, Sendable, Hashable, CaseIterable {
    /// The definitions of the operators.
    case reference
    /// The fastest kernels that this machine has.
    case fastest
    /// Kernels in plain C.
    case portable
    /// Kernels for AVX2.
    case avx2
    /// Kernels for AVX-512 with byte and word instructions.
    case avx512
    /// Kernels for AVX-512 with neural network instructions.
    case vnni

    func kernel(for layer: Layer) -> any LayerKernel {
        ReferenceKernel(layer: layer)
    }
}
