import FixedPoint
import Foundation
import Hardware
import Quantities
import Tensors
import Workloads

/// The profiles of this repository, and the measured networks beside it.
enum Profiles {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let library: ProfileLibrary = {
        let folder = root.appending(path: "HardwareProfiles").resolvingSymlinksInPath()
        var profiles: [String: Data] = [:]
        for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            ?? .init()
        where file.pathExtension == "yaml" {
            let path = file.deletingPathExtension().path.dropFirst(folder.path.count + 1)
            profiles[String(path)] = try? Data(contentsOf: file)
        }
        return ProfileLibrary(profiles: profiles)
    }()

    private static func rows(_ file: String) -> [[String: String]] {
        table(root.deletingLastPathComponent().appending(path: "shared/data/boards/\(file)"))
    }

    /// The lines of a CSV file by their columns; none when it is absent.
    static func table(_ url: URL) -> [[String: String]] {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
        let lines = text.split(whereSeparator: \.isNewline).map(fields)
        guard let header = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

    /// The fields of a CSV line; commas inside quotes do not separate.
    static func fields(_ line: Substring) -> [String] {
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

    static var hasBoards: Bool { !rows("mlperf-tiny.csv").isEmpty && !rows("mlperf-tiny-model-layers.csv").isEmpty }

    static func measuredCycles(row: String) -> Int? {
        rows("mlperf-tiny.csv").first { $0["row_id"] == row }?["cycles_per_inference"].flatMap(Int.init)
    }

    /// An int8 network of the measured set, built from its shapes; nil when the data is absent.
    static func workload(benchmark: String) -> Workload? {
        let lines = rows("mlperf-tiny-model-layers.csv").filter { $0["benchmark"] == benchmark }
        guard let first = lines.first else { return nil }
        var workload = Workload(
            name: benchmark, layers: [], tensors: [tensor("input", shape(first, "input_shape"), nil)])
        for line in lines { append(line, to: &workload) }
        workload.tensors[workload.tensors.count - 1].isOutput = true
        return workload
    }

    private static func shape(_ line: [String: String], _ key: String) -> [Int] {
        (line[key] ?? "").split(separator: "x").compactMap { Int($0) }
    }

    private static func tensor(_ name: String, _ extents: [Int], _ producer: Int?) -> TensorFootprint {
        TensorFootprint(
            name: name, shape: Shape(extents), elementBits: 8, isFloat: false, producer: producer, consumers: [],
            isOutput: false)
    }

    private static func append(_ line: [String: String], to workload: inout Workload) {
        let index = workload.layers.count
        let source = workload.tensors.count - 1
        let (input, output) = (shape(line, "input_shape"), shape(line, "output_shape"))
        let filters = shape(line, "weight_shape")
        let (computeClass, loops) = work(line["op"] ?? "", input, output, filters)
        let isView = computeClass == .free
        workload.tensors[source].consumers.append(index)
        workload.tensors.append(tensor("t\(index)", output, index))
        workload.tensors[source + 1].aliasOf = isView ? source : nil
        workload.layers.append(
            WorkloadLayer(
                name: "layer \(index)", operatorName: line["op"] ?? "", computeClass: computeClass, loops: loops,
                weights: filters.isEmpty ? nil : Fixtures.weights(filters.reduce(1, *)),
                inputs: computeClass == .elementwise ? [source, source] : [source], outputs: [source + 1],
                accumulator: .int32, isFloat: false))
    }

    private static func work(
        _ name: String, _ input: [Int], _ output: [Int], _ filters: [Int]
    ) -> (ComputeClass, LoopNest) {
        var loops = LoopNest()
        switch name {
        case "conv_2d":
            loops.setWindow(input, output, kernel: filters)
            (loops.outputChannels, loops.inputChannels) = (filters[0], filters[3])
            return (.convolution, loops)
        case "depthwise_conv_2d":
            loops.setWindow(input, output, kernel: filters)
            loops.groups = filters[3]
            return (.depthwise, loops)
        case "fully_connected":
            (loops.outputChannels, loops.inputChannels) = (filters[0], filters[1])
            return (.fullyConnected, loops)
        case "average_pool_2d":
            loops.setWindow(input, output, kernel: input)
            loops.groups = input[3]
            return (.pooling, loops)
        default:
            loops.outputChannels = output.reduce(1, *)
            return (name == "reshape" ? .free : name == "softmax" ? .transcendental : .elementwise, loops)
        }
    }
}

extension LoopNest {
    /// The window of a layer that keeps the extents up to its stride.
    fileprivate mutating func setWindow(_ input: [Int], _ output: [Int], kernel: [Int]) {
        (inputHeight, inputWidth) = (input[1], input[2])
        (outputHeight, outputWidth) = (output[1], output[2])
        (kernelHeight, kernelWidth) = (kernel[1], kernel[2])
        (strideHeight, strideWidth) = ((input[1] + output[1] - 1) / output[1], (input[2] + output[2] - 1) / output[2])
        paddingTop = max(0, (output[1] - 1) * strideHeight + kernel[1] - input[1]) / 2
        paddingLeft = max(0, (output[2] - 1) * strideWidth + kernel[2] - input[2]) / 2
    }
}
