import Tensors

extension Architecture {
    /// Darknet-19, the classifier of YOLO9000's table 6 (Redmon, Farhadi 2017), 224x224 input.
    static let darknet19 = Architecture(
        "darknet19", summary: "Darknet-19 (Redmon, Farhadi 2017)", input: [1, 224, 224, 3]
    ) { net, image in
        var x = image
        let stages = [
            [32], [64], [128, 64, 128], [256, 128, 256], [512, 256, 512, 256, 512], [1024, 512, 1024, 512, 1024],
        ]
        var number = 0
        for (stage, layers) in stages.enumerated() {
            if stage > 0 { x = net.maxPool(x, kernel: 2, stride: 2) }
            for (place, filters) in layers.enumerated() {
                number += 1
                x = net.darknetLayer(x, filters: filters, kernel: place % 2 == 0 ? 3 : 1, name: "conv\(number)")
            }
        }
        x = net.convolution(x, filters: 1000, kernel: 1, activation: .none, name: "conv19")
        return net.softmax(net.globalAverage(x))
    }

    /// Tiny YOLO v2 for the 20 classes of Pascal VOC: 13x13 cells with 5 boxes of 25 numbers (Redmon, Farhadi 2017).
    static let tinyYOLOv2 = Architecture(
        "tiny-yolo-v2", summary: "Tiny YOLO v2 for Pascal VOC, 416x416 (Redmon, Farhadi 2017)",
        input: [1, 416, 416, 3]
    ) { net, image in
        var x = image
        for (place, filters) in [16, 32, 64, 128, 256, 512, 1024, 1024].enumerated() {
            x = net.darknetLayer(x, filters: filters, kernel: 3, name: "conv\(place + 1)")
            if place < 5 { x = net.maxPool(x, kernel: 2, stride: 2) }
            if place == 5 { x = net.maxPool(x, kernel: 2, stride: 1, padding: .behind) }
        }
        return net.convolution(x, filters: 125, kernel: 1, activation: .none, name: "conv9")
    }
}

extension ArchitectureBuilder {
    /// A convolution, batch normalization and a rectifier of slope 0.1 below zero.
    fileprivate mutating func darknetLayer(
        _ input: ValueID, filters: Int, kernel: Int, name: String
    ) -> ValueID {
        normalizedConvolution(
            input, filters: filters, kernel: kernel, padding: .uniform(kernel / 2),
            rectifier: LeakyRectifier(alpha: 0.1), name: name)
    }
}
