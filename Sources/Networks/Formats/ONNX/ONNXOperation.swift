import Diagnostics
import Foundation

/// A node of an ONNX graph with checked access to its attributes.
struct ONNXOperation {
    let node: ONNXNode
    private let attributes: [String: ONNXAttribute]

    init(_ node: ONNXNode) {
        self.node = node
        attributes = Dictionary(node.attribute.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The domain of the operator set, empty for the standard one, `qonnx` for all that QONNX has had.
    var domain: String {
        if ONNXOperation.gridDomains.contains(node.domain) { return "qonnx" }
        return node.domain == "ai.onnx" ? "" : node.domain
    }

    /// How diagnostics call the node.
    var place: String {
        let name = node.name.isEmpty ? node.output.first ?? "" : node.name
        return "\(node.opType) '\(name)'"
    }

    /// The name of the layer: the node's, or its first output's.
    var stem: String {
        if !node.name.isEmpty { return node.name }
        let output = node.output.first ?? ""
        return output.isEmpty ? node.opType : output
    }

    var attributeNames: [String] { node.attribute.map(\.name) }

    func has(_ name: String) -> Bool {
        attributes[name] != nil
    }

    /// Whether an operand is given; trailing and empty ones are not.
    func hasOperand(_ index: Int) -> Bool {
        index < node.input.count && !node.input[index].isEmpty
    }

    func integer(_ name: String, default value: Int) throws -> Int {
        guard let attribute = attributes[name] else { return value }
        guard attribute.hasI else { throw Diagnostic("attribute '\(name)' is not an integer") }
        return ONNXOperation.bounded(attribute.i)
    }

    func integers(_ name: String) throws -> [Int]? {
        guard let attribute = attributes[name] else { return nil }
        guard !attribute.hasI, !attribute.hasF else {
            throw Diagnostic("attribute '\(name)' is not a list of integers")
        }
        return attribute.ints.map(ONNXOperation.bounded)
    }

    func real(_ name: String, default value: Float) throws -> Float {
        guard let attribute = attributes[name] else { return value }
        guard attribute.hasF else { throw Diagnostic("attribute '\(name)' is not a real number") }
        return attribute.f
    }

    func text(_ name: String, default value: String) throws -> String {
        guard let attribute = attributes[name] else { return value }
        guard attribute.hasS, let text = String(data: attribute.s, encoding: .utf8) else {
            throw Diagnostic("attribute '\(name)' is not a text")
        }
        return text
    }

    func attribute(_ name: String) -> ONNXAttribute? {
        attributes[name]
    }

    /// The integer, or the nearest one with which sums and products of extents cannot overflow.
    static func bounded(_ value: Int64) -> Int {
        Int(max(-limit, min(limit, value)))
    }

    private static let limit: Int64 = 1 << 40
    private static let gridDomains: Set<String> = [
        "qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas",
    ]
}
