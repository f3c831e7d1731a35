import Tensors

extension Architecture {
    /// ResNeXt-50 32x4d: 32 groups of 4 channels in the first stage (Xie et al. 2017), 224x224 input.
    static let resNeXt50 = Architecture(
        "resnext50-32x4d",
        summary: "ResNeXt-50, cardinality 32, width 4, stride in the 3x3 convolution (Xie et al. 2017)",
        input: [1, 224, 224, 3]
    ) { net, image in
        var x = net.normalizedConvolution(
            image, filters: 64, kernel: 7, stride: 2, padding: .uniform(3), name: "conv1")
        x = net.maxPool(x, kernel: 3, stride: 2, padding: .uniform(1))
        for (stage, (blocks, width)) in [(3, 128), (4, 256), (6, 512), (3, 1024)].enumerated() {
            for block in 1...blocks {
                let stride = block == 1 && stage > 0 ? 2 : 1
                x = net.aggregatedBlock(x, width: width, stride: stride, name: "stage\(stage + 2)/block\(block)")
            }
        }
        return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func aggregatedBlock(
        _ input: ValueID, width: Int, stride: Int, name: String
    ) -> ValueID {
        var x = normalizedConvolution(input, filters: width, kernel: 1, name: "\(name)/reduce")
        x = normalizedConvolution(
            x, filters: width, kernel: 3, stride: stride, padding: .uniform(1), groups: 32, name: "\(name)/conv")
        x = normalizedConvolution(x, filters: 2 * width, kernel: 1, rectifier: nil, name: "\(name)/expand")
        return residual(x, behind: input, stride: stride, name: name)
    }
}
