import SIMDKernels

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

    /// Whether this machine can run them.
    public var isAvailable: Bool {
        level.map { $0.rawValue <= dt_best_level().rawValue } ?? true
    }

    /// The instruction set; nil for the definitions.
    var level: dt_level? {
        switch self {
        case .reference: nil
        case .fastest: dt_best_level()
        case .portable: dt_level_portable
        case .avx2: dt_level_avx2
        case .avx512: dt_level_avx512
        case .vnni: dt_level_vnni
        }
    }

    /// How bits are counted; each way but the fastest belongs to an instruction set that need not have a better one.
    private var bitsLevel: dt_bits_level {
        let level: dt_bits_level? =
            switch self {
            case .portable: dt_bits_portable
            case .avx2: dt_bits_avx2
            case .avx512: dt_bits_popcnt
            case .reference, .fastest, .vnni: nil
            }
        return level ?? dt_best_bits_level()
    }

    /// The kernel for a layer: the first that takes it, else the definition.
    func kernel(for layer: Layer) -> any LayerKernel {
        guard let level else { return ReferenceKernel(layer: layer) }
        if let kernel = PatchKernel(formOf: layer) { return kernel }
        if let kernel = BinarySumKernel(layer, bits: bitsLevel, level: level) { return kernel }
        if let kernel = ByteSumKernel(layer, level: level) { return kernel }
        if let kernel = ByteDepthwiseKernel(layer, level: level) { return kernel }
        if let kernel = ByteAdditionKernel(layer, level: level) { return kernel }
        if let kernel = BytePoolingKernel(layer, level: level) { return kernel }
        if let kernel = IntegerSumKernel(layer, level: level) { return kernel }
        if let kernel = PatchKernel(elementsOf: layer) { return kernel }
        if let kernel = IntegerAdditionKernel(layer, level: level) { return kernel }
        if let kernel = PoolingKernel(layer) { return kernel }
        if let kernel = MeanKernel(layer) { return kernel }
        if let kernel = PassThroughKernel(layer) { return kernel }
        if let kernel = TransposeKernel(layer) { return kernel }
        if let kernel = ElementTableKernel(layer) { return kernel }
        if let kernel = PaddingKernel(layer) { return kernel }
        if let kernel = SignKernel(layer) { return kernel }
        if let kernel = ThresholdsKernel(layer) { return kernel }
        if let kernel = ChannelScalingKernel(layer) { return kernel }
        if let kernel = FloatAdditionKernel(layer) { return kernel }
        if let kernel = FloatSumKernel(layer, level: level) { return kernel }
        return ReferenceKernel(layer: layer)
    }
}
