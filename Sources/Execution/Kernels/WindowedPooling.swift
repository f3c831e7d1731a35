import Networks

/// A pooling operator as kernels see it.
struct WindowedPooling: Sendable {
    let window: Window
    let kernel: (height: Int, width: Int)
    let isAverage: Bool
    let activation: Activation

    /// - Returns: nil for other operators.
    init?(_ operation: any Operator) {
        if let operation = operation as? AveragePool2D {
            (window, kernel) = (operation.window, (operation.kernelHeight, operation.kernelWidth))
            (isAverage, activation) = (true, operation.activation)
        } else if let operation = operation as? MaxPool2D {
            (window, kernel) = (operation.window, (operation.kernelHeight, operation.kernelWidth))
            (isAverage, activation) = (false, operation.activation)
        } else {
            return nil
        }
    }
}
