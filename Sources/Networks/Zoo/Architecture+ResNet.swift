import Tensors

extension Architecture {
    /// ResNets on 224x224 images, the first version with the stride in the first convolution of a block (He et al. 2016).
    static let resNets = [
        residual(18, blocks: [2, 2, 2, 2]), residual(34, blocks: [3, 4, 6, 3]), residual(50, blocks: [3, 4, 6, 3]),
        residual(101, blocks: [3, 4, 23, 3]), residual(152, blocks: [3, 8, 36, 3]),
    ]

    /// ResNets on 32x32 images, shortcuts without parameters (He et al. 2016, section 4.2).
    static let cifarResNets = [20, 32, 44, 56, 110].map(cifarResidual)

    private static func residual(_ depth: Int, blocks: [Int]) -> Architecture {
        let isDeep = depth >= 50
        let detail = isDeep ? "stride in the first 1x1 convolution" : "blocks of two 3x3 convolutions"
        return Architecture(
            "resnet\(depth)", summary: "ResNet-\(depth) v1, \(detail) (He et al. 2016)", input: [1, 224, 224, 3]
        ) { net, image in
            var x = net.normalizedConvolution(
                image, filters: 64, kernel: 7, stride: 2, padding: .uniform(3), name: "conv1")
            x = net.maxPool(x, kernel: 3, stride: 2, padding: .uniform(1))
            for (stage, (count, filters)) in zip(blocks, [64, 128, 256, 512]).enumerated() {
                for block in 1...count {
                    let stride = block == 1 && stage > 0 ? 2 : 1
                    let name = "stage\(stage + 2)/block\(block)"
                    x =
                        isDeep
                        ? net.bottleneck(x, filters: filters, stride: stride, name: name)
                        : net.basicBlock(x, filters: filters, stride: stride, name: name)
                }
            }
            return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
        }
    }

    private static func cifarResidual(_ depth: Int) -> Architecture {
        Architecture(
            "resnet\(depth)-cifar", summary: "ResNet-\(depth) for 32x32 images, padded shortcuts (He et al. 2016)",
            input: [1, 32, 32, 3]
        ) { net, image in
            var x = net.normalizedConvolution(image, filters: 16, kernel: 3, padding: .uniform(1), name: "conv1")
            for (stage, filters) in [16, 32, 64].enumerated() {
                for block in 1...(depth - 2) / 6 {
                    let stride = block == 1 && stage > 0 ? 2 : 1
                    x = net.paddedBlock(
                        x, filters: filters, stride: stride, name: "stage\(stage + 1)/block\(block)")
                }
            }
            return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 10, name: "classifier"))
        }
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func bottleneck(
        _ input: ValueID, filters: Int, stride: Int, name: String
    ) -> ValueID {
        var x = normalizedConvolution(input, filters: filters, kernel: 1, stride: stride, name: "\(name)/reduce")
        x = normalizedConvolution(x, filters: filters, kernel: 3, padding: .uniform(1), name: "\(name)/conv")
        x = normalizedConvolution(x, filters: 4 * filters, kernel: 1, rectifier: nil, name: "\(name)/expand")
        return residual(x, behind: input, stride: stride, name: name)
    }

    fileprivate mutating func basicBlock(_ input: ValueID, filters: Int, stride: Int, name: String) -> ValueID {
        residual(
            twoConvolutions(input, filters: filters, stride: stride, name: name), behind: input, stride: stride,
            name: name)
    }

    private mutating func twoConvolutions(
        _ input: ValueID, filters: Int, stride: Int, name: String
    ) -> ValueID {
        let x = normalizedConvolution(
            input, filters: filters, kernel: 3, stride: stride, padding: .uniform(1), name: "\(name)/conv1")
        return normalizedConvolution(
            x, filters: filters, kernel: 3, padding: .uniform(1), rectifier: nil, name: "\(name)/conv2")
    }

    /// The sum with the block's input, through a 1x1 convolution where the channels differ.
    mutating func residual(_ x: ValueID, behind input: ValueID, stride: Int, name: String) -> ValueID {
        var shortcut = input
        if channels(of: input) != channels(of: x) {
            shortcut = normalizedConvolution(
                input, filters: channels(of: x), kernel: 1, stride: stride, rectifier: nil, name: "\(name)/shortcut")
        }
        return apply(Addition(activation: .relu), [x, shortcut], name: "\(name)/add")
    }

    /// A block whose shortcut takes every second pixel and fills the new channels with zeros.
    fileprivate mutating func paddedBlock(_ input: ValueID, filters: Int, stride: Int, name: String) -> ValueID {
        let x = twoConvolutions(input, filters: filters, stride: stride, name: name)
        var shortcut = input
        if stride > 1 {
            let image = shape(of: input)
            let slice = StridedSlice(
                starts: [0, 0, 0, 0],
                counts: [image[0], (image[1] + stride - 1) / stride, (image[2] + stride - 1) / stride, image[3]],
                strides: [1, stride, stride, 1])
            shortcut = apply(slice, [input], name: "\(name)/subsample")
        }
        let missing = filters - channels(of: input)
        if missing > 0 {
            shortcut = apply(
                Padding(before: [0, 0, 0, 0], after: [0, 0, 0, missing]), [shortcut], name: "\(name)/pad")
        }
        return apply(Addition(activation: .relu), [x, shortcut], name: "\(name)/add")
    }
}
