import Networks
import SIMDKernels
import Tensors

/// A convolution or fully connected layer on bytes.
struct ByteSumKernel: LayerKernel {
    private let layer: ByteLayer
    private let patches: BytePatches
    private let level: dt_level
    /// For each group, in the kernels' panels.
    private let weights: [[Int8]]

    /// - Returns: nil for other layers and for machines without the instructions.
    init?(_ layer: Layer, level: dt_level) {
        guard dt_can_sum_uint8(level) != 0, let bytes = ByteLayer(layer), !bytes.weighted.isDepthwise else {
            return nil
        }
        self.layer = bytes.packed
        self.level = level
        patches = BytePatches(bytes.weighted, result: layer.results[0].shape)
        let (weighted, run) = (bytes.weighted, patches.run)
        let each = bytes.weights.count / weighted.groups
        weights = (0..<weighted.groups).map { group in
            BytePanels.packed(
                bytes.weights[group * each..<(group + 1) * each], channels: weighted.groupChannels,
                segments: weighted.geometry.segments.count, elements: weighted.geometry.runElements, run: run)
        }
    }

    func workspaceBytes(cases: Int) -> Int { patches.workspaceBytes }

    var measuresPeak: Bool { layer.keepsSums }

    func run(_ run: LayerRun) {
        let geometry = patches.geometry
        let imageBytes = geometry.height * geometry.width * geometry.channels
        let input = run.input(0, as: UInt8.self)
        let output = run.output(0, as: UInt8.self)
        let padded = run.workspace.bindMemory(to: UInt8.self, capacity: patches.workspaceBytes)
        let images = run.cases * geometry.batch
        let outputBytes = patches.lines * patches.pixels * layer.weighted.channels
        for first in stride(from: 0, to: images, by: patches.imagesTogether) {
            let count = min(patches.imagesTogether, images - first)
            for line in stride(from: 0, to: patches.lines, by: patches.bandLines) {
                for image in 0..<count {
                    let source = input + (first + image) * imageBytes
                    patches.pad(source, line: line, into: padded + image * patches.bandBytes, layer, level: level)
                }
                let lines = min(patches.bandLines, patches.lines - line)
                let target = output + first * outputBytes + line * patches.pixels * layer.weighted.channels
                sum(padded, pixels: count * lines * patches.pixels, into: target, peak: run.peak)
            }
        }
    }

    private func sum(
        _ padded: UnsafePointer<UInt8>, pixels: Int, into output: UnsafeMutablePointer<UInt8>,
        peak: UnsafeMutablePointer<Int32>?
    ) {
        let weighted = layer.weighted
        patches.places.withUnsafeBufferPointer { places in
            patches.segments.withUnsafeBufferPointer { segments in
                for group in 0..<weighted.groups {
                    var shape = dt_patches(
                        places: places.baseAddress, pixels: pixels, segments: segments.baseAddress,
                        segment_count: Int32(segments.count), run: Int32(patches.run),
                        blocks: Int32(ChannelBlocks.count(weighted.groupChannels)), channels: weighted.groupChannels,
                        stride: weighted.channels)
                    let input = padded + group * (patches.geometry.channels / weighted.groups)
                    layer.narrowing.withNarrowing(group: group, peak: peak) { narrowing in
                        dt_sum_uint8(
                            &shape, &narrowing, input, weights[group], output + group * weighted.groupChannels)
                    }
                }
            }
        }
    }
}
