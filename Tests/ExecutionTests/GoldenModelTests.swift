import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Recorded outputs and intermediate tensors of the reference runtime, byte for byte.
@Suite struct GoldenModelTests {
    static let folder = "golden/tflite/models"
    static let models = [
        "ad01_int8", "hello_world_int8", "kws_ref_model", "micro_speech_quantized", "pretrainedResnet_quant",
        "str_ww_ref_model", "vww_96_int8",
    ]

    @Test(.enabled(if: SharedData.has(folder), "no recorded models"), arguments: models)
    func outputsEqualTheReferenceRuntime(_ name: String) throws {
        let model = try GoldenModel(Self.folder + "/" + name)
        let interpreter = try Interpreter(model.network)
        let expected = try #require(try model.outputs(of: model.index.reference))
        var (compared, wrong) = (0, 0)
        for (record, inputs) in try model.cases().enumerated() {
            let outputs = try interpreter.run(inputs).map(\.littleEndianBytes).reduce(Data(), +)
            let start = record * expected.recordBytes
            wrong += differences(outputs, expected.bytes[start..<start + expected.recordBytes])
            compared += outputs.count
        }
        #expect(wrong == 0, "\(name): \(wrong) of \(compared) output bytes differ")
        #expect(compared == model.index.inputs.records * expected.recordBytes)
    }

    @Test(.enabled(if: SharedData.has(folder), "no recorded models"), arguments: models)
    func everyIntermediateTensorEqualsTheReferenceRuntime(_ name: String) throws {
        let model = try GoldenModel(Self.folder + "/" + name)
        let interpreter = try Interpreter(model.network)
        let trace = try #require(model.index.trace?[model.index.reference])
        let bytes = try SharedData.bytes(Self.folder + "/\(name)/" + trace.file)
        let parts = try #require(trace.tensors)
        var (compared, wrong) = (0, 0)
        for (record, inputs) in try model.cases().prefix(trace.records).enumerated() {
            let values = try interpreter.trace(inputs)
            for part in parts {
                let tensor = try #require(values[model.index.tensors[part.tensor].name])
                let start = record * trace.recordBytes + part.offset
                wrong += differences(tensor.littleEndianBytes, bytes[start..<start + part.bytes])
                compared += part.bytes
            }
        }
        #expect(wrong == 0, "\(name): \(wrong) of \(compared) bytes of intermediate tensors differ")
        #expect(compared == trace.records * parts.reduce(0) { $0 + $1.bytes })
    }
}
