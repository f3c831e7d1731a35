import ArgumentParser
import Networks
import Tensors

/// The arithmetic in which a network is executed, by the runtime that computes so.
enum ArithmeticName: String, CaseIterable, ExpressibleByArgument, Sendable {
    case tflm
    case litert
    case ruy
    case xnnpack
    case singleRounding = "single-rounding"
    case onnxruntime
    case qonnx
    case larq
    case float

    /// The integer arithmetic; nil for reals and for what is not supported.
    var runtime: RuntimeArithmetic? { RuntimeArithmetic.named(rawValue) }

    /// The network in this arithmetic.
    ///
    /// - Throws: `CommandFailure.wrongUsage` for an arithmetic that is not supported or has no meaning on the network.
    func applied(to network: Network) throws -> Network {
        switch self {
        case .larq:
            throw CommandFailure.wrongUsage(
                "the arithmetic 'larq' need not be named: binary layers compute alike in every arithmetic, and the "
                    + "others in that of their runtime; leave --arithmetic out")
        case .litert, .qonnx:
            let supported = Self.allCases.filter { $0.runtime != nil }.map(\.rawValue) + [Self.float.rawValue]
            throw CommandFailure.wrongUsage(
                "the arithmetic '\(rawValue)' is not supported yet; supported: \(supported.joined(separator: ", "))")
        case .float:
            guard !network.hasIntegerLayers else {
                throw CommandFailure.wrongUsage(
                    "'\(network.name)' computes in integers, which have no meaning in the arithmetic 'float'")
            }
            return network
        case .tflm, .ruy, .xnnpack, .singleRounding, .onnxruntime:
            guard network.hasIntegerLayers, let runtime else {
                throw CommandFailure.wrongUsage(
                    "'\(network.name)' computes in reals, to which the arithmetic '\(rawValue)' does not apply; "
                        + "quantize it with 'compress', or leave --arithmetic out")
            }
            var result = network
            result.runtime = runtime
            return result
        }
    }

    /// The name of the arithmetic that a network has.
    static func name(of network: Network) -> String {
        network.hasIntegerLayers ? network.runtime.name : Self.float.rawValue
    }
}

extension Network {
    /// Whether a layer computes an integer result from integers.
    fileprivate var hasIntegerLayers: Bool {
        nodes.contains { node in
            let isInteger: (ValueID) -> Bool = { self[$0].elementType != .float32 && self[$0].quantization != nil }
            return node.inputs.first.map(isInteger) ?? false && node.outputs.contains(where: isInteger)
        }
    }
}
