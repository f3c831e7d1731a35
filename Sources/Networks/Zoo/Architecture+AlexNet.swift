import Tensors

extension Architecture {
    /// AlexNet with its two groups (Krizhevsky, Sutskever, Hinton 2012), 227x227 input.
    static let alexNet = Architecture(
        "alexnet", summary: "AlexNet with grouped conv2, conv4 and conv5 (Krizhevsky, Sutskever, Hinton 2012)",
        input: [1, 227, 227, 3]
    ) { net, image in
        var x = net.convolution(image, filters: 96, kernel: 11, stride: 4, name: "conv1")
        x = net.maxPool(net.localResponseNormalization(x), kernel: 3, stride: 2)
        x = net.convolution(x, filters: 256, kernel: 5, padding: 2, groups: 2, name: "conv2")
        x = net.maxPool(net.localResponseNormalization(x), kernel: 3, stride: 2)
        x = net.convolution(x, filters: 384, kernel: 3, padding: 1, name: "conv3")
        x = net.convolution(x, filters: 384, kernel: 3, padding: 1, groups: 2, name: "conv4")
        x = net.convolution(x, filters: 256, kernel: 3, padding: 1, groups: 2, name: "conv5")
        x = net.maxPool(x, kernel: 3, stride: 2)
        x = net.fullyConnected(x, outputs: 4096, activation: .relu, name: "fc6")
        x = net.fullyConnected(x, outputs: 4096, activation: .relu, name: "fc7")
        return net.softmax(net.fullyConnected(x, outputs: 1000, name: "fc8"))
    }
}
