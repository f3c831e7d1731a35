import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Recorded outputs of every engine, byte for byte, each under the arithmetic that the engine follows.
@Suite struct GoldenEngineTests {
    static let operators = "golden/tflite/ops"
    static let models = "golden/tflite/models"

    @Test(.enabled(if: SharedData.has(operators), "no recorded operators"), arguments: GoldenEngine.all(in: operators))
    func operatorsEqualTheirEngine(_ golden: GoldenEngine) throws {
        for kernels in [KernelSelection.reference, .fastest] {
            try expectEqualOutputs(golden, kernels: kernels)
        }
    }

    @Test(.enabled(if: SharedData.has(models), "no recorded models"), arguments: GoldenEngine.all(in: models))
    func modelsEqualTheirEngine(_ golden: GoldenEngine) throws {
        try expectEqualOutputs(golden, kernels: .fastest)
    }

    @Test(.enabled(if: SharedData.has(models), "no recorded models"), arguments: GoldenEngine.all(in: models))
    func intermediateTensorsEqualTheirEngine(_ golden: GoldenEngine) throws {
        let model = try GoldenModel(golden.folder)
        guard let trace = model.index.trace?[golden.engine] else {
            #expect(golden.engine.hasPrefix("litert_") && golden.engine != "litert_ref", "no trace of \(golden.engine)")
            return
        }
        let parts = try #require(trace.tensors ?? model.index.trace?[model.index.reference]?.tensors)
        let bytes = try SharedData.bytes("\(golden.folder)/\(trace.file)")
        let interpreter = try Interpreter(network(of: model, golden))
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
        #expect(wrong == 0, "\(golden.testDescription): \(wrong) of \(compared) bytes of intermediate tensors differ")
        #expect(compared == trace.records * parts.reduce(0) { $0 + $1.bytes } && compared > 0)
    }

    /// Recordings must not vanish unseen: all engines recorded all models that the kit came with.
    @Test(
        .enabled(if: SharedData.has(operators), "no recorded operators"), arguments: GoldenEngine.runtimes.map(\.engine)
    )
    func everyEngineHasItsRecordings(_ engine: String) throws {
        for (folder, least) in [(Self.operators, 83), (Self.models, 7)] {
            let recorded = try SharedData.names(in: folder).filter { name in
                try GoldenModel("\(folder)/\(name)").index.outputs[engine] != nil
            }
            #expect(recorded.count >= least)
        }
    }

    private func network(of model: GoldenModel, _ golden: GoldenEngine) -> Network {
        var network = model.network
        network.runtime = golden.runtime
        return network
    }

    private func expectEqualOutputs(_ golden: GoldenEngine, kernels: KernelSelection) throws {
        let model = try GoldenModel(golden.folder)
        // An engine may lack an operator; `everyEngineHasItsRecordings` counts what there is.
        guard let expected = try model.outputs(of: golden.engine) else { return }
        let interpreter = try Interpreter(network(of: model, golden), kernels: kernels)
        var (compared, wrong) = (0, 0)
        for (record, inputs) in try model.cases().enumerated() {
            let outputs = try interpreter.run(inputs).map(\.littleEndianBytes).reduce(Data(), +)
            let start = record * expected.recordBytes
            wrong += differences(outputs, expected.bytes[start..<start + expected.recordBytes])
            compared += outputs.count
        }
        #expect(wrong == 0, "\(golden.testDescription), \(kernels): \(wrong) of \(compared) output bytes differ")
        #expect(compared == model.index.inputs.records * expected.recordBytes && compared > 0)
    }
}
