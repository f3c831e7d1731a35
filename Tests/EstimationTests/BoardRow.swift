import Estimation
import FixedPoint
import Foundation
import Hardware
import Quantities
import Tensors
import Workloads

/// Rows of `Traces/boards`: one estimate against one measurement each.
struct BoardRow {
    var id: String
    var group: String
    var network: String
    var device: String
    var runtime: String
    var settings: [String]
    var quantity: String
    var measured: Double
    var isCounted: Bool

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Traces/boards").resolvingSymlinksInPath()

    static func rows(_ file: String) -> [BoardRow] {
        Profiles.table(folder.appending(path: file)).map { line in
            BoardRow(
                id: line["row"] ?? "", group: line["group"] ?? "", network: line["network"] ?? "",
                device: line["device"] ?? "", runtime: line["runtime"] ?? "",
                settings: (line["settings"] ?? "").split(separator: ";").map(String.init),
                quantity: line["quantity"] ?? "", measured: Double(line["measured"] ?? "") ?? 0,
                isCounted: !(line["note"] ?? "").hasPrefix("excluded"))
        }
    }

    /// Measured over estimated.
    func ratio() throws -> Double {
        let device = try Profiles.library.device(named: device, overrides: settings).subject
        let runtime = try Profiles.library.runtime(named: runtime).subject
        let workload = Self.workload(network)
        let estimate: Estimate
        switch try Estimator(device: device, runtime: runtime).estimate(workload) {
        case .success(let fitting): estimate = fitting
        case .failure(.doesNotFit(_, let larger)): estimate = larger
        case .failure(let refusal): throw refusal
        }
        let cycles = quantity == "cycles"
        return measured / (cycles ? Double(estimate.totals.cycles) : estimate.totals.latencySeconds)
    }

    /// A network from its layer table.
    static func workload(_ name: String) -> Workload {
        var workload = Workload(name: name, layers: [], tensors: [])
        var places: [String: Int] = [:]
        var zeroFilters: [Int: [Bool]] = [:]
        for line in Profiles.table(folder.appending(path: "networks/\(name).csv")) {
            func number(_ key: String) -> Int { Int(line[key] ?? "") ?? 0 }
            let bits = number("activationBits")
            func tensor(_ label: String, _ kind: String, producer: Int?) -> TensorFootprint {
                TensorFootprint(
                    name: label,
                    shape: Shape([number("\(kind)Height"), number("\(kind)Width"), number("\(kind)Channels")]),
                    elementBits: bits, isFloat: bits == 32, producer: producer, consumers: [], isOutput: false)
            }
            let index = workload.layers.count
            if workload.tensors.isEmpty {
                workload.tensors.append(tensor("input", "input", producer: nil))
                places["input"] = 0
            }
            let named = (line["inputs"] ?? "").split(separator: ";").compactMap { places[String($0)] }
            let inputs = named.isEmpty ? [workload.tensors.count - 1] : named
            for input in Set(inputs) {
                workload.tensors[input].consumers.append(index)
                workload.tensors[input].elementBits = bits
            }
            var output = tensor(line["layer"] ?? "", "output", producer: index)
            let computeClass = ComputeClass(rawValue: line["class"] ?? "") ?? .free
            output.aliasOf = computeClass == .free ? inputs[0] : nil
            let (channels, dead) = (number("outputChannels"), number("deadOutputs"))
            if dead > 0 { zeroFilters[index] = (0..<channels).map { $0 >= channels - dead } }
            places[output.name] = workload.tensors.count
            workload.tensors.append(output)
            workload.layers.append(
                layer(output.name, computeClass, number, inputs: inputs, output: workload.tensors.count - 1))
        }
        if !workload.tensors.isEmpty { workload.tensors[workload.tensors.count - 1].isOutput = true }
        workload.markLiveChannels(zeroFilters: zeroFilters)
        return workload
    }

    private static func layer(
        _ name: String, _ computeClass: ComputeClass, _ number: (String) -> Int, inputs: [Int], output: Int
    ) -> WorkloadLayer {
        var loops = LoopNest()
        let groups = max(1, number("groups"))
        loops.groups = groups
        (loops.inputHeight, loops.inputWidth) = (number("inputHeight"), number("inputWidth"))
        (loops.outputHeight, loops.outputWidth) = (number("outputHeight"), number("outputWidth"))
        (loops.kernelHeight, loops.kernelWidth) = (number("kernelHeight"), number("kernelWidth"))
        (loops.strideHeight, loops.strideWidth) = (number("strideHeight"), number("strideWidth"))
        (loops.paddingTop, loops.paddingLeft) = (number("paddingTop"), number("paddingLeft"))
        loops.outputChannels = number("outputChannels") / groups
        switch computeClass {
        case .convolution, .depthwise, .fullyConnected: loops.inputChannels = number("inputChannels") / groups
        case .pooling, .elementwise, .transcendental, .dataMovement, .free: break
        }
        let bits = number("weightBits")
        let elements = loops.reductionLength * loops.outputChannels * groups
        return WorkloadLayer(
            name: name, operatorName: computeClass.rawValue, computeClass: computeClass, loops: loops,
            weights: bits == 0 ? nil : Fixtures.weights(elements, bits: bits), inputs: inputs, outputs: [output],
            accumulator: .int32, isFloat: number("activationBits") == 32)
    }
}
