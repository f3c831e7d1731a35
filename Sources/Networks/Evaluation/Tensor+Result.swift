package import Diagnostics
package import Tensors

extension Diagnostic {
    /// Some operands are integers and others are reals where one kind is needed.
    package static let mixedOperands = Diagnostic(
        "integer and real tensors meet here", fix: "put a quantize or dequantize node between them")

    /// An operator that has no integer meaning met integers.
    package static func hasNoIntegerMeaning(_ name: String) -> Diagnostic {
        Diagnostic("\(name) has no meaning on integers", fix: "dequantize its input or fold it into its neighbour")
    }
}

extension Tensor {
    /// Integers in the stored type of a result.
    package static func result(_ elements: [Int], as type: ResultType) throws -> Tensor {
        guard let tensor = Tensor(type.shape, integers: elements, storedAs: type.elementType) else {
            throw Diagnostic("results do not fit into \(type.elementType.rawValue)")
        }
        return tensor
    }
}

extension ResultType {
    /// The quantization of an integer result.
    ///
    /// - Throws: `Diagnostic` when the result is real.
    package func requiredQuantization() throws -> Quantization {
        guard let quantization else { throw Diagnostic.mixedOperands }
        return quantization
    }

    /// Refuses a result that is not real.
    package func requireReal() throws {
        guard elementType == .float32 else { throw Diagnostic.mixedOperands }
    }
}

extension Activation {
    /// The clamp on a real.
    package func clamped(_ value: Float) -> Float {
        let raised = range.lower.map { max(value, $0) } ?? value
        return range.upper.map { min(raised, $0) } ?? raised
    }
}
