import Tensors

extension Architecture {
    /// MobileNet-V1 of width 1 (Howard et al. 2017), 224x224 input.
    static let mobileNetV1 = Architecture(
        "mobilenet-v1", summary: "MobileNet-V1, width 1, resolution 224 (Howard et al. 2017)", input: [1, 224, 224, 3]
    ) { net, image in
        var x = net.normalizedConvolution(
            image, filters: 32, kernel: 3, stride: 2, padding: .behind, name: "conv1")
        let layers = [
            (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
            (1024, 2), (1024, 1),
        ]
        for (place, (filters, stride)) in layers.enumerated() {
            x = net.normalizedDepthwise(
                x, stride: stride, padding: stride == 2 ? .behind : .uniform(1), name: "depthwise\(place + 2)")
            x = net.normalizedConvolution(x, filters: filters, kernel: 1, name: "pointwise\(place + 2)")
        }
        return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
    }
}
