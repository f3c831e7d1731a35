import Tensors

extension ArchitectureBuilder {
    /// A convolution with bias and, unless told otherwise, a rectifier.
    mutating func convolution(
        _ input: ValueID, filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
        activation: Activation = .relu, name: String
    ) -> ValueID {
        let weights = filterBank(input, filters: filters, kernel: kernel, groups: groups, name: name)
        let bias = constant("\(name):bias", [filters], 0)
        let window = Window(strideHeight: stride, strideWidth: stride, padding: .uniform(padding))
        return apply(
            Convolution2D(window: window, groups: groups, activation: activation), [input, weights, bias], name: name)
    }

    /// A convolution without bias, batch normalization and, unless told otherwise, a rectifier.
    mutating func normalizedConvolution(
        _ input: ValueID, filters: Int, kernel: Int, stride: Int = 1, padding: Window.Margins = Window.Margins(),
        groups: Int = 1, rectifier: (any Operator)? = Rectifier(activation: .relu), name: String
    ) -> ValueID {
        let sums = linearConvolution(
            input, filters: filters, kernel: kernel, stride: stride, padding: padding, groups: groups, name: name)
        return normalization(sums, rectifier: rectifier, name: name)
    }

    /// A convolution without bias and rectifier.
    mutating func linearConvolution(
        _ input: ValueID, filters: Int, kernel: Int, stride: Int = 1, padding: Window.Margins = Window.Margins(),
        groups: Int = 1, name: String
    ) -> ValueID {
        let weights = filterBank(input, filters: filters, kernel: kernel, groups: groups, name: name)
        let window = Window(strideHeight: stride, strideWidth: stride, padding: padding)
        return apply(Convolution2D(window: window, groups: groups), [input, weights], name: name)
    }

    /// A depthwise 3x3 convolution without bias, batch normalization and, unless told otherwise, a rectifier.
    mutating func normalizedDepthwise(
        _ input: ValueID, stride: Int, padding: Window.Margins,
        rectifier: (any Operator)? = Rectifier(activation: .relu), name: String
    ) -> ValueID {
        let weights = weights("\(name):weights", [1, 3, 3, channels(of: input)], fanIn: 9)
        let window = Window(strideHeight: stride, strideWidth: stride, padding: padding)
        let sums = apply(DepthwiseConvolution2D(window: window), [input, weights], name: name)
        return normalization(sums, rectifier: rectifier, name: name)
    }

    private mutating func filterBank(
        _ input: ValueID, filters: Int, kernel: Int, groups: Int, name: String
    ) -> ValueID {
        let depth = channels(of: input) / groups
        return weights("\(name):weights", [filters, kernel, kernel, depth], fanIn: kernel * kernel * depth)
    }

    /// Batch normalization and, unless told otherwise, a rectifier.
    mutating func normalization(
        _ input: ValueID, rectifier: (any Operator)? = Rectifier(activation: .relu), name: String
    ) -> ValueID {
        let shape: Shape = [channels(of: input)]
        let vectors = [("scale", Float(1)), ("shift", 0), ("mean", 0), ("variance", 1)].map { part, value in
            constant("\(name):\(part)", shape, value)
        }
        let normalized = apply(BatchNormalization(epsilon: 1e-5), [input] + vectors, name: "\(name)/norm")
        return rectifier.map { apply($0, [normalized], name: "\(name)/relu") } ?? normalized
    }

    mutating func fullyConnected(
        _ input: ValueID, outputs: Int, activation: Activation = .none, name: String
    ) -> ValueID {
        let depth = shape(of: input).elementCount
        let weights = weights("\(name):weights", [outputs, depth], fanIn: depth)
        let bias = constant("\(name):bias", [outputs], 0)
        return apply(FullyConnected(activation: activation), [input, weights, bias], name: name)
    }

    mutating func maxPool(
        _ input: ValueID, kernel: Int, stride: Int, padding: Window.Margins = Window.Margins()
    ) -> ValueID {
        let window = Window(strideHeight: stride, strideWidth: stride, padding: padding)
        return apply(
            MaxPool2D(kernelHeight: kernel, kernelWidth: kernel, window: window), [input], name: numbered("pool"))
    }

    mutating func averagePool(
        _ input: ValueID, kernel: Int, stride: Int, padding: Window.Margins = Window.Margins()
    ) -> ValueID {
        let window = Window(strideHeight: stride, strideWidth: stride, padding: padding)
        return apply(
            AveragePool2D(kernelHeight: kernel, kernelWidth: kernel, window: window), [input], name: numbered("pool"))
    }

    /// The mean of each channel, as a row.
    mutating func globalAverage(_ input: ValueID) -> ValueID {
        apply(Mean(axes: [1, 2], keepsAxes: false), [input], name: numbered("average"))
    }

    mutating func softmax(_ input: ValueID) -> ValueID {
        apply(Softmax(), [input], name: "softmax")
    }

    mutating func concatenation(_ inputs: [ValueID], name: String) -> ValueID {
        apply(Concatenation(axis: 3), inputs, name: name)
    }

    /// Local response normalization with the constants of the AlexNet paper: n = 5, k = 2, alpha = 1e-4, beta = 0.75.
    mutating func localResponseNormalization(_ input: ValueID) -> ValueID {
        let operation = LocalResponseNormalization(size: 5, alpha: 5e-4, beta: 0.75, bias: 2)
        return apply(operation, [input], name: numbered("norm"))
    }
}

extension Window.Margins {
    /// One row and column behind, as pooling and strided convolutions of even images need.
    static let behind = Window.Margins(bottom: 1, right: 1)
}
