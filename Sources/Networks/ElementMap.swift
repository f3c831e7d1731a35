import Diagnostics
public import Tensors

/// An operator of one tensor that maps each element by itself, whatever its place.
public protocol ElementMap: Operator {}

extension ElementMap {
    /// The shape of the one operand.
    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("\(name) takes one tensor") }
        return inputs
    }
}
