import FixedPoint
import Quantities
import Tensors
import Workloads

/// ResNet-50 at 224x224 in int8 as a workload, its chain repeated as often as asked: what the benchmark estimates.
struct ResidualNetwork {
    private(set) var workload = Workload(name: "resnet-50", layers: [], tensors: [])

    init(copies: Int) {
        for _ in 0..<copies { appendCopy() }
        workload.tensors[workload.tensors.count - 1].isOutput = true
    }

    private mutating func appendCopy() {
        let image = tensor(224, 224, 3, producer: nil)
        var last = convolution(from: image, size: 224, channels: 3, filters: 64, window: 7, stride: 2)
        last = pooling(from: last, size: 112, channels: 64, window: 3, stride: 2)
        var (size, channels) = (56, 64)
        for (stage, blocks) in [3, 4, 6, 3].enumerated() {
            let width = 64 << stage
            for block in 0..<blocks {
                let stride = stage > 0 && block == 0 ? 2 : 1
                let input = last
                let shortcut =
                    block == 0
                    ? convolution(
                        from: input, size: size, channels: channels, filters: 4 * width, window: 1, stride: stride)
                    : input
                let first = convolution(
                    from: input, size: size, channels: channels, filters: width, window: 1, stride: stride)
                size /= stride
                let middle = convolution(
                    from: first, size: size, channels: width, filters: width, window: 3, stride: 1)
                let residue = convolution(
                    from: middle, size: size, channels: width, filters: 4 * width, window: 1, stride: 1)
                channels = 4 * width
                last = addition(of: [shortcut, residue], size: size, channels: channels)
            }
        }
        last = pooling(from: last, size: 7, channels: 2048, window: 7, stride: 7)
        last = dense(from: last, inputs: 2048, outputs: 1000)
    }

    private mutating func tensor(_ height: Int, _ width: Int, _ channels: Int, producer: Int?) -> Int {
        workload.tensors.append(
            TensorFootprint(
                name: "t\(workload.tensors.count)", shape: Shape([1, height, width, channels]), elementBits: 8,
                isFloat: false, producer: producer, consumers: [], isOutput: false))
        return workload.tensors.count - 1
    }

    private mutating func append(
        _ computeClass: ComputeClass, _ loops: LoopNest, inputs: [Int], channels: Int
    ) -> Int {
        let index = workload.layers.count
        for input in inputs { workload.tensors[input].consumers.append(index) }
        let output = tensor(loops.outputHeight, loops.outputWidth, channels, producer: index)
        let elements = loops.reductionLength * loops.outputChannels * loops.groups
        let hasWeights = computeClass == .convolution || computeClass == .fullyConnected
        let weights = WeightFootprint(
            elements: elements, nonzeroElements: elements, elementBits: 8, isBipolar: false, storage: .dense,
            zeroStructure: .element, storedEntries: elements, encodedSize: Bits(elements * 8),
            parameterSize: Bits(channels * 64))
        workload.layers.append(
            WorkloadLayer(
                name: "layer \(index)", operatorName: computeClass.rawValue, computeClass: computeClass, loops: loops,
                weights: hasWeights ? weights : nil, inputs: inputs, outputs: [output], accumulator: .int32,
                isFloat: false))
        return output
    }

    private func window(size: Int, window: Int, stride: Int) -> LoopNest {
        var loops = LoopNest()
        (loops.inputHeight, loops.inputWidth) = (size, size)
        (loops.outputHeight, loops.outputWidth) = ((size + stride - 1) / stride, (size + stride - 1) / stride)
        (loops.kernelHeight, loops.kernelWidth) = (window, window)
        (loops.strideHeight, loops.strideWidth) = (stride, stride)
        (loops.paddingTop, loops.paddingLeft) = (window / 2, window / 2)
        return loops
    }

    private mutating func convolution(
        from input: Int, size: Int, channels: Int, filters: Int, window side: Int, stride: Int
    ) -> Int {
        var loops = window(size: size, window: side, stride: stride)
        (loops.outputChannels, loops.inputChannels) = (filters, channels)
        return append(.convolution, loops, inputs: [input], channels: filters)
    }

    private mutating func pooling(from input: Int, size: Int, channels: Int, window side: Int, stride: Int) -> Int {
        var loops = window(size: size, window: side, stride: stride)
        if side == size { (loops.paddingTop, loops.paddingLeft) = (0, 0) }
        loops.groups = channels
        return append(.pooling, loops, inputs: [input], channels: channels)
    }

    private mutating func addition(of inputs: [Int], size: Int, channels: Int) -> Int {
        var loops = LoopNest()
        (loops.outputHeight, loops.outputWidth, loops.outputChannels) = (size, size, channels)
        return append(.elementwise, loops, inputs: inputs, channels: channels)
    }

    private mutating func dense(from input: Int, inputs: Int, outputs: Int) -> Int {
        var loops = LoopNest()
        (loops.outputChannels, loops.inputChannels) = (outputs, inputs)
        return append(.fullyConnected, loops, inputs: [input], channels: outputs)
    }
}
