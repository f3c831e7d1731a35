import Networks
import Tensors

/// An operator that keeps channels apart and proportions: `k` times a channel gives `k` times the result, for `k > 0`.
protocol ProportionalOperator: Operator {
    /// Whether that holds with these parameters for an input whose channels lie along its last axis.
    func keepsProportions(ofImage shape: Shape) -> Bool
}

extension Activation {
    /// Whether `k` times the input gives `k` times the result, for `k > 0`.
    var keepsProportions: Bool {
        switch self {
        case .none, .relu: true
        case .relu6, .reluN1To1: false
        }
    }
}

extension Rectifier: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool { activation.keepsProportions }
}

extension LeakyRectifier: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool { true }
}

extension MaxPool2D: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool { activation.keepsProportions }
}

extension AveragePool2D: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool { activation.keepsProportions }
}

extension Mean: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool { !axes.contains(shape.rank - 1) }
}

extension Padding: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool {
        value == 0 && before.last == 0 && after.last == 0
    }
}

extension Reshape: ProportionalOperator {
    func keepsProportions(ofImage shape: Shape) -> Bool { true }
}
