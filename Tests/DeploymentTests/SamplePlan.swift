import Compression
import Estimation
import Foundation
import Hardware
import Networks
import Tensors

/// A small residual network at four bits, estimated on a board.
struct SamplePlan {
    let compressed: CompressedNetwork
    let estimate: Estimate

    init() throws {
        let entry = RecipeEntry(
            step: "fixed-point-quantization", parameters: ["weightBits": .integer(4), "activationBits": .integer(8)])
        let steps = try StepCatalog.standard.steps(of: Recipe(steps: [entry]))
        let network = try SamplePlan.network()
        compressed = try CompressedNetwork(network).applying(steps, observing: SamplePlan.unitRanges(of: network))
        let library = SamplePlan.library
        let device = try library.device(named: "nucleo-l4r5zi").subject
        let runtime = try device.defaultRuntime.map { try library.runtime(named: $0).subject }
        estimate = try Estimator(device: device, runtime: runtime).estimate(compressed.lowered()).get()
    }

    /// Every activation lies in -1 to 1.
    private static func unitRanges(of network: Network) -> ActivationStatistics {
        var statistics = ActivationStatistics()
        for value in network.values where value.constant == nil { statistics.record([-1, 1], of: value.name) }
        return statistics
    }

    private static func network() throws -> Network {
        var network = Network(name: "sample")
        func weights(_ name: String, _ shape: Shape) -> ValueID {
            let values = (0..<shape.elementCount).map { Float($0 * 7 % 13) / 13 - 0.5 }
            return network.append(Value(name: name, constant: Tensor(shape, values)))
        }
        func add(_ name: String, _ operation: any Operator, _ inputs: [ValueID]) throws -> ValueID {
            let shape = try operation.outputShapes(of: inputs.map { network[$0].shape })[0]
            let output = network.append(Value(name: name + ":out", shape: shape, elementType: .float32))
            network.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
            return output
        }
        let input = network.append(Value(name: "image", shape: [1, 8, 8, 3], elementType: .float32))
        let window = Window(padding: .uniform(1))
        let first = try add("first", Convolution2D(window: window), [input, weights("first:w", [8, 3, 3, 3])])
        let second = try add("second", Convolution2D(window: window), [first, weights("second:w", [8, 3, 3, 8])])
        let sum = try add("sum", Addition(), [first, second])
        let flat = try add("flat", Reshape(shape: [1, 512]), [sum])
        let scores = try add("scores", FullyConnected(), [flat, weights("scores:w", [5, 512])])
        network.inputs = [input]
        network.outputs = [scores]
        return network
    }

    private static let library: ProfileLibrary = {
        let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "HardwareProfiles")
        var profiles: [String: Data] = [:]
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        for path in paths where path.hasSuffix(".yaml") {
            profiles[String(path.dropLast(5))] = try? Data(contentsOf: folder.appending(path: path))
        }
        return ProfileLibrary(profiles: profiles)
    }()
}
