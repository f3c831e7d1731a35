import Tensors

extension Architecture {
    /// ShuffleNet-V1 of width 1 with each number of groups of the paper's table 1 (Zhang et al. 2018), 224x224 input.
    static let shuffleNets = [(1, 144), (2, 200), (3, 240), (4, 272), (8, 384)].map { groups, filters in
        Architecture(
            "shufflenet-v1-g\(groups)", summary: "ShuffleNet-V1, width 1, \(groups) groups (Zhang et al. 2018)",
            input: [1, 224, 224, 3]
        ) { net, image in
            var x = net.normalizedConvolution(
                image, filters: 24, kernel: 3, stride: 2, padding: .behind, name: "conv1")
            x = net.maxPool(x, kernel: 3, stride: 2, padding: .behind)
            for (stage, units) in [4, 8, 4].enumerated() {
                for unit in 1...units {
                    x = net.shuffleUnit(
                        x, filters: filters << stage, groups: groups, halves: unit == 1,
                        name: "stage\(stage + 2)/unit\(unit)")
                }
            }
            return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
        }
    }
}

extension ArchitectureBuilder {
    /// A unit of a stage; the first one halves the image and adds its new channels behind the pooled input.
    fileprivate mutating func shuffleUnit(
        _ input: ValueID, filters: Int, groups: Int, halves: Bool, name: String
    ) -> ValueID {
        let depth = channels(of: input)
        var x = normalizedConvolution(
            input, filters: filters / 4, kernel: 1, groups: depth == 24 ? 1 : groups, name: "\(name)/reduce")
        x = shuffle(x, groups: groups, name: "\(name)/shuffle")
        x = normalizedDepthwise(
            x, stride: halves ? 2 : 1, padding: halves ? .behind : .uniform(1), rectifier: nil,
            name: "\(name)/depthwise")
        x = normalizedConvolution(
            x, filters: halves ? filters - depth : filters, kernel: 1, groups: groups, rectifier: nil,
            name: "\(name)/expand")
        guard halves else { return apply(Addition(activation: .relu), [input, x], name: "\(name)/add") }
        let pooled = averagePool(input, kernel: 3, stride: 2, padding: .behind)
        let joined = concatenation([pooled, x], name: "\(name)/output")
        return apply(Rectifier(activation: .relu), [joined], name: "\(name)/relu")
    }

    /// Channels of the groups dealt out in turn: channel `g * share + i` becomes `i * groups + g`.
    fileprivate mutating func shuffle(_ input: ValueID, groups: Int, name: String) -> ValueID {
        guard groups > 1 else { return input }
        let image = shape(of: input)
        let split: Shape = [image[0], image[1], image[2], groups, image[3] / groups]
        let grouped = apply(Reshape(shape: split), [input], name: "\(name)/split")
        let dealt = apply(Transpose(permutation: [0, 1, 2, 4, 3]), [grouped], name: "\(name)/transpose")
        return apply(Reshape(shape: image), [dealt], name: "\(name)/join")
    }
}
