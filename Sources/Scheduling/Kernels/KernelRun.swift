import Hardware
public import Workloads

/// How often each piece of a runtime kernel runs for one layer.
///
/// Counts follow the loops that `Kernel` documents, exactly; nothing here depends on a core.
public struct KernelRun: Sendable, Hashable {
    /// Passes of the inner loop: one for each block of output pixels and channels.
    public var blocks = 0
    /// Iterations of `inner` over all blocks.
    public var iterations = 0
    /// Iterations of the tail loop over products that do not fill a step.
    public var leftovers = 0
    /// Window positions looked at.
    public var taps = 0
    /// Words of bitmap read.
    public var indexWords = 0
    /// Elements written.
    public var outputs = 0
    /// Elements copied into the patch buffer.
    public var gathered = 0
    /// Rows of outputs.
    public var rows = 0
    /// Products that are executed.
    public var products = 0
    /// How often the whole set of weights is read from its first to its last.
    public var weightSweeps = 0
    /// Bytes of the patch buffer.
    public var scratchBytes = 0

    /// The run of `kernel` on a layer.
    public init(_ kernel: KernelLoops, on operands: LayerOperands) {
        let layer = operands.layer
        switch layer.computeClass {
        case .convolution, .fullyConnected:
            countProducts(kernel, layer, channels: layer.loops.outputChannels, parallel: layer.loops.groups)
        case .depthwise, .pooling:
            countProducts(kernel, layer, channels: layer.loops.groups * layer.loops.outputChannels, parallel: 1)
        case .elementwise:
            let constants = layer.weights == nil ? 0 : 1
            countElements(layer, operands: max(1, operands.inputs.count + constants), step: kernel.step)
        case .transcendental, .dataMovement:
            countElements(layer, operands: 1, step: kernel.step)
        case .free:
            break
        }
    }

    private mutating func countElements(_ layer: WorkloadLayer, operands: Int, step: Int) {
        outputs = layer.loops.outputElements
        blocks = outputs
        rows = layer.loops.batch * layer.loops.outputHeight
        iterations = ceiling(outputs * operands, step)
    }

    /// Tiles of tile x tile outputs, each a product of matrices for each of its (tile + 2)^2 transformed positions.
    private mutating func countTiles(_ kernel: KernelLoops, _ layer: WorkloadLayer) {
        let loops = layer.loops
        let side = kernel.tile + 2
        let tiles =
            loops.batch * ceiling(loops.outputHeight, kernel.tile) * ceiling(loops.outputWidth, kernel.tile)
        let positions = side * side * loops.groups
        weightSweeps = ceiling(tiles, kernel.blockPixels)
        blocks = weightSweeps * positions * ceiling(loops.outputChannels, kernel.blockChannels)
        outputs = loops.outputElements
        rows = loops.batch * loops.outputHeight
        products = tiles * positions * loops.inputChannels * loops.outputChannels
        if kernel.hasTail {
            iterations = blocks * (loops.inputChannels / kernel.step)
            leftovers = blocks * (loops.inputChannels % kernel.step)
        } else {
            iterations = blocks * ceiling(loops.inputChannels, kernel.step)
        }
        countGathering(
            kernel, gathered: tiles * positions * loops.inputChannels, patch: side * side * loops.inputChannels)
    }

    /// The largest share of the blocks that one of `cores` cores computes, 0...1.
    func largestShare(_ parallelism: Kernel.Parallelism, cores: Int) -> Double {
        let pieces: Int
        switch parallelism {
        case .none: return 1
        case .outputRows: pieces = rows
        case .outputPixels: pieces = weightSweeps > 0 ? weightSweeps : outputs
        case .outputChannels: pieces = weightSweeps > 0 ? blocks / weightSweeps : outputs
        case .outputBlocks: pieces = blocks
        }
        guard pieces > 0, cores > 1 else { return 1 }
        return Double(ceiling(pieces, cores)) / Double(pieces)
    }

    private mutating func countProducts(_ kernel: KernelLoops, _ layer: WorkloadLayer, channels: Int, parallel: Int) {
        if kernel.tile > 0 { return countTiles(kernel, layer) }
        let loops = layer.loops
        let pixels = loops.batch * loops.outputHeight * loops.outputWidth
        let length = loops.reductionLength
        let pixelBlocks = ceiling(pixels, kernel.blockPixels)
        blocks = pixelBlocks * ceiling(channels, kernel.blockChannels) * parallel
        outputs = loops.outputElements
        rows = loops.batch * loops.outputHeight
        weightSweeps = pixelBlocks
        taps = blocks * loops.kernelHeight * loops.kernelWidth
        products = outputs * length
        indexWords = blocks * ceiling(indexBits(layer), 32)
        if kernel.skipsZeroWeights, let weights = layer.weights {
            iterations = ceiling(weights.storedEntries * pixelBlocks, kernel.step * kernel.blockChannels)
            products = weights.storedEntries * pixels
        } else if kernel.skipsPadding {
            countInside(kernel, loops, pixels: pixels)
        } else if kernel.hasTail {
            iterations = blocks * (length / kernel.step)
            leftovers = blocks * (length % kernel.step)
        } else {
            iterations = blocks * ceiling(length, kernel.step)
        }
        // The patch of a depthwise layer holds all channels, that of a grouped layer one group.
        let patch = layer.computeClass == .depthwise ? length * loops.groups : length
        countGathering(kernel, gathered: pixels * length * loops.groups, patch: patch)
    }

    /// Bits of bitmap for the weights of one output channel: one for each run that is stored or left out as a whole.
    private func indexBits(_ layer: WorkloadLayer) -> Int {
        switch layer.weights?.zeroStructure {
        case .element, .column, .block: layer.loops.reductionLength
        case .vector: layer.loops.inputChannels * layer.loops.kernelHeight
        case .kernel: layer.loops.inputChannels
        case .filter: 1
        case nil: 0
        }
    }

    /// Products whose input lies in the image; the channels of one window position are one inner loop.
    private mutating func countInside(_ kernel: KernelLoops, _ loops: LoopNest, pixels: Int) {
        let inside = loops.batch * loops.windowPositionsInside
        let all = pixels * loops.kernelHeight * loops.kernelWidth
        guard all > 0 else { return }
        let visited = ceiling(taps * inside, all)
        products = outputs / max(1, pixels) * inside * loops.inputChannels
        if kernel.hasTail {
            iterations = visited * (loops.inputChannels / kernel.step)
            leftovers = visited * (loops.inputChannels % kernel.step)
        } else {
            iterations = visited * ceiling(loops.inputChannels, kernel.step)
        }
    }

    private mutating func countGathering(_ kernel: KernelLoops, gathered elements: Int, patch: Int) {
        guard kernel.gatheredPatches > 0 else { return }
        gathered = elements
        scratchBytes = (kernel.gatheredPatches * patch * kernel.gatheredBits + 7) / 8
    }
}

/// `count / size` rounded up.
func ceiling(_ count: Int, _ size: Int) -> Int {
    (count + size - 1) / max(1, size)
}

extension LoopNest {
    /// Pairs of an output pixel and a window position whose input lies in the image, for one channel and image.
    public var windowPositionsInside: Int {
        LoopNest.positionsInside(
            outputs: outputHeight, kernel: kernelHeight, stride: strideHeight, dilation: dilationHeight,
            padding: paddingTop, extent: inputHeight)
            * LoopNest.positionsInside(
                outputs: outputWidth, kernel: kernelWidth, stride: strideWidth, dilation: dilationWidth,
                padding: paddingLeft, extent: inputWidth)
    }

    /// The same along one axis.
    private static func positionsInside(
        outputs: Int, kernel: Int, stride: Int, dilation: Int, padding: Int, extent: Int
    ) -> Int {
        var count = 0
        for tap in 0..<kernel {
            // Outputs o with 0 <= o * stride - padding + tap * dilation < extent.
            let lowest = padding - tap * dilation
            let first = lowest <= 0 ? 0 : (lowest + stride - 1) / stride
            let highest = extent - 1 + lowest
            let last = highest < 0 ? -1 : min(outputs - 1, highest / stride)
            count += max(0, last - first + 1)
        }
        return count
    }
}
