import Tensors

extension Architecture {
    /// SqueezeNet 1.0 (Iandola et al. 2016), 227x227 input so that conv1 gives the 111x111 of the paper's table.
    static let squeezeNet = Architecture(
        "squeezenet", summary: "SqueezeNet 1.0 (Iandola et al. 2016)", input: [1, 227, 227, 3]
    ) { net, image in
        var x = net.convolution(image, filters: 96, kernel: 7, stride: 2, name: "conv1")
        x = net.maxPool(x, kernel: 3, stride: 2)
        let modules = [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)]
        for (place, (squeeze, expand)) in modules.enumerated() {
            x = net.fire(x, squeeze: squeeze, expand: expand, name: "fire\(place + 2)")
            if place == 2 || place == 6 { x = net.maxPool(x, kernel: 3, stride: 2) }
        }
        x = net.convolution(x, filters: 1000, kernel: 1, name: "conv10")
        return net.softmax(net.globalAverage(x))
    }
}

extension Architecture {
    /// SqueezeNet 1.1: fewer and smaller filters in conv1, pooling earlier (Iandola et al., published definition).
    static let squeezeNetNarrow = Architecture(
        "squeezenet1.1", summary: "SqueezeNet 1.1 (Iandola et al. 2016)", input: [1, 227, 227, 3]
    ) { net, image in
        var x = net.convolution(image, filters: 64, kernel: 3, stride: 2, name: "conv1")
        let modules = [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)]
        for (place, (squeeze, expand)) in modules.enumerated() {
            if [0, 2, 4].contains(place) { x = net.maxPool(x, kernel: 3, stride: 2) }
            x = net.fire(x, squeeze: squeeze, expand: expand, name: "fire\(place + 2)")
        }
        x = net.convolution(x, filters: 1000, kernel: 1, name: "conv10")
        return net.softmax(net.globalAverage(x))
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func fire(_ input: ValueID, squeeze: Int, expand: Int, name: String) -> ValueID {
        let squeezed = convolution(input, filters: squeeze, kernel: 1, name: "\(name)/squeeze")
        let one = convolution(squeezed, filters: expand, kernel: 1, name: "\(name)/expand1x1")
        let three = convolution(squeezed, filters: expand, kernel: 3, padding: 1, name: "\(name)/expand3x3")
        return concatenation([one, three], name: "\(name)/output")
    }
}
