import Tensors

extension Architecture {
    /// Network in Network for CIFAR-10 (Lin, Chen, Yan 2014), filters as in the authors' published definition.
    static let networkInNetwork = Architecture(
        "nin", summary: "Network in Network for 32x32 images (Lin, Chen, Yan 2014)", input: [1, 32, 32, 3]
    ) { net, image in
        var x = net.perceptron(image, filters: [192, 160, 96], kernel: 5, padding: 2, number: 1)
        x = net.maxPool(x, kernel: 3, stride: 2, padding: .behind)
        x = net.perceptron(x, filters: [192, 192, 192], kernel: 5, padding: 2, number: 2)
        x = net.averagePool(x, kernel: 3, stride: 2, padding: .behind)
        x = net.perceptron(x, filters: [192, 192, 10], kernel: 3, padding: 1, number: 3)
        return net.softmax(net.globalAverage(x))
    }

    /// Network in Network for ImageNet, as the authors published it, 224x224 input.
    static let networkInNetworkImageNet = Architecture(
        "nin-imagenet", summary: "Network in Network for 224x224 images (Lin, Chen, Yan 2014)",
        input: [1, 224, 224, 3]
    ) { net, image in
        var x = net.perceptron(image, filters: [96, 96, 96], kernel: 11, stride: 4, number: 1)
        x = net.maxPool(x, kernel: 3, stride: 2, padding: .behind)
        x = net.perceptron(x, filters: [256, 256, 256], kernel: 5, padding: 2, number: 2)
        x = net.maxPool(x, kernel: 3, stride: 2)
        x = net.perceptron(x, filters: [384, 384, 384], kernel: 3, padding: 1, number: 3)
        x = net.maxPool(x, kernel: 3, stride: 2)
        x = net.perceptron(x, filters: [1024, 1024, 1000], kernel: 3, padding: 1, number: 4)
        return net.softmax(net.globalAverage(x))
    }
}

extension ArchitectureBuilder {
    /// A convolution and two 1x1 ones, each with a rectifier.
    fileprivate mutating func perceptron(
        _ input: ValueID, filters: [Int], kernel: Int, stride: Int = 1, padding: Int = 0, number: Int
    ) -> ValueID {
        var x = convolution(
            input, filters: filters[0], kernel: kernel, stride: stride, padding: padding, name: "conv\(number)")
        for (place, count) in filters.dropFirst().enumerated() {
            x = convolution(x, filters: count, kernel: 1, name: "cccp\(number)_\(place + 1)")
        }
        return x
    }
}
