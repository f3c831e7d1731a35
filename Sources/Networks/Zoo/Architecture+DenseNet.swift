import Tensors

extension Architecture {
    /// DenseNets of growth 32 with bottlenecks and half the channels behind each block (Huang et al. 2017), 224x224 input.
    static let denseNets = [
        dense(121, blocks: [6, 12, 24, 16]), dense(169, blocks: [6, 12, 32, 32]), dense(201, blocks: [6, 12, 48, 32]),
    ]

    private static func dense(_ depth: Int, blocks: [Int]) -> Architecture {
        Architecture(
            "densenet\(depth)", summary: "DenseNet-BC-\(depth), growth 32 (Huang et al. 2017)",
            input: [1, 224, 224, 3]
        ) { net, image in
            var x = net.normalizedConvolution(
                image, filters: 64, kernel: 7, stride: 2, padding: .uniform(3), name: "conv1")
            x = net.maxPool(x, kernel: 3, stride: 2, padding: .uniform(1))
            for (stage, layers) in blocks.enumerated() {
                for layer in 1...layers {
                    x = net.denseLayer(x, growth: 32, name: "block\(stage + 1)/layer\(layer)")
                }
                if stage < blocks.count - 1 { x = net.transition(x, name: "transition\(stage + 1)") }
            }
            x = net.normalization(x, name: "last")
            return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
        }
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func denseLayer(_ input: ValueID, growth: Int, name: String) -> ValueID {
        let ready = normalization(input, name: name)
        let narrow = normalizedConvolution(ready, filters: 4 * growth, kernel: 1, name: "\(name)/reduce")
        let grown = linearConvolution(
            narrow, filters: growth, kernel: 3, padding: .uniform(1), name: "\(name)/conv")
        return concatenation([input, grown], name: "\(name)/output")
    }

    fileprivate mutating func transition(_ input: ValueID, name: String) -> ValueID {
        let ready = normalization(input, name: name)
        let halved = linearConvolution(ready, filters: channels(of: input) / 2, kernel: 1, name: "\(name)/conv")
        return averagePool(halved, kernel: 2, stride: 2)
    }
}
