/// An operator that can clamp its result.
public protocol ActivatedOperator: Operator {
    var activation: Activation { get set }
}

extension Addition: ActivatedOperator {}
extension AveragePool2D: ActivatedOperator {}
extension Convolution2D: ActivatedOperator {}
extension DepthwiseConvolution2D: ActivatedOperator {}
extension FullyConnected: ActivatedOperator {}
extension MaxPool2D: ActivatedOperator {}

extension Activation {
    /// One clamp that does what this one does, followed by `next`.
    func followed(by next: Activation) -> Activation {
        switch (self, next) {
        case (.none, let activation), (let activation, .none): activation
        case (.relu6, _), (_, .relu6): .relu6
        case (.relu, .relu): .relu
        }
    }
}
