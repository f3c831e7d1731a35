import FixedPoint
import Hardware
import Quantities
import Scheduling
import Tensors
import Testing
import Workloads

@Suite("Reuse in caches")
struct OperandNestTests {
    /// A fully associative cache that replaces the least recently used line.
    private struct Cache {
        var capacity: Int
        var lines: [Int] = []
        var misses = 0

        mutating func read(_ address: Int, lineBytes: Int) {
            let line = address / lineBytes
            if let index = lines.firstIndex(of: line) {
                lines.remove(at: index)
            } else {
                misses += 1
                if lines.count == capacity { lines.removeFirst() }
            }
            lines.append(line)
        }
    }

    private let size = 8
    private let channels = 4
    private let window = 3
    private let filters = 4
    private let lineBytes = 4

    /// Misses of the loop nest itself, byte by byte.
    private func simulate(weightLines: Int, inputLines: Int) -> (weights: Int, input: Int) {
        var weights = Cache(capacity: weightLines)
        var input = Cache(capacity: inputLines)
        let extent = size - window + 1
        for row in 0..<extent {
            for column in 0..<extent {
                for filter in 0..<filters {
                    for tap in 0..<window * window * channels {
                        let (y, rest) = tap.quotientAndRemainder(dividingBy: window * channels)
                        weights.read(filter * window * window * channels + tap, lineBytes: lineBytes)
                        input.read(((row + y) * size + column) * channels + rest, lineBytes: lineBytes)
                    }
                }
            }
        }
        return (weights.misses, input.misses)
    }

    private func nest() -> OperandNest {
        let kernel = Kernel(
            name: "direct", computeClasses: [.convolution], pointwiseOnly: false, weightBits: 1...8,
            activationBits: 1...8, isFloat: false, weightForms: [.dense], method: .direct, gatheredBits: 8,
            gatheredPatches: 0, block: .init(pixels: 1, channels: 1), step: 1, inner: .none, perBlock: .none,
            perOutput: .none, perGathered: .none, perRow: .none, perCall: .none, skipsZeroWeights: false,
            codeSize: Bytes(0))
        var loops = LoopNest()
        let extent = size - window + 1
        (loops.inputHeight, loops.inputWidth, loops.inputChannels) = (size, size, channels)
        (loops.outputHeight, loops.outputWidth, loops.outputChannels) = (extent, extent, filters)
        (loops.kernelHeight, loops.kernelWidth) = (window, window)
        let count = filters * window * window * channels
        let footprint = WeightFootprint(
            elements: count, nonzeroElements: count, elementBits: 8, isBipolar: false, storage: .dense,
            zeroStructure: .element, storedEntries: count, encodedSize: Bits(count * 8), parameterSize: Bits(0))
        let layer = WorkloadLayer(
            name: "conv", operatorName: "convolution2D", computeClass: .convolution, loops: loops, weights: footprint,
            inputs: [0], outputs: [1], accumulator: .int32, isFloat: false)
        func tensor(_ name: String, _ extents: [Int]) -> TensorFootprint {
            TensorFootprint(
                name: name, shape: .init(extents), elementBits: 8, isFloat: false, producer: nil, consumers: [],
                isOutput: false)
        }
        let operands = LayerOperands(
            layer: layer, inputs: [tensor("in", [1, size, size, channels])],
            outputs: [tensor("out", [1, extent, extent, filters])])
        let prepared = KernelLoops(kernel)
        return OperandNest(
            prepared, KernelRun(prepared, on: operands), on: operands,
            storage: ActivationStorage(isPacked: false, alignment: 1))
    }

    @Test("weights: the count equals a cache simulated line by line", arguments: [2, 8, 35, 36, 100])
    func weights(lines: Int) {
        let counted = nest().weightFetches(
            lines: lines, ways: lines, lineBytes: lineBytes, withActivations: false)
        #expect(counted == simulate(weightLines: lines, inputLines: 1).weights)
    }

    @Test("input: the count equals a cache simulated line by line", arguments: [4, 12, 30, 64])
    func input(lines: Int) {
        let counted = nest().inputFetches(lines: lines, lineBytes: lineBytes, withWeights: false)
        #expect(counted == simulate(weightLines: 1, inputLines: lines).input)
    }
}
