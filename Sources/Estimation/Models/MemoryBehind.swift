import Hardware
import Quantities
import Scheduling
import Workloads

/// The memories behind the buffers of an array: what must pass, how long that takes, and what it draws.
///
/// An operand that its buffer does not hold passes once more for each tile of the other operand, in the better of both
/// orders; without buffers it passes as often as the lanes read it. Memories outside the chip are waited for where they
/// take longer than the array computes; a memory on the chip feeds the lanes at their own rate. It is *not* told of
/// banks, refresh or overlapping windows.
struct MemoryBehind: Sendable {
    /// Bits of one layer.
    struct Operands {
        var weightBits: Int
        var inputBits: Int
        var outputBits: Int
        /// Bits that the lanes read.
        var weightReadBits: Int
        var activationReadBits: Int
    }

    /// What passes, in bytes.
    struct Traffic {
        var weights: Int
        var activations: Int
    }

    private let memories: [Memory]
    private let clock: Frequency
    private let weightBuffer: Bytes
    private let activationBuffer: Bytes

    init(_ device: Device, weightBuffer: Bytes, activationBuffer: Bytes) {
        memories = device.memories
        clock = device.clock
        self.weightBuffer = weightBuffer
        self.activationBuffer = activationBuffer
    }

    /// A memory outside the chip whose rate is zero.
    var stopped: Memory? { memories.first { $0.isOutside && !(rate(of: $0) > 0) } }

    func memory(_ name: String?) -> Memory? {
        memories.first { $0.name == name }
    }

    func traffic(_ operands: Operands) -> Traffic {
        let (weights, inputs) = (bytes(operands.weightBits), bytes(operands.inputBits))
        let outputs = bytes(operands.outputBits)
        let (weightReads, inputReads) = (bytes(operands.weightReadBits), bytes(operands.activationReadBits))
        func again(_ moved: Int, _ own: Bytes, _ other: Int, _ otherBuffer: Bytes, _ reads: Int) -> Int {
            if moved <= own.count { return moved }
            guard otherBuffer.count > 0 else { return max(moved, reads) }
            let tiles = (other + otherBuffer.count - 1) / otherBuffer.count
            return max(moved, min(reads, moved.multipliedReportingOverflow(by: tiles).partialValue))
        }
        let weightsKept = Traffic(
            weights: weightBuffer.count > 0 ? weights : max(weights, weightReads),
            activations: again(inputs, activationBuffer, weights, weightBuffer, inputReads) + outputs)
        let inputsKept = Traffic(
            weights: again(weights, weightBuffer, inputs, activationBuffer, weightReads),
            activations: (activationBuffer.count > 0 ? inputs : max(inputs, inputReads)) + outputs)
        let sums = (weightsKept.weights + weightsKept.activations, inputsKept.weights + inputsKept.activations)
        return sums.1 < sums.0 ? inputsKept : weightsKept
    }

    /// Cycles in which the array waits, beyond the cycles in which it computes.
    func stall(_ traffic: Traffic, _ placement: Placement, computing: Int) -> Int {
        let (weights, activations) = (memory(placement.weights), memory(placement.activations))
        let first = transfer(traffic.weights, weights)
        let second = transfer(traffic.activations, activations)
        let together = placement.weights == placement.activations ? first + second : max(first, second)
        return Int(min(CycleBreakdown.limit, max(0, together.rounded(.up) - Double(computing))))
    }

    private func transfer(_ bytes: Int, _ memory: Memory?) -> Double {
        guard let memory, memory.isOutside, bytes > 0 else { return 0 }
        return Double(bytes) / rate(of: memory)
    }

    /// Bytes in each cycle of the device's clock.
    private func rate(of memory: Memory) -> Double {
        if let bandwidth = memory.bandwidth { return bandwidth.bytesPerCycle(at: clock) }
        let bus = Double(memory.busWidth.count) / 8
        return min(bus, Double(memory.lineSize.count) / Double(1 + memory.waitStates))
    }

    private func bytes(_ bits: Int) -> Int { bits / 8 + (bits % 8 == 0 ? 0 : 1) }
}

extension Memory {
    /// Whether the array waits for it.
    fileprivate var isOutside: Bool {
        switch kind {
        case .dram, .flash: true
        case .sram, .tcm, .buffer: false
        }
    }
}
