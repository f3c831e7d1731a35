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
    public var rows = 1
    public var blocksPerRow = 1
    public var channelBlocks = 1
    /// Streams of weights that alternate in the inner loop.
    public var weightStreams = 1
    /// Bytes of one load of weights.
    public var weightLoad = 1

    public init(_ kernel: KernelLoops, _ run: KernelRun, on operands: LayerOperands, storage: ActivationStorage) {
        let layer = operands.layer
        let loops = layer.loops
        guard layer.computeClass.multipliesWeights || layer.computeClass == .pooling else {
            input = Runs(count: 1, bytes: operands.inputs.reduce(0) { $0 + storage.bytes(of: $1) })
            weights = Runs(count: 1, bytes: layer.weights?.encodedSize.bytes.count ?? 0)
            return
        }
        let inputBits = storage.storedBits(operands.inputBits)
        let outputBits = storage.storedBits(operands.outputBits)
        let channels = loops.groups * loops.inputChannels
        let outputChannels = loops.groups * loops.outputChannels
        let pixelBytes = ceiling(channels * inputBits, 8)
        rows = loops.batch * loops.outputHeight
        blocksPerRow = rows == 0 ? 0 : ceiling(run.weightSweeps, rows)
        channelBlocks = ceiling(outputChannels, kernel.blockChannels)
        let width = loops.kernelWidth + (kernel.blockPixels - 1) * loops.strideWidth
        patch = Runs(count: loops.kernelHeight, bytes: min(width, loops.inputWidth) * pixelBytes)
        patchBuffer = Runs(count: 1, bytes: run.scratchBytes)
        rowInput = Runs(count: loops.kernelHeight, bytes: loops.inputWidth * pixelBytes)
        input = Runs(count: 1, bytes: loops.batch * loops.inputHeight * loops.inputWidth * pixelBytes)
        patchOutput = Runs(count: 1, bytes: ceiling(kernel.blockPixels * outputChannels * outputBits, 8))
        rowOutput = Runs(count: 1, bytes: ceiling(loops.outputWidth * outputChannels * outputBits, 8))
        guard let footprint = layer.weights else { return }
        let all = footprint.encodedSize.bytes.count
        let share = ceiling(all, max(1, channelBlocks))
        weights = Runs(count: 1, bytes: all)
        weightStreams = kernel.blockChannels
        blockWeights = Runs(count: weightStreams, bytes: ceiling(share, weightStreams))
        weightLoad = max(1, kernel.step * footprint.elementBits / 8)
    }

    /// Lines of weights that a cache of `lines` lines fetches, given what else passes through it.
    public func weightFetches(lines: Int, lineBytes: Int, withActivations: Bool) -> Int {
        guard weights.bytes > 0 else { return 0 }
        let others = withActivations ? [patch, patchBuffer, patchOutput].reduce(0) { $0 + $1.lines(lineBytes) } : 0
        if weights.lines(lineBytes) + others <= lines { return weights.lines(lineBytes) }
        let sweeps = rows * blocksPerRow
        if weightStreams > lines { return sweeps * ceiling(weights.bytes, min(weightLoad, lineBytes)) }
        return sweeps * weights.lines(lineBytes)
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
        let patches = rows * blocksPerRow * patch.lines(lineBytes)
        return someWeights + window <= lines ? patches : patches * channelBlocks
    }
}
