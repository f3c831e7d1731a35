import Tensors

extension Architecture {
    /// ResNet-50, the first version, with the stride in the first 1x1 convolution (He et al. 2016), 224x224 input.
    static let resNet50 = Architecture(
        "resnet50", summary: "ResNet-50 v1, stride in the first 1x1 convolution (He et al. 2016)",
        input: [1, 224, 224, 3]
    ) { net, image in
        var x = net.normalizedConvolution(
            image, filters: 64, kernel: 7, stride: 2, padding: .uniform(3), name: "conv1")
        x = net.maxPool(x, kernel: 3, stride: 2, padding: .uniform(1))
        for (stage, (blocks, filters)) in [(3, 64), (4, 128), (6, 256), (3, 512)].enumerated() {
            for block in 1...blocks {
                let stride = block == 1 && stage > 0 ? 2 : 1
                x = net.bottleneck(x, filters: filters, stride: stride, name: "stage\(stage + 2)/block\(block)")
            }
        }
        return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func bottleneck(
        _ input: ValueID, filters: Int, stride: Int, name: String
    ) -> ValueID {
        var x = normalizedConvolution(input, filters: filters, kernel: 1, stride: stride, name: "\(name)/reduce")
        x = normalizedConvolution(x, filters: filters, kernel: 3, padding: .uniform(1), name: "\(name)/conv")
        x = normalizedConvolution(x, filters: 4 * filters, kernel: 1, rectified: false, name: "\(name)/expand")
        var shortcut = input
        if channels(of: input) != 4 * filters {
            shortcut = normalizedConvolution(
                input, filters: 4 * filters, kernel: 1, stride: stride, rectified: false, name: "\(name)/shortcut")
        }
        return apply(Addition(activation: .relu), [x, shortcut], name: "\(name)/add")
    }
}
