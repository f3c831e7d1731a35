import Tensors

extension Architecture {
    /// MobileNet-V1 of width 1 on 224x224 images (Howard et al. 2017).
    static let mobileNetV1 = mobileNetV1(width: 4, resolution: 224, name: "mobilenet-v1")

    /// MobileNet-V1 of the other widths and resolutions of the paper; `mobilenet-v1-0.5-160` has half the channels.
    static let narrowMobileNets = [4, 3, 2, 1].flatMap { width in
        [224, 192, 160, 128].map { resolution in
            mobileNetV1(
                width: width, resolution: resolution,
                name: "mobilenet-v1-\(["0.25", "0.5", "0.75", "1"][width - 1])-\(resolution)")
        }
    }

    /// - Parameter width: quarters of the full number of channels.
    private static func mobileNetV1(width: Int, resolution: Int, name: String) -> Architecture {
        Architecture(
            name, summary: "MobileNet-V1, width \(Double(width) / 4), resolution \(resolution) (Howard et al. 2017)",
            input: [1, resolution, resolution, 3]
        ) { net, image in
            var x = net.normalizedConvolution(
                image, filters: 32 * width / 4, kernel: 3, stride: 2, padding: .behind, name: "conv1")
            let layers = [
                (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1),
                (512, 1), (1024, 2), (1024, 1),
            ]
            for (place, (filters, stride)) in layers.enumerated() {
                x = net.normalizedDepthwise(
                    x, stride: stride, padding: net.samePadding(x, stride: stride), name: "depthwise\(place + 2)")
                x = net.normalizedConvolution(
                    x, filters: filters * width / 4, kernel: 1, name: "pointwise\(place + 2)")
            }
            return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
        }
    }

    /// MobileNet-V2 of width 1 (Sandler et al. 2018), 224x224 input.
    static let mobileNetV2 = Architecture(
        "mobilenet-v2", summary: "MobileNet-V2, width 1, resolution 224 (Sandler et al. 2018)",
        input: [1, 224, 224, 3]
    ) { net, image in
        let clamp = Rectifier(activation: .relu6)
        var x = net.normalizedConvolution(
            image, filters: 32, kernel: 3, stride: 2, padding: .behind, rectifier: clamp, name: "conv1")
        let stages = [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        ]
        for (stage, (expansion, filters, blocks, stride)) in stages.enumerated() {
            for block in 1...blocks {
                x = net.invertedResidual(
                    x, expansion: expansion, filters: filters, stride: block == 1 ? stride : 1,
                    name: "stage\(stage + 1)/block\(block)")
            }
        }
        x = net.normalizedConvolution(x, filters: 1280, kernel: 1, rectifier: clamp, name: "conv2")
        return net.softmax(net.fullyConnected(net.globalAverage(x), outputs: 1000, name: "classifier"))
    }
}

extension ArchitectureBuilder {
    fileprivate mutating func invertedResidual(
        _ input: ValueID, expansion: Int, filters: Int, stride: Int, name: String
    ) -> ValueID {
        let clamp = Rectifier(activation: .relu6)
        let depth = channels(of: input)
        var x = input
        if expansion > 1 {
            x = normalizedConvolution(
                x, filters: expansion * depth, kernel: 1, rectifier: clamp, name: "\(name)/expand")
        }
        x = normalizedDepthwise(
            x, stride: stride, padding: samePadding(x, stride: stride), rectifier: clamp, name: "\(name)/depthwise")
        x = normalizedConvolution(x, filters: filters, kernel: 1, rectifier: nil, name: "\(name)/project")
        return stride == 1 && filters == depth ? apply(Addition(), [x, input], name: "\(name)/add") : x
    }

    /// The padding of a 3x3 window that keeps `ceil(extent / stride)`, the odd row and column behind.
    fileprivate func samePadding(_ input: ValueID, stride: Int) -> Window.Margins {
        let image = shape(of: input)
        return Window.samePadding(
            height: image[1], width: image[2], kernelHeight: 3, kernelWidth: 3, strideHeight: stride,
            strideWidth: stride)
    }
}
