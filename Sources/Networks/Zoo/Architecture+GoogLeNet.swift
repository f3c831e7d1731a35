import Tensors

extension Architecture {
    /// GoogLeNet without its auxiliary classifiers (Szegedy et al. 2015), 224x224 input.
    static let googLeNet = Architecture(
        "googlenet", summary: "GoogLeNet with 5x5 branches, without auxiliary classifiers (Szegedy et al. 2015)",
        input: [1, 224, 224, 3]
    ) { net, image in
        var x = net.convolution(image, filters: 64, kernel: 7, stride: 2, padding: 3, name: "conv1")
        x = net.localResponseNormalization(net.maxPool(x, kernel: 3, stride: 2, padding: .behind))
        x = net.convolution(x, filters: 64, kernel: 1, name: "conv2_reduce")
        x = net.convolution(x, filters: 192, kernel: 3, padding: 1, name: "conv2")
        x = net.maxPool(net.localResponseNormalization(x), kernel: 3, stride: 2, padding: .behind)
        for module in modules {
            if module.name.hasSuffix("a"), module.name != "3a" {
                x = net.maxPool(x, kernel: 3, stride: 2, padding: .behind)
            }
            x = net.inception(x, module)
        }
        return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
    }

    private static let modules = [
        Inception("3a", 64, 96, 128, 16, 32, 32),
        Inception("3b", 128, 128, 192, 32, 96, 64),
        Inception("4a", 192, 96, 208, 16, 48, 64),
        Inception("4b", 160, 112, 224, 24, 64, 64),
        Inception("4c", 128, 128, 256, 24, 64, 64),
        Inception("4d", 112, 144, 288, 32, 64, 64),
        Inception("4e", 256, 160, 320, 32, 128, 128),
        Inception("5a", 256, 160, 320, 32, 128, 128),
        Inception("5b", 384, 192, 384, 48, 128, 128),
    ]
}

/// One row of table 1 of the paper: filters of the four branches.
private struct Inception {
    let name: String
    let one: Int
    let threeReduce: Int
    let three: Int
    let fiveReduce: Int
    let five: Int
    let pool: Int

    init(_ name: String, _ one: Int, _ threeReduce: Int, _ three: Int, _ fiveReduce: Int, _ five: Int, _ pool: Int) {
        (self.name, self.one, self.threeReduce, self.three) = (name, one, threeReduce, three)
        (self.fiveReduce, self.five, self.pool) = (fiveReduce, five, pool)
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func inception(_ input: ValueID, _ module: Inception) -> ValueID {
        let name = "inception_\(module.name)"
        let one = convolution(input, filters: module.one, kernel: 1, name: "\(name)/1x1")
        let threeInput = convolution(input, filters: module.threeReduce, kernel: 1, name: "\(name)/3x3_reduce")
        let three = convolution(threeInput, filters: module.three, kernel: 3, padding: 1, name: "\(name)/3x3")
        let fiveInput = convolution(input, filters: module.fiveReduce, kernel: 1, name: "\(name)/5x5_reduce")
        let five = convolution(fiveInput, filters: module.five, kernel: 5, padding: 2, name: "\(name)/5x5")
        let pooled = maxPool(input, kernel: 3, stride: 1, padding: .uniform(1))
        let pool = convolution(pooled, filters: module.pool, kernel: 1, name: "\(name)/pool_proj")
        return concatenation([one, three, five, pool], name: "\(name)/output")
    }
}
