import Compression
import Execution
import Networks
import Tensors
import Testing

/// The floor on which accuracy of compressed networks is compared: the counts of the data kit's README.
@Suite struct TrainedModelTests {
    @Test func fashionIsRecognized() throws {
        let model = try TrainedModel.fashion()
        #expect(try model.correct(CompressedNetwork(model.network), limit: 500) > 430)
    }

    @Test(.enabled(if: TrainedModel.kitIsPresent, "the data kit is absent"))
    func imagesAreRecognized() throws {
        let small = try TrainedModel.resnet8()
        #expect(try small.correct(CompressedNetwork(small.network)) == 375)
        let deep = try TrainedModel.resnet(20)
        #expect(try deep.correct(CompressedNetwork(deep.network)) == 396)
    }

    /// Weights in a form of their own, behind what is observed, do not stand in the way.
    @Test func partsOfNetworksAreObserved() throws {
        let model = try TrainedModel.fashion(calibration: 2)
        let formed = try model.applying([FixedPointQuantization(), ExecutionForm(form: .codebook)])
        var seen = 0
        try model.observer.observe([formed.network.nodes[0].outputs[0]], of: formed.network) { _ in seen += 1 }
        #expect(seen == 2)
    }

    /// Cases come one by one, in their order, and only as far as they are asked for.
    @Test func casesAreObservedInOrder() throws {
        let model = try TrainedModel.fashion(calibration: 11)
        let node = try #require(model.network.nodes.last { $0.weights != nil })
        var (seen, sums): (Int, [Float]) = (0, [])
        try model.observer.observe([node.inputs[0], model.network.inputs[0]], of: model.network) { tensors in
            seen += 1
            #expect(tensors.map(\.shape) == [node.inputs[0], model.network.inputs[0]].map { model.network[$0].shape })
            sums.append(tensors[1].floats.reduce(0, +))
        }
        #expect(seen == 11 && Set(sums).count > 1)
    }
}
