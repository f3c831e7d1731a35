import Hardware
import Workloads

extension SkippingCost {
    /// A dense array whose reduction is shorter when at most N of every M neighbouring weights are not zero.
    ///
    /// `ceil(P / rows) * ceil(M / (columns * weightLanes)) * ceil(K / activationLanes)` steps a group; with the structure
    /// K is `ceil(K / M) * N`. Whether the zeros obey it is known only of real weights: a density alone earns nothing.
    init(blocks layer: SkippedLayer, on array: SparseArray) {
        let (size, kept) = (Double(max(1, array.blockSize)), Double(min(array.blockNonzeros, array.blockSize)))
        let isStructured =
            kept < size && layer.nonzeros?.keeps(array.blockNonzeros, inEvery: array.blockSize) == true
        let reduction = isStructured ? (layer.window / size).rounded(.up) * kept : layer.window
        let pixelFolds = (layer.pixels / Double(array.rows)).rounded(.up)
        let outputFolds = (layer.outputs / Double(array.columns * array.weightLanes)).rounded(.up)
        let steps = (reduction / Double(array.activationLanes)).rounded(.up)
        cycles = layer.groups * pixelFolds * outputFolds * steps
        balanced = cycles
        products = layer.groups * layer.pixels * layer.outputs * reduction
        let index = isStructured ? Double(Int.bitWidth - (array.blockSize - 1).leadingZeroBitCount) : 0
        let entry = layer.weightBits + index
        storedWeightBits = layer.groups * layer.outputs * reduction * entry
        weightReadBits = storedWeightBits * pixelFolds
        activationReadBits = layer.groups * layer.pixels * layer.window * outputFolds * layer.activationBits
    }
}
