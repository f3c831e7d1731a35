import Compression
import Diagnostics
import Execution
import Networks
import Testing
import Workloads

/// Removal of channels and layers on trained networks: what chooses by responses beats what chooses by magnitudes.
@Suite struct ChannelMethodsTests {
    /// Right answers after a step, with the multiplications that are left.
    private func score(
        _ step: any CompressionStep, on model: TrainedModel, limit: Int = .max
    ) throws -> (correct: Int, macs: Int) {
        let result = try model.applying([step])
        #expect(result.faults(file: "test").map(\.message) == [])
        return (try model.correct(result, limit: limit), result.lowered().macs)
    }

    @Test func responsesBeatMagnitudesOnClothes() throws {
        let model = try TrainedModel.fashion(calibration: 32)
        let naive = try score(MagnitudePruning(granularity: .filter, density: 0.75), on: model, limit: 300)
        let thin = try score(ThiNet(density: 0.75), on: model, limit: 300)
        let lasso = try score(LassoChannelSelection(density: 0.75), on: model, limit: 300)
        #expect(thin.macs == naive.macs && lasso.macs == naive.macs)
        #expect(thin.correct > naive.correct + 30 && lasso.correct > naive.correct + 30)
        let equal = try score(NeuronMerge(density: 0.75), on: model, limit: 300)
        let scaled = try score(NeuronMerge(density: 0.75, scaled: true), on: model, limit: 300)
        #expect(scaled.macs == equal.macs && scaled.correct > equal.correct + 30)
        let kernels = try score(MagnitudePruning(granularity: .kernel, density: 0.5), on: model, limit: 300)
        let inbound = try score(InboundPruning(density: 0.5), on: model, limit: 300)
        #expect(inbound.correct > kernels.correct + 30)
    }

    /// Channels inside of residual blocks, so that all methods leave the same layers of the same sizes.
    private func inner(_ model: TrainedModel) -> LayerSelection {
        let groups = ChannelGroups(of: model.network).groups
        return LayerSelection(groups.filter { $0.layers.count == 1 && $0.removable > 0 }.flatMap(\.layers))
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func responsesBeatMagnitudesOnImages() throws {
        let model = try TrainedModel.resnet8(calibration: 32)
        let layers = inner(model)
        let naive = try score(
            MagnitudePruning(layers: layers, granularity: .filter, density: 0.75), on: model)
        let fits = try ThiNet.Refit.allCases.map { refit in
            try score(ThiNet(layers: layers, density: 0.75, refit: refit), on: model)
        }
        let lasso = try score(LassoChannelSelection(layers: layers, density: 0.75), on: model)
        #expect((fits + [lasso]).allSatisfy { $0.macs == naive.macs && $0.correct > naive.correct + 40 })
        #expect(fits[0].correct < fits[1].correct && fits[1].correct < fits[2].correct)
        let merged = try score(NeuronMerge(layers: layers, density: 0.75), on: model)
        #expect(merged.macs == naive.macs && merged.correct > naive.correct)
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func responsesBeatMagnitudesInDepth() throws {
        let model = try TrainedModel.resnet(20, calibration: 32)
        #expect(ChannelGroups(of: model.network).groups.map(\.removable).prefix(2) == [64, 16])
        let layers = inner(model)
        let naive = try score(
            MagnitudePruning(layers: layers, granularity: .filter, density: 0.75), on: model)
        let thin = try score(ThiNet(layers: layers, density: 0.75), on: model)
        let lasso = try score(LassoChannelSelection(layers: layers, density: 0.75), on: model)
        #expect(thin.macs == naive.macs && lasso.macs == naive.macs)
        #expect(thin.correct > naive.correct + 150 && lasso.correct > naive.correct + 150)
    }

    /// Weights that make up for the channels that each filter lost beat those that stay as they are, and magnitudes.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"), arguments: [8, 20])
    func filtersMakeUpForTheirChannels(depth: Int) throws {
        let model = try depth == 8 ? TrainedModel.resnet8(calibration: 64) : TrainedModel.resnet(depth, calibration: 64)
        let kernels = try score(MagnitudePruning(granularity: .kernel, density: 0.75), on: model)
        let plain = try score(InboundPruning(density: 0.75, corrects: false), on: model)
        let fitted = try score(InboundPruning(density: 0.75), on: model)
        #expect(fitted.correct > plain.correct + 20 && fitted.correct > kernels.correct + 20)
    }

    /// The branch that changes responses least costs few answers; the shortcut that passes its sum is kept.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func branchesLeave() throws {
        let model = try TrainedModel.resnet(20, calibration: 16)
        let least = try model.applying([LayerRemoval()])
        #expect(least.faults(file: "test").map(\.message) == [])
        #expect(least.lowered().macs < CompressedNetwork(model.network).lowered().macs)
        let sums = model.network.nodes.filter { $0.operation is Addition }.count
        #expect(least.network.nodes.filter { $0.operation is Addition }.count == sums - 1)
        let first = model.network.nodes.filter { $0.weights != nil }[1].name
        let named = try model.applying([LayerRemoval(layers: [first].selection)])
        let right = try (model.correct(least), model.correct(named))
        #expect(right.0 > 300 && right.0 > right.1)
    }

    /// On integers a branch leaves as well; what needs real weights refuses with the layer.
    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func integersLoseBranches() throws {
        let model = try TrainedModel.resnet8(calibration: 16)
        let integer = try model.applying([FixedPointQuantization(weightBits: 8, activationBits: 8)])
        let least = try integer.applying(LayerRemoval(), observing: model.observer)
        #expect(least.faults(file: "test").map(\.message) == [])
        #expect(try model.correct(least) > 200)
        for step in [ThiNet(), NeuronMerge(), InboundPruning()] as [any CompressionStep] {
            #expect(throws: Diagnostics.self) { try integer.applying(step, observing: model.observer) }
        }
    }
}

extension [String] {
    fileprivate var selection: LayerSelection { LayerSelection(self) }
}
