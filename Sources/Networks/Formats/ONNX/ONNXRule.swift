import Diagnostics

/// How one operator of ONNX becomes nodes of a network.
struct ONNXRule: Sendable {
    typealias Translate = @Sendable (inout ONNXTranslation, ONNXOperation) throws -> ONNXValue

    /// The operator set, empty for the standard one.
    let domain: String
    let type: String
    /// How many operands may be given.
    let operands: ClosedRange<Int>
    /// Attributes that are understood, or that do not change the result; others are refused.
    let attributes: Set<String>
    /// The value of the node's first output.
    let translate: Translate

    init(
        _ type: String, domain: String = "", operands: ClosedRange<Int>, attributes: Set<String> = [],
        translate: @escaping Translate
    ) {
        self.type = type
        self.domain = domain
        self.operands = operands
        self.attributes = attributes
        self.translate = translate
    }

    /// The result of `operation`, after its operands and attributes have been counted.
    func apply(to operation: ONNXOperation, in translation: inout ONNXTranslation) throws -> ONNXValue {
        guard operands.contains(operation.node.input.count) else {
            throw Diagnostic("\(operation.node.input.count) operands where \(operands) are expected")
        }
        for name in operation.attributeNames where !attributes.contains(name) {
            throw Diagnostic("attribute '\(name)' of \(type) is not supported")
        }
        return try translate(&translation, operation)
    }
}
