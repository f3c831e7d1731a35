public import Tensors

/// The values of one inference by name, constants left out.
public struct Trace: Sendable {
    public let values: [String: Tensor]

    public init(values: [String: Tensor]) {
        self.values = values
    }

    public subscript(name: String) -> Tensor? { values[name] }
}
