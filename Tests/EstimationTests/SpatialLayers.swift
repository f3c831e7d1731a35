import FixedPoint
import Hardware
import Quantities
import Tensors
import Workloads

/// Layers of published networks, by shape.
enum SpatialLayers {
    /// A convolution over a square image; a fully connected layer is one of a single pixel.
    static func loops(
        batch: Int = 1, groups: Int = 1, channels: Int, filters: Int, input: Int, output: Int, kernel: Int, stride: Int,
        padding: Int = 0
    ) -> LoopNest {
        var loops = LoopNest()
        (loops.batch, loops.groups) = (batch, groups)
        (loops.inputChannels, loops.outputChannels) = (channels, filters)
        (loops.inputHeight, loops.inputWidth) = (input, input)
        (loops.outputHeight, loops.outputWidth) = (output, output)
        (loops.kernelHeight, loops.kernelWidth) = (kernel, kernel)
        (loops.strideHeight, loops.strideWidth) = (stride, stride)
        (loops.paddingTop, loops.paddingLeft) = (padding, padding)
        return loops
    }

    /// A chain of layers that multiply; each reads a tensor of its own shape.
    static func workload(_ layers: [(name: String, loops: LoopNest, zeros: Double?)], bits: Int) -> Workload {
        var workload = Workload(name: "layers", layers: [], tensors: [])
        for (index, layer) in layers.enumerated() {
            let loops = layer.loops
            let elements = loops.groups * loops.outputChannels * loops.reductionLength
            func tensor(_ name: String, _ shape: [Int], producer: Int?) -> TensorFootprint {
                TensorFootprint(
                    name: name, shape: Shape(shape), elementBits: bits, isFloat: false, producer: producer,
                    consumers: producer == index ? [] : [index], isOutput: producer == index)
            }
            workload.tensors.append(
                tensor(
                    "\(layer.name) in",
                    [loops.batch, loops.inputHeight, loops.inputWidth, loops.groups * loops.inputChannels],
                    producer: index == 0 ? nil : index - 1))
            workload.tensors.append(
                tensor(
                    "\(layer.name) out",
                    [loops.batch, loops.outputHeight, loops.outputWidth, loops.groups * loops.outputChannels],
                    producer: index))
            workload.layers.append(
                WorkloadLayer(
                    name: layer.name, operatorName: "conv",
                    computeClass: loops.groups > 1 && loops.inputChannels == 1
                        ? .depthwise : .convolution, loops: loops,
                    weights: WeightFootprint(
                        elements: elements, nonzeroElements: elements, elementBits: bits, isBipolar: false,
                        storage: .dense, zeroStructure: .element, storedEntries: elements,
                        encodedSize: Bits(elements * bits), parameterSize: Bits(0)),
                    inputs: [2 * index], outputs: [2 * index + 1], accumulator: nil, isFloat: false,
                    activationZeros: layer.zeros.map { MeasuredFraction(value: $0, origin: .executed) }))
        }
        return workload
    }

    /// The convolutions of AlexNet in a batch of four, with the fraction of zeros that JSSC 2017 prints for their inputs.
    static let alexNet: [(name: String, loops: LoopNest, zeros: Double?)] = [
        ("CONV1", loops(batch: 4, channels: 3, filters: 96, input: 227, output: 55, kernel: 11, stride: 4), 0.0001),
        (
            "CONV2",
            loops(
                batch: 4, groups: 2, channels: 48, filters: 128, input: 27, output: 27, kernel: 5, stride: 1, padding: 2
            ),
            0.039
        ),
        (
            "CONV3",
            loops(batch: 4, channels: 256, filters: 384, input: 13, output: 13, kernel: 3, stride: 1, padding: 1), 0.725
        ),
        (
            "CONV4",
            loops(
                batch: 4, groups: 2, channels: 192, filters: 192, input: 13, output: 13, kernel: 3, stride: 1,
                padding: 1),
            0.793
        ),
        (
            "CONV5",
            loops(
                batch: 4, groups: 2, channels: 192, filters: 128, input: 13, output: 13, kernel: 3, stride: 1,
                padding: 1),
            0.776
        ),
    ]

    /// Some shapes of ResNet-50, ResNet-18 and MobileNet.
    static let common: [(name: String, loops: LoopNest, zeros: Double?)] = [
        ("stem", loops(channels: 3, filters: 64, input: 224, output: 112, kernel: 7, stride: 2, padding: 3), nil),
        ("res2 3x3", loops(channels: 64, filters: 64, input: 56, output: 56, kernel: 3, stride: 1, padding: 1), nil),
        ("res2 1x1", loops(channels: 64, filters: 256, input: 56, output: 56, kernel: 1, stride: 1), nil),
        ("res3 3x3", loops(channels: 128, filters: 128, input: 28, output: 28, kernel: 3, stride: 1, padding: 1), nil),
        ("res4 1x1", loops(channels: 1024, filters: 256, input: 14, output: 14, kernel: 1, stride: 1), nil),
        ("res5 3x3", loops(channels: 512, filters: 512, input: 7, output: 7, kernel: 3, stride: 1, padding: 1), nil),
        ("res5 1x1", loops(channels: 512, filters: 2048, input: 7, output: 7, kernel: 1, stride: 1), nil),
        (
            "depthwise",
            loops(groups: 144, channels: 1, filters: 1, input: 56, output: 56, kernel: 3, stride: 1, padding: 1), nil
        ),
        ("classifier", loops(channels: 2048, filters: 1000, input: 1, output: 1, kernel: 1, stride: 1), nil),
    ]
}
