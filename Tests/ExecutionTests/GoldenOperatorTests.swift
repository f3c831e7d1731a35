import Diagnostics
import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Recorded single operators of the reference runtime, byte for byte.
@Suite struct GoldenOperatorTests {
    static let folder = "golden/tflite/ops"

    /// Families of recorded operators, with the number of recordings of each that must run.
    static let families = [
        ("add", 6), ("avgpool", 5), ("concat", 2), ("conv", 14), ("dwconv", 10), ("fc", 8), ("leakyrelu", 2),
        ("maxpool", 5), ("mean", 3), ("mul", 3), ("pad", 2), ("relu", 2), ("softmax", 4), ("sub", 3),
    ]

    @Test(.enabled(if: SharedData.has(folder), "no recorded operators"), arguments: families)
    func operatorsEqualTheReferenceRuntime(_ family: String, _ count: Int) throws {
        let names = SharedData.names(in: Self.folder).filter { $0.hasPrefix(family + "_") }
        #expect(names.count == count)
        for name in names {
            let model = try GoldenModel(Self.folder + "/" + name)
            let expected = try #require(try model.outputs(of: model.index.reference))
            for kernels in [KernelSelection.reference, .fastest] {
                let interpreter = try Interpreter(model.network, kernels: kernels)
                var (compared, wrong) = (0, 0)
                for (record, inputs) in try model.cases().enumerated() {
                    let outputs = try interpreter.run(inputs).map(\.littleEndianBytes).reduce(Data(), +)
                    let start = record * expected.recordBytes
                    wrong += differences(outputs, expected.bytes[start..<start + expected.recordBytes])
                    compared += outputs.count
                }
                #expect(wrong == 0, "\(name), \(kernels): \(wrong) of \(compared) output bytes differ")
            }
        }
    }

    /// The stand-alone clamp to 6 of TFLM does not rescale between grids; the one of LiteRT does, as ours.
    @Test(.enabled(if: SharedData.has(folder), "no recorded operators"))
    func clampToSixRescalesAsLiteRT() throws {
        for name in SharedData.names(in: Self.folder).filter({ $0.hasPrefix("relu6_") }) {
            let model = try GoldenModel(Self.folder + "/" + name)
            let expected = try #require(try model.outputs(of: "litert_ref"))
            let interpreter = try Interpreter(model.network)
            for (record, inputs) in try model.cases().enumerated() {
                let outputs = try interpreter.run(inputs).map(\.littleEndianBytes).reduce(Data(), +)
                let start = record * expected.recordBytes
                #expect(differences(outputs, expected.bytes[start..<start + expected.recordBytes]) == 0)
            }
        }
    }
}
