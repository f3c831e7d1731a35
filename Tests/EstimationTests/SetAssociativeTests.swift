import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

/// A cache of sets of lines that replaces the least recently used line of a set, byte by byte.
private struct SimulatedCache {
    let sets: Int
    let ways: Int
    let lineBytes: Int
    private var lines: [[Int]]
    private(set) var misses = 0

    init(bytes: Int, ways: Int, lineBytes: Int) {
        self.ways = ways
        self.lineBytes = lineBytes
        sets = bytes / lineBytes / ways
        lines = [[Int]](repeating: [], count: sets)
    }

    mutating func read(_ address: Int) {
        let line = address / lineBytes
        let set = line % sets
        if let index = lines[set].firstIndex(of: line) {
            lines[set].remove(at: index)
        } else {
            misses += 1
            if lines[set].count == ways { lines[set].removeFirst() }
        }
        lines[set].append(line)
    }
}

@Suite("Reuse in caches of sets")
struct SetAssociativeTests {
    private let lineBytes = 32

    /// What `OperandNest` counts for a kernel that reads windows in place, one output at a time.
    private func nest(_ workload: Workload) -> OperandNest {
        let loops = KernelLoops(Fixtures.kernel())
        let operands = workload.operands(ofLayer: 0)
        return OperandNest(
            loops, KernelRun(loops, on: operands), on: operands,
            storage: ActivationStorage(isPacked: false, alignment: 1))
    }

    /// Misses of the loops themselves: output rows, pixels, filters, window rows, columns, channels.
    private func simulate(_ loops: LoopNest, weights: inout SimulatedCache, input: inout SimulatedCache) {
        for row in 0..<loops.outputHeight {
            for column in 0..<loops.outputWidth {
                for filter in 0..<loops.outputChannels {
                    for y in 0..<loops.kernelHeight {
                        for x in 0..<loops.kernelWidth {
                            for channel in 0..<loops.inputChannels {
                                let tap = (y * loops.kernelWidth + x) * loops.inputChannels + channel
                                weights.read(filter * loops.reductionLength + tap)
                                let pixel = (row + y) * loops.inputWidth + column + x
                                input.read(pixel * loops.inputChannels + channel)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Weights lie in one run, which fills all sets evenly: a set that is given
    /// too many lines misses all of them each time.
    @Test(
        "weights: the count is that of caches of two and four ways", arguments: [2, 4], [1024, 2048, 4096, 4512, 16384])
    func weights(ways: Int, bytes: Int) {
        let workload = Fixtures.convolution(size: 6, channels: 16, kernel: 3, filters: 32)
        var weights = SimulatedCache(bytes: bytes, ways: ways, lineBytes: lineBytes)
        var input = SimulatedCache(bytes: 1 << 20, ways: 4, lineBytes: lineBytes)
        simulate(workload.layers[0].loops, weights: &weights, input: &input)
        let counted = nest(workload).weightFetches(
            lines: bytes / lineBytes, ways: ways, lineBytes: lineBytes, withActivations: false)
        #expect(counted == weights.misses)
    }

    /// Rows of a window lie apart and may meet in a set: the count for a fully associative cache is near, not equal.
    @Test("input: the count is within a third of caches of four ways", arguments: [1024, 2048, 4096])
    func input(bytes: Int) {
        let workload = Fixtures.convolution(size: 12, channels: 16, kernel: 3, filters: 4)
        var weights = SimulatedCache(bytes: 1 << 20, ways: 4, lineBytes: lineBytes)
        var input = SimulatedCache(bytes: bytes, ways: 4, lineBytes: lineBytes)
        simulate(workload.layers[0].loops, weights: &weights, input: &input)
        let counted = nest(workload).inputFetches(lines: bytes / lineBytes, lineBytes: lineBytes, withWeights: false)
        #expect(abs(Double(counted) / Double(input.misses) - 1) < 1.0 / 3, "\(counted) and \(input.misses)")
    }

    /// Each channel of a depthwise layer reads only itself: blocks of channels do not sweep the window again.
    @Test("depthwise: lines that blocks of channels share are fetched once where a window's pixels fit")
    func depthwise() {
        let size = 10
        let channels = 64
        var workload = Fixtures.convolution(size: size, channels: channels, kernel: 3, filters: channels)
        workload.layers[0].computeClass = .depthwise
        workload.layers[0].loops.groups = channels
        workload.layers[0].loops.inputChannels = 1
        workload.layers[0].loops.outputChannels = 1
        workload.layers[0].weights = Fixtures.weights(9 * channels)
        var input = SimulatedCache(bytes: 512, ways: 16, lineBytes: lineBytes)
        for row in 0..<size - 2 {
            for column in 0..<size - 2 {
                for channel in 0..<channels {
                    for tap in 0..<9 { input.read(((row + tap / 3) * size + column + tap % 3) * channels + channel) }
                }
            }
        }
        let counted = nest(workload).inputFetches(lines: 16, lineBytes: lineBytes, withWeights: false)
        #expect(counted == input.misses)
    }

    @Test("loops cut to a cache fetch one operand once and the other once a panel")
    func blocked() {
        var workload = Fixtures.convolution(size: 10, channels: 64, kernel: 1, filters: 256)
        let small = nest(workload).blockedFetches(lines: 1024, lineBytes: lineBytes)
        // 16384 bytes of weights and 6400 of input fit in 1024 lines.
        #expect(small.weights == 512 && small.input == 200)
        // Panels of 50 lines: 11 of weights sweep the input, or 4 of input sweep the weights; 512 + 11 * 200 against
        // 200 + 4 * 512.
        let cut = nest(workload).blockedFetches(lines: 100, lineBytes: lineBytes)
        #expect(cut.weights == 4 * 512 && cut.input == 200)
        workload.layers[0].weights = nil
        #expect(nest(workload).blockedFetches(lines: 100, lineBytes: lineBytes).weights == 0)
    }
}
