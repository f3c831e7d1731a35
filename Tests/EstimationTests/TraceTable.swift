import Foundation
import Tensors
import Workloads

/// Recorded tables of `Traces`: rows of measurements, and networks as tables of layers.
enum TraceTable {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Traces").resolvingSymlinksInPath()

    static func rows(_ file: String) -> [[String: String]] {
        guard let text = try? String(contentsOf: root.appending(path: file), encoding: .utf8) else { return [] }
        let lines = text.split(separator: "\n").map(fields)
        guard let header = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

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

    /// The network of a table of layers; nil when there is none of this name.
    static func workload(_ name: String) -> Workload? {
        let rows = rows("boards/networks/\(name).csv")
        guard let first = rows.first else { return nil }
        var places: [String: Int] = [:]
        var workload = Workload(name: name, layers: [], tensors: [])
        func number(_ row: [String: String], _ key: String) -> Int { row[key].flatMap { Int($0) } ?? 1 }
        func append(_ name: String, _ row: [String: String], _ side: String, _ producer: Int?) {
            let axes = ["Height", "Width", "Channels"].map { number(row, side + $0) }
            let isRow = row["class"] == "fullyConnected" || row["class"] == "transcendental"
            workload.tensors.append(
                TensorFootprint(
                    name: name, shape: isRow ? [1, axes[2]] : [1, axes[0], axes[1], axes[2]],
                    elementBits: number(row, "activationBits"), isFloat: false, producer: producer, consumers: [],
                    isOutput: false))
        }
        append("input", first, "input", nil)
        for (index, row) in rows.enumerated() {
            guard let computeClass = ComputeClass(rawValue: row["class"] ?? "") else { return nil }
            let sources = (row["inputs"] ?? "").split(separator: ";").compactMap { places[String($0)] }
            var inputs = sources.isEmpty ? [workload.tensors.count - 1] : sources
            // Vectors are views of maps: the bytes are the same, the extents are not.
            if computeClass == .fullyConnected, workload.tensors[inputs[0]].shape.extents.count == 4 {
                workload.tensors.append(workload.tensors[inputs[0]])
                let view = workload.tensors.count - 1
                workload.tensors[view].shape = [1, number(row, "inputChannels")]
                workload.tensors[view].consumers = []
                workload.tensors[view].aliasOf = inputs[0]
                inputs = [view]
            }
            for input in inputs { workload.tensors[input].consumers.append(index) }
            append(row["layer"] ?? "", row, "output", index)
            places[row["layer"] ?? ""] = workload.tensors.count - 1
            workload.layers.append(
                WorkloadLayer(
                    name: row["layer"] ?? "", operatorName: "", computeClass: computeClass, loops: loops(row),
                    weights: weights(row), inputs: inputs, outputs: [workload.tensors.count - 1], accumulator: nil,
                    isFloat: false))
        }
        workload.tensors[workload.tensors.count - 1].isOutput = true
        return workload
    }

    private static func loops(_ row: [String: String]) -> LoopNest {
        func number(_ key: String) -> Int { row[key].flatMap { Int($0) } ?? 1 }
        var loops = LoopNest()
        loops.groups = number("groups")
        loops.inputChannels = number("inputChannels") / loops.groups
        loops.outputChannels = number("outputChannels") / loops.groups
        (loops.inputHeight, loops.inputWidth) = (number("inputHeight"), number("inputWidth"))
        (loops.outputHeight, loops.outputWidth) = (number("outputHeight"), number("outputWidth"))
        (loops.kernelHeight, loops.kernelWidth) = (number("kernelHeight"), number("kernelWidth"))
        (loops.strideHeight, loops.strideWidth) = (number("strideHeight"), number("strideWidth"))
        return loops
    }

    private static func weights(_ row: [String: String]) -> WeightFootprint? {
        guard row["weightBits"].flatMap({ Int($0) }) != nil else { return nil }
        let loops = loops(row)
        return Fixtures.weights(loops.groups * loops.outputChannels * loops.reductionLength)
    }
}
