import Compression
import Diagnostics
import Networks
import Tensors
import Testing
import Workloads

/// Channels leave a network of any structure without changing what it computes, when their parameters are zero.
@Suite struct ChannelRemovalTests {
    /// Removing any channels that may leave equals zeroing all their parameters, bit for bit.
    @Test(arguments: 0..<60)
    func removalEqualsZeroing(seed: Int) throws {
        var builder = NetworkBuilder(input: seed % 4 == 0 ? [1, 3, 6, 6] : [1, 6, 6, 3], seed: UInt64(seed))
        let network = try Self.network(&builder)
        let analysis = ChannelAnalysis(network)
        var floor = ChannelFloor(analysis)
        let removable = analysis.groups.flatMap(\.removable)
        let removed = removable.filter { _ in builder.generator.next() % 3 == 0 }.filter { floor.allowsRemoving($0) }
        let zeroed = Self.zeroing(Set(removed), of: analysis)
        var small = CompressedNetwork(network)
        let touched = small.remove(Set(removed), of: analysis)
        #expect(small.faults(file: "test").map(\.message) == [])
        #expect(removed.isEmpty || !touched.isEmpty)
        for _ in 0..<2 {
            let sample = builder.sample()
            #expect(try small.network.output(sample) == zeroed.output(sample))
        }
        if !removed.isEmpty { #expect(small.lowered().macs < CompressedNetwork(network).lowered().macs) }
    }

    /// The structures of `network` do not hold channels back: in most seeds some of every kind of layer may leave.
    @Test func mostChannelsMayLeave() throws {
        var (removable, all) = (0, 0)
        for seed in 0..<60 {
            var builder = NetworkBuilder(input: seed % 4 == 0 ? [1, 3, 6, 6] : [1, 6, 6, 3], seed: UInt64(seed))
            for group in ChannelAnalysis(try Self.network(&builder)).groups {
                removable += group.removable.count
                all += group.roots.count
            }
        }
        #expect(Double(removable) > 0.75 * Double(all))
    }

    /// A constant that another node reads whole holds the channels that it belongs to.
    @Test func constantsReadElsewhereStay() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 3], seed: 7)
        let image = try builder.convolution(builder.input, outputs: 4, name: "conv")
        let shift = builder.constant("shift", [4])
        let moved = try builder.node(Addition(), [image, shift])
        let logits = try builder.fullyConnected(moved, outputs: 4, name: "logits")
        let rows = try builder.node(Softmax(), [shift])
        let sum = try builder.node(Addition(), [logits, rows])
        let groups = ChannelAnalysis(builder.finished(sum)).groups
        #expect(groups.allSatisfy { $0.removable.isEmpty })
    }

    /// Planes of zeros set beside channels are padding and leave with the channels that they are added to.
    @Test func zerosArePadding() throws {
        for scale: Float in [0, 1] {
            var builder = NetworkBuilder(input: [1, 4, 4, 3], seed: 7)
            let image = try builder.convolution(builder.input, outputs: 4, name: "conv")
            let planes = builder.constant("planes", [1, 4, 4, 2], scale: scale)
            let wide = try builder.node(Concatenation(axis: 3), [image, planes])
            let branch = try builder.convolution(image, outputs: 6, name: "branch")
            let sum = try builder.node(Addition(), [wide, branch])
            let output = try builder.fullyConnected(sum, outputs: 3, name: "fc")
            let groups = ChannelAnalysis(builder.finished(output)).groups
            #expect(groups.map(\.removable.count) == [scale == 0 ? 6 : 4, 0])
        }
    }

    /// Shuffled channels of two groups: those at the same place of both leave together.
    @Test func shuffleTiesPlacesOfGroups() throws {
        var builder = NetworkBuilder(input: [1, 4, 4, 3], seed: 7)
        let image = try builder.convolution(builder.input, outputs: 8, name: "conv")
        let shuffled = try Self.shuffle(image, groups: 2, in: &builder)
        let deep = try builder.convolution(shuffled, outputs: 6, groups: 2, name: "grouped")
        let output = try builder.fullyConnected(deep, outputs: 3, name: "fc")
        let groups = ChannelAnalysis(builder.finished(output)).groups
        #expect(groups.map(\.layers) == [["conv"], ["grouped"], ["fc"]])
        #expect(groups.map(\.roots.count) == [2, 3, 3])
    }

    private static func zeroing(_ roots: Set<Int>, of analysis: ChannelAnalysis) -> Network {
        var network = analysis.network
        for (id, slices) in analysis.slices {
            guard let constant = network[id].constant else { continue }
            var values = constant.floats
            for slice in slices {
                let inner = constant.shape.extents[(slice.axis + 1)...].reduce(1, *)
                for place in values.indices {
                    let unit = slice.units[place / inner % slice.units.count]
                    if roots.contains(analysis.root(of: unit)) { values[place] = 0 }
                }
            }
            network[id].constant = Tensor(constant.shape, values)
        }
        return network
    }

    private static func shuffle(_ image: ValueID, groups: Int, in builder: inout NetworkBuilder) throws -> ValueID {
        let shape = builder.shape(image)
        let depth = shape[3] / groups
        let apart = try builder.node(Reshape(shape: Shape(shape.extents[..<3] + [groups, depth])), [image])
        let turned = try builder.node(Transpose(permutation: [0, 1, 2, 4, 3]), [apart])
        return try builder.node(Reshape(shape: shape), [turned])
    }

    /// A network of random blocks of every structure through which channels pass, and a classifier.
    private static func network(_ builder: inout NetworkBuilder) throws -> Network {
        let isPlanar = builder.shape(builder.input)[1] == 3
        let given =
            isPlanar ? try builder.node(Transpose(permutation: [0, 2, 3, 1]), [builder.input]) : builder.input
        var image = try builder.convolution(given, outputs: 8)
        for _ in 0..<3 + builder.generator.next() % 3 {
            image = try block(Int(builder.generator.next() % 10), on: image, in: &builder)
        }
        switch builder.generator.next() % 3 {
        case 0: image = try builder.node(Mean(axes: [1, 2], keepsAxes: false), [image])
        case 1: image = try builder.node(Reshape(shape: [1, builder.shape(image).elementCount]), [image])
        default:
            let planar = try builder.node(Transpose(permutation: [0, 3, 1, 2]), [image])
            image = try builder.node(Reshape(shape: [1, builder.shape(planar).elementCount]), [planar])
        }
        image = try builder.fullyConnected(image, outputs: 9, activation: .relu)
        let columns = builder.shape(image)[1]
        let hidden = try builder.node(MatrixProduct(), [image, builder.constant("matrix", [columns, 6])])
        let logits = try builder.fullyConnected(hidden, outputs: 5, name: "logits")
        let answer = try builder.node(Softmax(), [logits])
        return builder.finished(answer)
    }

    private static func block(_ kind: Int, on image: ValueID, in builder: inout NetworkBuilder) throws -> ValueID {
        let channels = builder.shape(image)[3]
        switch kind {
        case 0:
            let inner = try builder.convolution(image, outputs: 6)
            let back = try builder.convolution(inner, outputs: channels, activation: .none)
            return try builder.node(Addition(activation: .relu), [image, try builder.normalization(back)])
        case 1:
            let wide = try builder.convolution(image, outputs: 12, groups: 1)
            let grouped = try builder.convolution(wide, outputs: 24, groups: 12)
            let shuffled = try shuffle(grouped, groups: 3, in: &builder)
            return try builder.convolution(shuffled, outputs: 9, groups: 3)
        case 2:
            return try split(image, in: &builder)
        case 3:
            let deep = try builder.depthwise(image, multiplier: 2)
            return try builder.node(
                ParametricRectifier(), [deep, builder.constant("slope\(builder.layerCount)", [1, 1, channels * 2])])
        case 4:
            let pooled = try builder.node(Mean(axes: [1, 2], keepsAxes: true), [image])
            let narrow = try builder.convolution(pooled, outputs: 3, kernel: (1, 1), window: Window())
            let wide = try builder.convolution(narrow, outputs: channels, kernel: (1, 1), window: Window())
            return try builder.node(Multiplication(), [image, try builder.node(Sigmoid(), [wide])])
        case 5:
            let reduced = try builder.node(
                StridedSlice(starts: [0, 0, 0, 0], counts: [1, 3, 3, channels], strides: [1, 2, 2, 1]), [image])
            let shortcut = try builder.node(
                Padding(before: [0, 0, 0, 2], after: [0, 0, 0, 2]), [reduced])
            let window = Window(strideHeight: 2, strideWidth: 2, padding: .uniform(1))
            guard builder.shape(image)[1] == 6 else { return image }
            let branch = try builder.convolution(image, outputs: channels + 4, window: window, activation: .none)
            let sum = try builder.node(Addition(activation: .relu), [branch, shortcut])
            return try builder.node(NearestResize(height: 6, width: 6, sampling: .corner), [sum])
        case 6:
            let grown = try builder.node(
                BilinearResize(height: 6, width: 6, sampling: .halfPixel), [image])
            let scaled = try builder.node(
                ChannelScaling(),
                [
                    grown, builder.constant("factor\(builder.layerCount)", [channels]),
                    builder.constant("term\(builder.layerCount)", [channels]),
                ])
            return try builder.node(HardSwish(), [scaled])
        case 7:
            let spread = builder.constant("filters\(builder.layerCount)", [5, 3, 3, channels], scale: 0.3)
            let size = (builder.shape(image)[1], builder.shape(image)[2])
            return try builder.node(
                TransposedConvolution2D(
                    strideHeight: 1, strideWidth: 1, top: 1, left: 1, outputHeight: size.0, outputWidth: size.1),
                [image, spread])
        case 8:
            let levels = builder.constant("levels\(builder.layerCount)", [channels, 3])
            let stepped = try builder.node(MultiThreshold(channelAxis: 3, scale: 0.5, bias: -0.5), [image, levels])
            let pool = MaxPool2D(kernelHeight: 3, kernelWidth: 3, window: Window(padding: .uniform(1)))
            return try builder.node(pool, [stepped])
        default:
            let half = builder.constant("half\(builder.layerCount)", [])
            let scaled = try builder.node(Multiplication(), [image, half])
            let mask = try builder.convolution(image, outputs: 1, name: "mask\(builder.layerCount)")
            let masked = try builder.node(Multiplication(), [scaled, mask])
            return try builder.node(HyperbolicTangent(), [masked])
        }
    }

    /// Two runs of channels and every second channel, worked on apart and put together again.
    private static func split(_ image: ValueID, in builder: inout NetworkBuilder) throws -> ValueID {
        let shape = builder.shape(image)
        func slice(_ start: Int, _ count: Int, _ stride: Int) -> StridedSlice {
            StridedSlice(
                starts: [0, 0, 0, start], counts: [1, shape[1], shape[2], count], strides: [1, 1, 1, stride])
        }
        let cut = shape[3] / 3
        let front = try builder.node(slice(0, cut, 1), [image])
        let behind = try builder.node(slice(cut, shape[3] - cut, 1), [image])
        let second = try builder.node(slice(1, (shape[3] - 1 + 1) / 2, 2), [image])
        let worked = try builder.convolution(behind, outputs: 4)
        return try builder.node(Concatenation(axis: 3), [worked, front, second])
    }
}
