import FixedPoint
import Foundation
import Tensors
import Workloads

/// The measured rows of this repository, and the networks that they were measured with.
enum BoardTraces {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Traces/boards").resolvingSymlinksInPath()

    /// The lines of a CSV file by column; none when the file is absent.
    static func rows(_ path: String) -> [[String: String]] {
        guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8) else { return [] }
        let lines = text.split(whereSeparator: \.isNewline).map(fields)
        guard let header = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

    /// A network from its layer table: each layer reads the one before, in the width that the table states.
    static func workload(_ name: String) -> Workload {
        let lines = rows("networks/\(name).csv")
        var workload = Workload(name: name, layers: [], tensors: [])
        for (index, line) in lines.enumerated() {
            func number(_ column: String) -> Int { line[column].flatMap(Int.init) ?? 0 }
            let loops = loops(number)
            let bits = number("activationBits")
            workload.tensors.append(
                TensorFootprint(
                    name: "input of \(line["layer"] ?? "")",
                    shape: [number("batch"), number("inputHeight"), number("inputWidth"), number("inputChannels")],
                    elementBits: bits, isFloat: false, producer: index == 0 ? nil : index - 1, consumers: [index],
                    isOutput: false))
            let weights = line["weightBits"].flatMap(Int.init).map { width in
                let count = loops.groups * loops.outputChannels * loops.reductionLength
                return Fixtures.weights(count, bits: width)
            }
            workload.layers.append(
                WorkloadLayer(
                    name: line["layer"] ?? "", operatorName: line["class"] ?? "",
                    computeClass: line["class"].flatMap(ComputeClass.init) ?? .free, loops: loops, weights: weights,
                    inputs: [index], outputs: [index + 1], accumulator: .int32, isFloat: false))
        }
        if let last = workload.layers.last?.loops {
            workload.tensors.append(
                TensorFootprint(
                    name: "result", shape: [last.batch, last.outputHeight, last.outputWidth, last.outputChannels],
                    elementBits: 16, isFloat: false, producer: lines.count - 1, consumers: [], isOutput: true))
        }
        return workload
    }

    private static func loops(_ number: (String) -> Int) -> LoopNest {
        var loops = LoopNest()
        loops.batch = number("batch")
        loops.groups = number("groups")
        loops.outputChannels = number("outputChannels") / loops.groups
        loops.inputChannels = number("inputChannels") / loops.groups
        (loops.inputHeight, loops.inputWidth) = (number("inputHeight"), number("inputWidth"))
        (loops.outputHeight, loops.outputWidth) = (number("outputHeight"), number("outputWidth"))
        (loops.kernelHeight, loops.kernelWidth) = (number("kernelHeight"), number("kernelWidth"))
        (loops.strideHeight, loops.strideWidth) = (number("strideHeight"), number("strideWidth"))
        (loops.paddingTop, loops.paddingLeft) = (number("paddingTop"), number("paddingLeft"))
        return loops
    }

    /// The fields of a CSV line; commas inside quotes do not separate.
    private static func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
