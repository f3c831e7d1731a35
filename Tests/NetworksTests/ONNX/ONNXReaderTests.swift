import Diagnostics
import Foundation
import Networks
import SwiftProtobuf
import Tensors
import Testing

/// ONNX networks of the data kit and of this package.
struct ONNXReaderTests {
    @Test(.enabled(if: SharedData.isPresent))
    func readsTheNetworksOfTheDataKit() throws {
        let files = SharedData.files("models", suffix: ".onnx").filter { !$0.path.contains("qonnx") }
        #expect(files.count >= 4)
        for file in files {
            let network = try ONNXReader().read(Data(contentsOf: file), fileName: file.lastPathComponent)
            #expect(network.faults(file: file.lastPathComponent).isEmpty)
            let simple = network.simplified()
            #expect(simple.faults(file: file.lastPathComponent).isEmpty)
            let left = simple.nodes.filter { $0.operation is BatchNormalization || $0.operation is Rectifier }
            #expect(left.isEmpty, "\(file.lastPathComponent)")
        }
    }

    @Test(.enabled(if: SharedData.isPresent), arguments: ["ic_resnet8_qdq", "kws_dscnn_qdq"])
    func fusesEveryLayerIntoIntegers(name: String) throws {
        let file = SharedData.root.appending(path: "models/onnx-int8/\(name).onnx")
        let network = try ONNXReader().read(Data(contentsOf: file), fileName: "\(name).onnx")
        #expect(network.nodes.filter { $0.operation is Quantize }.count == 1)
        #expect(network.nodes.filter { $0.operation is Dequantize }.count == 1)
        #expect(!network.nodes.contains { $0.operation is Transpose })
        for node in network.nodes where node.weights != nil {
            #expect(network[node.inputs[0]].quantization != nil, "\(node.name)")
            #expect(network[node.outputs[0]].quantization != nil, "\(node.name)")
        }
    }

    @Test func readsTheNetworkOfThisPackage() throws {
        let file = SharedData.package.appending(path: "Traces/networks/fashion/fashion.onnx")
        let network = try ONNXReader().read(Data(contentsOf: file), fileName: "fashion.onnx")
        #expect(network[network.inputs[0]].shape == [1, 1, 28, 28])
        #expect(network[network.outputs[0]].shape == [1, 10])
        #expect(network.nodes.contains { $0.operation is DepthwiseConvolution2D })
        let simple = network.simplified()
        #expect(!simple.nodes.contains { $0.operation is BatchNormalization || $0.operation is Transpose })
        var numbers = TestNumbers(state: 3)
        let image = numbers.tensor([1, 1, 28, 28])
        let (before, after) = (try network.evaluated([image]), try simple.evaluated([image]))
        for (left, right) in zip(before[0].floats, after[0].floats) { #expect(abs(left - right) < 1e-3) }
    }

    @Test func namesEveryFaultAtOnce() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 2, 4, 4])
        builder.node("Erf", ["x"], "a")
        builder.node("Relu", ["a"], "b")
        builder.node("Gelu", ["b"], "c", domain: "com.microsoft")
        builder.node("Relu", ["missing"], "d")
        builder.output("c")
        let fault = #expect(throws: Diagnostics.self) { try builder.network() }
        let messages = fault?.findings.map(\.message) ?? []
        #expect(
            messages == [
                "operator Erf is not supported", "operator Gelu of com.microsoft is not supported",
                "reads 'missing' before it is written",
            ])
        #expect(fault?.findings.first?.location?.position == .part("Erf 'a'"))
    }

    @Test func refusesDataInOtherFiles() throws {
        var builder = ONNXModelBuilder()
        builder.input("x", [1, 2])
        builder.constant("w", [2, 2], [])
        builder.model.graph.initializer[0].dataLocation = .external
        builder.node("MatMul", ["x", "w"], "y")
        builder.output("y")
        let fault = #expect(throws: Diagnostics.self) { try builder.network() }
        #expect(fault?.findings.map(\.message) == ["the tensor's data are in another file"])
    }

    @Test(arguments: [Int64(3), 99])
    func refusesUnknownOperatorSets(version: Int64) throws {
        var builder = ONNXModelBuilder(version: version)
        builder.input("x", [1, 2])
        builder.node("Relu", ["x"], "y")
        builder.output("y")
        #expect(throws: Diagnostics.self) { try builder.network() }
    }
}
