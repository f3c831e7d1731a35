import Tensors

extension Architecture {
    /// VGG-16, configuration D (Simonyan, Zisserman 2015), 224x224 input.
    static let vgg16 = Architecture(
        "vgg16", summary: "VGG-16, configuration D (Simonyan, Zisserman 2015)", input: [1, 224, 224, 3]
    ) { net, image in
        var x = image
        for (block, (layers, filters)) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)].enumerated() {
            for layer in 1...layers {
                x = net.convolution(x, filters: filters, kernel: 3, padding: 1, name: "conv\(block + 1)_\(layer)")
            }
            x = net.maxPool(x, kernel: 2, stride: 2)
        }
        x = net.fullyConnected(x, outputs: 4096, activation: .relu, name: "fc6")
        x = net.fullyConnected(x, outputs: 4096, activation: .relu, name: "fc7")
        return net.softmax(net.fullyConnected(x, outputs: 1000, name: "fc8"))
    }
}
