import Hardware
import Quantities
import Tensors
import Workloads

/// The cycles in which one frame passes the port into the logic, or its results pass out.
///
/// A port reads words of its width if a frame is a whole number of them, else of the widest divisor of both
/// (`Xilinx/finn` InsertIODMA: the greatest common divisor); the first word waits for the memory, and no frame is
/// asked for before the last has come. A rate, where one is stated, bounds it as well.
struct FrameTransfer: Sendable {
    var inputBits = 0
    var outputBits = 0
    private var logic: ProgrammableLogic
    private var clock: Frequency

    init(_ workload: Workload, isHost: [Bool], logic: ProgrammableLogic, clock: Frequency) {
        self.logic = logic
        self.clock = clock
        for tensor in workload.tensors {
            let bits = tensor.shape.elementCount * tensor.elementBits
            let isMadeInside = tensor.producer.map { !isHost[$0] } ?? false
            if !isMadeInside, tensor.consumers.contains(where: { !isHost[$0] }) { inputBits += bits }
            if isMadeInside, tensor.isOutput || tensor.consumers.contains(where: { isHost[$0] }) { outputBits += bits }
        }
    }

    var inputCycles: Int { cycles(of: inputBits) }

    var outputCycles: Int { cycles(of: outputBits) }

    private func cycles(of bits: Int) -> Int {
        guard bits > 0 else { return 0 }
        var cycles = 0.0
        if let port = logic.port?.count, port > 0 { cycles = Double(bits / greatestDivisor(bits, port)) }
        if let rate = logic.inputBandwidth?.bytesPerCycle(at: clock), rate > 0 {
            cycles = max(cycles, (Double(bits) / 8 / rate).rounded(.up))
        }
        return cycles == 0 ? 0 : Int(min(cycles, 9e15)) + logic.portLatency
    }
}

private func greatestDivisor(_ left: Int, _ right: Int) -> Int {
    var (large, small) = (left, right)
    while small > 0 { (large, small) = (small, large % small) }
    return large
}
