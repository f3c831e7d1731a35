import Foundation
import Hardware
import Quantities
import Scheduling

/// Single operations as the vendor's compiler (Vela 5.2.0) laid them out and timed them: `Traces/neural-processors`.
struct BlockFact {
    let accelerator: String
    let operation: EngineOperation
    let places: BlockTiming.Places
    let blocks: BlockConfiguration
    let cycles: Int
    let line: Int

    static let all: [BlockFact] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Traces/neural-processors/layers.csv")
            .resolvingSymlinksInPath()
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let header = lines.first else { return [] }
        return lines.dropFirst().enumerated().compactMap { index, fields in
            let row = Dictionary(
                zip(header, fields).map { (String($0), String($1)) }, uniquingKeysWith: { first, _ in first })
            return BlockFact(row, line: index + 2)
        }
    }()

    private init?(_ row: [String: String], line: Int) {
        func number(_ key: String) -> Int { row[key].flatMap { Int($0) } ?? 0 }
        func shape(_ name: String) -> BlockShape {
            BlockShape(number(name + "Height"), number(name + "Width"), number(name + "Depth"))
        }
        guard let unit = EngineOperation.Unit(rawValue: row["unit"] ?? ""), let accelerator = row["accelerator"],
            let port = BlockFact.port(accelerator)
        else { return nil }
        let traversals: [String: BlockConfiguration.Traversal] = [
            "DepthFirst": .depthFirst, "PartKernel": .partKernelFirst, "Depthwise": .depthwise,
        ]
        var operation = EngineOperation(
            unit, input: shape("input"), output: shape("output"), inputBits: number("inputBits"),
            outputBits: number("outputBits"))
        operation.stage = EngineOperation.Stage(rawValue: row["stage"] ?? "") ?? .plain
        if number("secondDepth") > 0 { operation.second = shape("second") }
        (operation.kernelHeight, operation.kernelWidth) = (number("kernelHeight"), number("kernelWidth"))
        (operation.strideHeight, operation.strideWidth) = (number("strideHeight"), number("strideWidth"))
        (operation.dilationHeight, operation.dilationWidth) = (number("dilationHeight"), number("dilationWidth"))
        self.accelerator = accelerator
        self.operation = operation
        self.line = line
        places = BlockTiming.Places(
            input: MapPlace(port, isLinear: number("inputLinear") == 1),
            second: operation.second.map { _ in MapPlace(port, isLinear: number("secondLinear") == 1) },
            output: MapPlace(port, isLinear: number("outputLinear") == 1),
            constants: operation.hasWeights ? port : nil)
        blocks = BlockConfiguration(
            inputBlock: shape("inputBlock"), outputBlock: shape("outputBlock"),
            traversal: traversals[row["traversal"] ?? ""] ?? .depthFirst)
        cycles = number("cycles")
    }

    /// The SRAM of the systems that the facts were taken on: 8 or 16 bytes a cycle, 32 cycles, bursts of 32 bytes.
    private static func port(_ accelerator: String) -> MemoryPort? {
        let width = accelerator.contains("u55") ? 8 : 16
        let memory = Memory(
            name: "sram", kind: .sram, size: Bytes(1 << 26), holds: [.activations, .weights],
            busWidth: Bits(width * 8), waitStates: 32, lineSize: Bytes(32), prefetch: false,
            bandwidth: .perCycle(thousandthBytes: width * 1000), readEnergyPerBit: nil, writeEnergyPerBit: nil)
        return MemoryPort(memory, index: 0, clock: Frequency(hertz: 500_000_000))
    }
}
