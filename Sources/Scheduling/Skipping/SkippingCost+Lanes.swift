import Hardware
import Quantities
import Workloads

extension SkippingCost {
    /// Lanes that each pass over the zeros of their own bricks of activations; weights are dense.
    ///
    /// A brick is as many input channels as there are lanes, a window of B bricks gives each lane `b = ceil(B / lanes)` of
    /// them. A lane takes a cycle for each activation that is not zero and at least one for a brick; the window ends
    /// with the slowest lane: `b * n * d` plus the largest of as many deviations `sqrt(b n d (1-d))`, at most `b n`.
    /// Each of `ceil(M / (elements * weightLanes))` passes runs over all windows. It is *not* told how zeros cluster.
    init(lanes layer: SkippedLayer, on array: SparseArray) {
        let lanes = Double(array.activationLanes)
        let kernel = Double(layer.loops.kernelHeight * layer.loops.kernelWidth)
        let bricks = kernel * (Double(layer.loops.inputChannels) / lanes).rounded(.up)
        let each = (bricks / lanes).rounded(.up)
        let size = min(lanes, Double(layer.loops.inputChannels))
        let (most, mean) = (each * size, each * size * layer.activationDensity)
        let deviation = (mean * (1 - layer.activationDensity)).squareRoot()
        let slowest = max(each, min(most, mean + largestOf(lanes) * deviation))
        let passes = (layer.outputs / Double(array.elements * array.weightLanes)).rounded(.up)
        let windows = layer.groups * layer.pixels * passes
        cycles = windows * slowest
        balanced = windows * max(each, mean)
        products = layer.groups * layer.pixels * layer.weights * layer.activationDensity
        storedWeightBits = layer.groups * layer.weights * layer.weightBits
        weightReadBits = products * layer.weightBits
        activationReadBits =
            windows * layer.window * layer.activationDensity
            * (layer.activationBits + Double(array.indexBits.count))
    }
}
