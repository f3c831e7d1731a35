import Compression
import Diagnostics
import Foundation
import Networks
import Quantities
import Testing
import Workloads

/// The trained networks that lie beside the package, if they do.
private enum DataKit {
    static let models = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/models/mlperf-tiny")
    static var isPresent: Bool { FileManager.default.fileExists(atPath: models.path) }
}

/// Steps on trained networks of the data kit, checked for soundness; what they compute is checked on small ones.
@Suite(.enabled(if: DataKit.isPresent, "the data kit is absent"))
struct TrainedNetworkTests {
    private func network(_ name: String) throws -> CompressedNetwork {
        let file = DataKit.models.appending(path: name)
        return CompressedNetwork(try TFLiteReader().read(Data(contentsOf: file), fileName: name))
    }

    /// Every value between -1 and 1, whatever the network computes.
    private func observer(for compressed: CompressedNetwork) -> ActivationStatistics {
        var statistics = ActivationStatistics()
        for value in compressed.network.values { statistics.record([-1, -0.5, 0, 0.25, 1], of: value.name) }
        return statistics
    }

    private func check(_ compressed: CompressedNetwork) {
        #expect(compressed.faults(file: "test").map(\.message) == [])
    }

    @Test(arguments: ["ic_resnet8", "kws_dscnn", "vww_mobilenetv1_025", "ad_autoencoder"])
    func floatNetworksTakeEveryStep(_ name: String) throws {
        let given = try network("\(name)_float.tflite")
        let thin = try given.applying(
            MagnitudePruning(granularity: .filter, density: 0.5), observing: observer(for: given))
        check(thin)
        #expect(thin.lowered().macs < given.lowered().macs)
        let split = try thin.applying(FullyConnectedSVD(layers: .all, fraction: 0.25), observing: observer(for: thin))
        check(split)
        let sparse = try split.applying(
            MagnitudePruning(granularity: .vector, density: 0.5), observing: observer(for: split))
        let integer = try sparse.applying(
            [FixedPointQuantization(weightBits: 5, activationBits: 7), StorageCoding()],
            observing: observer(for: sparse))
        check(integer)
        let workload = integer.lowered()
        #expect(workload.layers.allSatisfy { !$0.isFloat })
        #expect(workload.layers.compactMap(\.weights).allSatisfy { $0.encodedSize.count <= $0.elements * 5 })
    }

    @Test(arguments: ["ic_resnet8", "kws_dscnn", "vww_mobilenetv1_025", "ad_autoencoder"])
    func integerNetworksTakeTheStepsThatSuit(_ name: String) throws {
        let given = try network("\(name)_int8.tflite")
        let steps: [any CompressionStep] = [
            MagnitudePruning(granularity: .filter, density: 0.75), FixedPointQuantization(weightBits: 4),
            MagnitudePruning(density: 0.5), StorageCoding(),
        ]
        let thin = try given.applying(steps, observing: ActivationStatistics())
        check(thin)
        #expect(thin.lowered().layers.compactMap(\.weights).allSatisfy { $0.density <= 0.51 && $0.elementBits == 4 })
        check(try given.applying(BinaryWeights(layers: .all), observing: ActivationStatistics()))
    }

    /// The count of live products is that of the published layer tables of the network.
    @Test func channelsOfZeroFiltersAreDead() throws {
        let workload = try network("vww_mobilenetv1_025_int8.tflite").lowered()
        #expect(workload.macs == 7_489_664)
        let live = workload.layers.reduce(0) { sum, layer in
            guard layer.macs > 0 else { return sum }
            guard let channels = layer.liveChannels else { return sum + layer.macs }
            let loops = layer.loops
            let window = loops.outputHeight * loops.outputWidth * loops.kernelHeight * loops.kernelWidth
            let inputs = layer.computeClass == .depthwise ? 1 : channels.inputs
            return sum + window * inputs * channels.outputs
        }
        #expect(live == 3_742_091)
        #expect(workload.layers.filter { $0.liveChannels != nil }.count > 10)
        let dense = try network("kws_dscnn_int8.tflite").lowered()
        #expect(dense.layers.allSatisfy { $0.liveChannels == nil })
    }
}
