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
        let model = try TrainedModel.fashion()
        let naive = try score(MagnitudePruning(granularity: .filter, density: 0.75), on: model, limit: 500)
        let thin = try score(ThiNet(density: 0.75), on: model, limit: 500)
        let lasso = try score(LassoChannelSelection(density: 0.75), on: model, limit: 500)
        #expect(thin.macs == naive.macs && lasso.macs == naive.macs)
        #expect(thin.correct > naive.correct + 50 && lasso.correct > naive.correct + 50)
        let kernels = try score(MagnitudePruning(granularity: .kernel, density: 0.5), on: model, limit: 500)
        let inbound = try score(InboundPruning(density: 0.5), on: model, limit: 500)
        #expect(inbound.correct > kernels.correct + 50)
    }

    /// Channels inside of residual blocks, so that all methods leave the same layers of the same sizes.
    private func inner(_ model: TrainedModel) -> LayerSelection {
        let groups = ChannelGroups(of: model.network).groups
        return LayerSelection(groups.filter { $0.layers.count == 1 && $0.removable > 0 }.flatMap(\.layers))
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func responsesBeatMagnitudesOnImages() throws {
        let model = try TrainedModel.resnet8()
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
        let model = try TrainedModel.resnet(20, calibration: 48)
        let layers = inner(model)
        let naive = try score(
            MagnitudePruning(layers: layers, granularity: .filter, density: 0.75), on: model)
        let thin = try score(ThiNet(layers: layers, density: 0.75), on: model)
        let lasso = try score(LassoChannelSelection(layers: layers, density: 0.75), on: model)
        #expect(thin.macs == naive.macs && lasso.macs == naive.macs)
        #expect(thin.correct > naive.correct + 150 && lasso.correct > naive.correct + 150)
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
        let analysis = ChannelAnalysis(model.network)
        for node in model.network.nodes {
            let units = analysis.slices[node.outputs[0]]?.first
            print(
                node.name, node.operation.name, units?.axis ?? -1, units?.units.count ?? 0,
                units?.units.filter { analysis.isFrozen($0) }.count ?? 0, right)
        }
    }
}

extension [String] {
    fileprivate var selection: LayerSelection { LayerSelection(self) }
}
