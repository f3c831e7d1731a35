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
    case fixedPointHalfUp = "fixed-point-half-up"
    case fixedPointHalfAway = "fixed-point-half-away"
    case fixedPointHalfEven = "fixed-point-half-even"
    case fixedPointFloor = "fixed-point-floor"
    case fixedPointCeiling = "fixed-point-ceiling"
    case fixedPointTowardZero = "fixed-point-toward-zero"
    case fixedPointStochastic = "fixed-point-stochastic"
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
        case .qonnx:
            guard network.runtime == .qonnx else {
                throw CommandFailure.wrongUsage(
                    "'\(network.name)' has no operators of QONNX, to which the arithmetic 'qonnx' applies")
            }
            return network
        case .float:
            guard !network.hasIntegerLayers else {
                throw CommandFailure.wrongUsage(
                    "'\(network.name)' computes in integers, which have no meaning in the arithmetic 'float'")
            }
            return network
        case .tflm, .litert, .ruy, .xnnpack, .singleRounding, .onnxruntime, .fixedPointHalfUp, .fixedPointHalfAway,
            .fixedPointHalfEven, .fixedPointFloor, .fixedPointCeiling, .fixedPointTowardZero, .fixedPointStochastic:
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
        network.hasIntegerLayers || network.runtime == .qonnx ? network.runtime.name : Self.float.rawValue
    }
}

extension Network {
    /// Whether a layer computes an integer result from integers.
    fileprivate var hasIntegerLayers: Bool {
        nodes.contains { node in
            let isInteger: (ValueID) -> Bool = { self[$0].elementType != .float32 }
            return node.inputs.first.map(isInteger) ?? false && node.outputs.contains(where: isInteger)
        }
    }
}
