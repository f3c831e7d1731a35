import Foundation
import Hardware
import Quantities
import Workloads

extension SkippingCost {
    /// Tiles of the image, one for each element; all its non-zero activations of a channel meet all non-zero weights of
    /// that channel and of a group of output channels, some of each at once.
    ///
    /// The group is as many output channels as the sums of a tile with its halo leave room for. A channel takes
    /// `E[ceil(activations / lanes)] * E[ceil(weights / lanes)]` cycles of binomial counts; a group ends with the fullest
    /// tile. A stride splits a channel into its phases. Products go to as many banks as there are: with twice as many
    /// banks as products conflicts hide in queues, with fewer than products they set the pace. It is *not* told where
    /// zeros cluster, and exchange of halos hides behind the next group.
    init(products layer: SkippedLayer, on array: SparseArray) {
        let loops = layer.loops
        let phases = max(1, loops.strideHeight * loops.strideWidth)
        func share(_ extent: Int, _ parts: Int) -> Int { (extent + parts - 1) / max(1, parts) }
        let tile = (share(loops.inputHeight, array.rows), share(loops.inputWidth, array.columns))
        let halo = (tile.0 + loops.kernelHeight - 1) * (tile.1 + loops.kernelWidth - 1)
        let together = max(1, min(loops.outputChannels, array.accumulators / max(1, halo)))
        let kernel =
            share(loops.kernelHeight, loops.strideHeight) * share(loops.kernelWidth, loops.strideWidth)
        let places = share(tile.0 * tile.1, phases)
        let (vectors, filters) = (array.activationLanes, array.weightLanes)
        let taken = Self.expectedVectors(places, layer.activationDensity, vectors)
        let weights = Self.expectedVectors(together * kernel, layer.weightDensity, filters)
        let channels = Double(loops.inputChannels * phases)
        let tiles = Double(share(loops.inputHeight, tile.0) * share(loops.inputWidth, tile.1))
        let deviation =
            (channels * Double(places) * layer.activationDensity * (1 - layer.activationDensity)).squareRoot()
            / Double(vectors)
        let most = channels * Double(share(places, vectors))
        let fullest = min(most, channels * taken + largestOf(tiles) * deviation)
        let runs = layer.groups * Double(loops.batch * share(loops.outputChannels, together))
        let conflicts = max(1, Double(vectors * filters) / Double(array.accumulatorBanks))
        let area = Double(loops.inputHeight * loops.inputWidth) / Double(tile.0 * tile.1 * array.elements)
        cycles = runs * fullest * weights * conflicts
        balanced = runs * channels * taken * weights * conflicts * min(1, area)
        let image = Double(loops.batch * loops.inputHeight * loops.inputWidth * loops.inputChannels) * layer.groups
        let kept = Double(kernel * loops.outputChannels) * layer.weightDensity
        products = image * layer.activationDensity * kept
        let entry = layer.weightBits + Double(array.indexBits.count)
        storedWeightBits = layer.groups * layer.weights * layer.weightDensity * entry
        weightReadBits = products / Double(vectors) * entry
        activationReadBits =
            image * layer.activationDensity * Double(share(loops.outputChannels, together))
            * (layer.activationBits + Double(array.indexBits.count))
    }

    /// The mean of `ceil(X / lanes)` for X of `count` places that each hold something with a probability of `density`.
    static func expectedVectors(_ count: Int, _ density: Double, _ lanes: Int) -> Double {
        let most = Double((count + lanes - 1) / lanes)
        var chance = pow(1 - density, Double(count))
        guard count <= 64, chance > 1e-250 else {
            return min(most, Double(count) * density / Double(lanes) + Double(lanes - 1) / Double(2 * lanes))
        }
        let odds = density / (1 - density)
        var mean = 0.0
        for held in 0..<count {
            chance *= odds * Double(count - held) / Double(held + 1)
            mean += chance * Double((held + lanes) / lanes)
        }
        return min(most, mean)
    }
}
