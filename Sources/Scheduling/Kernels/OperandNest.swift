import Quantities
import Workloads

/// The bytes that a kernel's loops touch at each depth, operand by operand: what decides how often a cache refills.
///
/// Kernels run rows of outputs, in them blocks of pixels, in them blocks of channels, in them the reduction. Weights of
/// a block of channels, the window of a block of pixels and the outputs are touched as runs of contiguous bytes.
public struct OperandNest: Sendable, Hashable {
    /// A number of runs of contiguous bytes.
    public struct Runs: Sendable, Hashable {
        public var count: Int
        public var bytes: Int

        /// Cache lines that the runs cover, each from the start of a line.
        public func lines(_ lineBytes: Int) -> Int {
            count * ceiling(bytes, lineBytes)
        }
    }

    /// All weights, read once for each block of pixels.
    public var weights = Runs(count: 0, bytes: 0)
    /// Weights of one block of channels.
    public var blockWeights = Runs(count: 0, bytes: 0)
    /// The input.
    public var input = Runs(count: 0, bytes: 0)
    /// Input rows under one row of outputs.
    public var rowInput = Runs(count: 0, bytes: 0)
    /// The input window of one block of pixels, and its copy in the patch buffer.
    public var patch = Runs(count: 0, bytes: 0)
    public var patchBuffer = Runs(count: 0, bytes: 0)
    /// Outputs of one row, and of one block of pixels.
    public var rowOutput = Runs(count: 0, bytes: 0)
    public var patchOutput = Runs(count: 0, bytes: 0)
    /// The parts of the window that one block of channels reads, where each channel reads only itself.
    public var ownWindow: Runs?
    public var rows = 1
    /// Blocks of pixels of the whole layer.
    public var sweeps = 1
    public var channelBlocks = 1
    /// Streams of weights that alternate in the inner loop.
    public var weightStreams = 1
    /// Bytes of one load of weights.
    public var weightLoad = 1
    /// The output.
    public var output = Runs(count: 0, bytes: 0)
    /// Whether the loops are cut to the size of the last cache.
    public var isBlocked = false

    public init(_ kernel: KernelLoops, _ run: KernelRun, on operands: LayerOperands, storage: ActivationStorage) {
        let layer = operands.layer
        let loops = layer.loops
        let widest = layer.isFloat ? max(1, kernel.floatBits) : Int.max
        let inputBits = min(widest, storage.storedBits(operands.inputBits))
        let outputBits = min(widest, storage.storedBits(operands.outputBits))
        isBlocked = kernel.isBlocked
        output = Runs(count: 1, bytes: ceiling(loops.outputElements * outputBits, 8))
        guard layer.computeClass.multipliesWeights || layer.computeClass == .pooling else {
            let stored = operands.inputs.reduce(0) { $0 + storage.bytes(of: $1) }
            input = Runs(count: 1, bytes: stored * inputBits / max(1, storage.storedBits(operands.inputBits)))
            weights = Runs(count: 1, bytes: layer.weights?.encodedSize.bytes.count ?? 0)
            return
        }
        let channels = loops.groups * loops.inputChannels
        let outputChannels = loops.groups * loops.outputChannels
        let pixelBytes = ceiling(channels * inputBits, 8)
        rows = loops.batch * loops.outputHeight
        sweeps = run.weightSweeps
        channelBlocks = ceiling(outputChannels, kernel.blockChannels)
        let width = loops.kernelWidth + (kernel.blockPixels - 1) * loops.strideWidth
        patch = Runs(count: loops.kernelHeight, bytes: min(width, loops.inputWidth) * pixelBytes)
        switch layer.computeClass {
        case .depthwise, .pooling:
            let own = min(channels, kernel.blockChannels)
            ownWindow = Runs(
                count: loops.kernelHeight * min(width, loops.inputWidth), bytes: ceiling(own * inputBits, 8))
        case .convolution, .fullyConnected, .elementwise, .transcendental, .dataMovement, .free: break
        }
        patchBuffer = Runs(count: 1, bytes: run.scratchBytes)
        rowInput = Runs(count: loops.kernelHeight, bytes: loops.inputWidth * pixelBytes)
        input = Runs(count: 1, bytes: loops.batch * loops.inputHeight * loops.inputWidth * pixelBytes)
        patchOutput = Runs(count: 1, bytes: ceiling(kernel.blockPixels * outputChannels * outputBits, 8))
        rowOutput = Runs(count: 1, bytes: ceiling(loops.outputWidth * outputChannels * outputBits, 8))
        if let footprint = layer.weights { setWeights(footprint, isFloat: layer.isFloat, kernel) }
    }

    private mutating func setWeights(_ footprint: WeightFootprint, isFloat: Bool, _ kernel: KernelLoops) {
        var all = footprint.encodedSize.bytes.count
        if isFloat, kernel.floatBits < footprint.elementBits {
            all = all * kernel.floatBits / footprint.elementBits
        }
        if kernel.tile > 0 { all = all * (kernel.tile + 2) * (kernel.tile + 2) / 9 }
        let share = ceiling(all, max(1, channelBlocks))
        weights = Runs(count: 1, bytes: all)
        weightStreams = kernel.blockChannels
        blockWeights = Runs(count: weightStreams, bytes: ceiling(share, weightStreams))
        weightLoad = max(1, kernel.step * footprint.elementBits / 8)
    }

    /// Lines of weights and input that loops cut for a cache of `lines` lines fetch: one operand passes once, in panels
    /// of half the cache, and the other once for each panel; the cheaper way round.
    public func blockedFetches(lines: Int, lineBytes: Int) -> (weights: Int, input: Int) {
        let (all, read) = (weights.lines(lineBytes), input.lines(lineBytes))
        let panel = max(1, lines / 2)
        if all + read <= lines { return (all, read) }
        let (weightPanels, inputPanels) = (max(1, ceiling(all, panel)), max(1, ceiling(read, panel)))
        return all + read * weightPanels <= read + all * inputPanels
            ? (all, read * weightPanels) : (all * inputPanels, read)
    }

    /// Lines of output that leave a cache of `lines` lines during the layer: those that it cannot keep.
    public func outputWriteBacks(lines: Int, lineBytes: Int) -> Int {
        max(0, output.lines(lineBytes) - lines)
    }

    /// Lines of weights that a cache of `lines` lines in sets of `ways` fetches, given what else passes through it.
    ///
    /// Weights lie in one run, so that their lines fill the sets evenly; under least-recently-used replacement a set that
    /// is given more lines than it has ways misses each of them in each sweep, and another only in the first.
    public func weightFetches(lines: Int, ways: Int, lineBytes: Int, withActivations: Bool) -> Int {
        guard weights.bytes > 0 else { return 0 }
        let others = withActivations ? [patch, patchBuffer, patchOutput].reduce(0) { $0 + $1.lines(lineBytes) } : 0
        let all = weights.lines(lineBytes)
        let (sets, given) = (max(1, lines / max(1, ways)), all + others)
        let (each, more) = given.quotientAndRemainder(dividingBy: sets)
        let crowded = (each + 1 > ways ? more * (each + 1) : 0) + (each > ways ? (sets - more) * each : 0)
        if crowded == 0 { return all }
        if weightStreams > lines { return sweeps * ceiling(weights.bytes, min(weightLoad, lineBytes)) }
        return all + max(0, sweeps - 1) * (others == 0 ? crowded : all * crowded / given)
    }

    /// Lines of input that a cache of `lines` lines fetches, given what else passes through it.
    public func inputFetches(lines: Int, lineBytes: Int, withWeights: Bool) -> Int {
        guard input.bytes > 0 else { return 0 }
        guard patch.bytes > 0 else { return input.lines(lineBytes) }
        let allWeights = withWeights ? weights.lines(lineBytes) : 0
        let someWeights = withWeights ? blockWeights.lines(lineBytes) : 0
        if allWeights + rowInput.lines(lineBytes) + rowOutput.lines(lineBytes) <= lines {
            return input.lines(lineBytes)
        }
        let window = patch.lines(lineBytes) + patchBuffer.lines(lineBytes)
        if allWeights + window + patchOutput.lines(lineBytes) <= lines { return rows * rowInput.lines(lineBytes) }
        let patches = sweeps * patch.lines(lineBytes)
        if someWeights + window <= lines { return patches }
        guard let ownWindow else { return patches * channelBlocks }
        // Blocks of channels that share a line find it again where the pixels of one window fit.
        return ownWindow.lines(lineBytes) <= lines ? patches : patches * max(1, lineBytes / max(1, ownWindow.bytes))
    }
}
