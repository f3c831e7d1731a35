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
    /// One clamp that does what this one does, followed by `next`; nil where there is none.
    func followed(by next: Activation) -> Activation? {
        switch (self, next) {
        case (.none, let activation), (let activation, .none): activation
        case (.reluN1To1, .reluN1To1): .reluN1To1
        case (.reluN1To1, _), (_, .reluN1To1): nil
        case (.relu6, _), (_, .relu6): .relu6
        case (.relu, .relu): .relu
        }
    }
}
