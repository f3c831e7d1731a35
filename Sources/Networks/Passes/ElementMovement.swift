/// An operator that only chooses and places elements, so that it computes the same on integers as on their reals.
protocol ElementMovement: Operator {
    /// Whether this one keeps to that with its attributes.
    var keepsElements: Bool { get }
}

extension ElementMovement {
    var keepsElements: Bool { true }
}

extension ChannelSelection: ElementMovement {}
extension Concatenation: ElementMovement {}
extension MaxPool2D: ElementMovement {
    var keepsElements: Bool { activation == .none }
}
extension Padding: ElementMovement {
    var keepsElements: Bool { value == 0 }
}
extension Reshape: ElementMovement {}
extension StridedSlice: ElementMovement {}
extension Transpose: ElementMovement {}
