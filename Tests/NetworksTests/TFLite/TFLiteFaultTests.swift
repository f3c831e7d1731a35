import Diagnostics
import Foundation
import Networks
import Tensors
import Testing

@Suite struct TFLiteFaultTests {
    private func messages(_ model: SmallModel) -> [String] {
        messages(model.bytes)
    }

    private func messages(_ bytes: [UInt8]) -> [String] {
        do {
            _ = try TFLiteReader().read(Data(bytes), fileName: "small.tflite")
            return []
        } catch let faults as Diagnostics {
            return faults.findings.map(\.message)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func smallModelIsRead() throws {
        let network = try TFLiteReader().read(Data(SmallModel().bytes), fileName: "folder/small.tflite")
        #expect(network.name == "small")
        #expect(
            network.nodes.map(\.name) == [
                "conv2d_0", "averagepool2d_1", "reshape_2", "fullyconnected_3", "softmax_4",
            ])
        let convolution = try #require(network.nodes[0].operation as? Convolution2D)
        #expect(convolution.window.padding == .uniform(1))
        #expect(convolution.activation == .relu)
        #expect(network[try #require(network.nodes[0].weights)].quantization?.axis == 0)
    }

    @Test func halfPrecisionWeightsAreReals() throws {
        var model = SmallModel()
        model.tensors = [
            .init(name: "x", shape: [1, 2], type: 0, scales: [], zeroPoints: []),
            .init(name: "halves", shape: [1, 2], type: 1, buffer: 1, scales: [], zeroPoints: []),
            .init(name: "weights", shape: [1, 2], type: 0, scales: [], zeroPoints: []),
            .init(name: "y", shape: [1, 1], type: 0, scales: [], zeroPoints: []),
        ]
        model.buffers = [[:], [0: .bytes([0x00, 0x3e, 0x00, 0xc0])]]
        model.steps = [
            .init(code: 6, inputs: [1], outputs: [2]),
            .init(code: 9, inputs: [0, 2, -1], outputs: [3], options: [0: .int8(0)]),
        ]
        let network = try TFLiteReader().read(Data(model.bytes), fileName: "half.tflite")
        #expect(network.nodes.count == 1)
        #expect(network[try #require(network.nodes[0].weights)].constant == Tensor([1, 2], [1.5, -2]))
    }

    @Test func slicesHaveBoundsForEachAxis() throws {
        var model = SmallModel()
        func words(_ numbers: [Int32]) -> [Int: FlatBytes.Field] {
            [0: .bytes(numbers.flatMap(FlatBytes.littleEndian))]
        }
        model.tensors = [
            .init(name: "x", shape: [1, 5, 4]),
            .init(name: "begins", shape: [3], type: 2, buffer: 1, scales: [], zeroPoints: []),
            .init(name: "ends", shape: [3], type: 2, buffer: 2, scales: [], zeroPoints: []),
            .init(name: "strides", shape: [3], type: 2, buffer: 3, scales: [], zeroPoints: []),
            .init(name: "y", shape: [2, 3]),
        ]
        model.buffers = [[:], words([0, 1, -3]), words([1, 9, 0]), words([1, 2, 1])]
        let options: [Int: FlatBytes.Field] = [1: .int32(4), 4: .int32(1)]
        model.steps = [.init(code: 45, inputs: [0, 1, 2, 3], outputs: [4], options: options)]
        let network = try TFLiteReader().read(Data(model.bytes), fileName: "slice.tflite")
        let slice = try #require(network.nodes[0].operation as? StridedSlice)
        #expect(slice == StridedSlice(starts: [0, 1, 1], counts: [1, 2, 3], strides: [1, 2, 1]))
        #expect(network.nodes[1].operation is Reshape)
    }

    @Test func allFaultsAreNamedAtOnce() {
        var model = SmallModel()
        model.steps[1].code = 12
        model.steps[4].code = 27
        model.tensors[7].scales = [.nan]
        let found = messages(model)
        #expect(found.contains("tensor 7 ('matrix'): scale nan is not a positive finite number"))
        #expect(found.contains("subgraph 0, operator 1 (L2_POOL_2D): operator L2_POOL_2D is not supported"))
        #expect(found.contains("subgraph 0, operator 4 (SVDF): operator SVDF is not supported"))
    }

    @Test(arguments: [Float(0), -1, .infinity, .nan, 0x1.8p31])
    func unusableScalesAreRefused(scale: Float) {
        var model = SmallModel()
        model.tensors[3].scales = [scale]
        #expect(messages(model).first?.hasPrefix("tensor 3 ('maps'): scale") == true)
    }

    @Test func eachKindOfFaultIsRefused() {
        func fault(_ part: String, _ change: (inout SmallModel) -> Void) {
            var model = SmallModel()
            change(&model)
            let found = messages(model)
            #expect(found.contains { $0.contains(part) }, "\(part): \(found)")
        }
        fault("zero point 200 is outside") { $0.tensors[3].zeroPoints = [200] }
        fault("another scale than input times weights") { $0.tensors[2].scales = [0.25, 9, 0.5] }
        fault("filters 'filters' of 3x3x2x3 do not suit an image 'image'") { $0.tensors[1].shape = [3, 3, 2, 3] }
        fault("filters 'filters' of 3x3x6x1 do not suit an image 'image'") { $0.tensors[1].shape = [3, 3, 6, 1] }
        fault("tensor 3 ('maps'): its shape") { $0.tensors[3].shape = [1, 1 << 16, 1 << 15, 1] }
        fault("tensor 'maps' has no elements") { $0.tensors[3].shape = [0, 4, 4, 3] }
        fault("tensor 3 ('maps'): zero point 128 is outside") { $0.tensors[3].zeroPoints = [128] }
        fault("bias 'bias' has another scale") { $0.tensors[2].scales = [0.25, 0.125, 0.6] }
        fault("has no elements") { $0.tensors[3].shape = [1, 0, 4, 3] }
        fault("its shape") { $0.tensors[3].shape = [1, 1 << 20, 1 << 20, 3] }
        fault("its shape") { $0.tensors[3].shape = [1, -4, 4, 3] }
        fault("has 54 bytes") { $0.tensors[1].shape = [3, 3, 2, 2] }
        fault("buffer 77 of 5") { $0.tensors[1].buffer = 77 }
        fault("reads tensor 40 of 10") { $0.steps[0].inputs = [40, 1, 2] }
        fault("writes tensor -1 of 10") { $0.steps[2].outputs = [-1] }
        fault("operand 1 is missing") { $0.steps[0].inputs = [0] }
        fault("before it is written") { $0.steps.swapAt(0, 1) }
        fault("must be positive") { $0.steps[0].options[1] = .int32(0) }
        fault("fused activation TANH") { $0.steps[0].options[3] = .int8(4) }
        fault("there is no padding scheme 7") { $0.steps[0].options[0] = .int8(7) }
        fault("scale 1/256") { $0.tensors[9].scales = [0.5] }
        fault("'maps' is int16 where int8 is expected") { $0.tensors[3].type = 7 }
        fault("weights 'matrix' are int32") { $0.tensors[7].type = 2 }
        fault("'matrix' must be a constant") { $0.tensors[7].buffer = 0 }
        fault("lie beyond the end of the file") { $0.buffers[4] = [1: .uint64(64), 2: .uint64(1 << 40)] }
        fault("scales along axis 3") { $0.tensors[1].dimension = 3 }
        fault("computes [1x4x4x3] where [1x4x3x4] is declared") { $0.tensors[3].shape = [1, 4, 3, 4] }
    }

    @Test func offsetsThatRunInCirclesAreRefused() {
        var bytes = SmallModel().bytes
        bytes.replaceSubrange(0..<4, with: [0, 0, 0, 0])
        #expect(messages(bytes) == ["offset 0 points outside the file"])
        #expect(messages([0, 0, 0, 0]) == ["no TFLite file: the identifier TFL3 is missing"])
    }
}
