import Compression
import Deployment
import Digests
import Estimation
import Execution
import Foundation
import Testing

@Suite struct PlanTests {
    private func plan(labelled: Bool) throws -> Plan {
        let sample = try SamplePlan()
        let attachment = Plan.Attachment(file: "net.onnx", digest: Digest(of: Data("net".utf8)))
        let counted = Accuracy(correct: 90, total: 100)
        return Plan(
            device: "unit", runtime: labelled ? "unit" : nil, network: attachment, compressed: attachment,
            tables: labelled ? attachment : nil,
            cases: Plan.Cases(
                inputs: attachment, labels: labelled ? attachment : nil, calibration: nil, normalization: "scale=1/255",
                calibrationCases: 64, evaluationCases: 100, seed: .max),
            budgets: ["ram<=8KiB", "accuracy-drop<=1.5"], minimized: "latency", status: "feasible",
            recipe: Recipe(steps: sample.compressed.history.map(\.entry)),
            layers: PlanLayer.layers(of: sample.compressed, estimate: sample.estimate),
            predicted: PlanTotals(sample.estimate), uncompressed: PlanTotals(sample.estimate),
            accuracy: labelled
                ? Plan.Accuracies(reference: counted, uncompressed: counted, plan: counted, dropPoints: 0.125) : nil,
            memoryMap: MemoryMap(sample.estimate), assumptions: sample.estimate.assumptions,
            errorBand: sample.estimate.errorBand, evaluations: 7, spaceSize: "123456789012345678901234567890")
    }

    @Test(arguments: [true, false])
    func aPlanSurvivesItsEncoding(_ labelled: Bool) throws {
        let plan = try plan(labelled: labelled)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let bytes = try encoder.encode(plan)
        let read = try JSONDecoder().decode(Plan.self, from: bytes)
        #expect(try encoder.encode(read) == bytes)
        #expect(read.layers == plan.layers && read.memoryMap == plan.memoryMap && read.recipe == plan.recipe)
        #expect(read.cases == plan.cases && read.predicted == plan.predicted && read.spaceSize == plan.spaceSize)
        #expect(read.schemaVersion == Plan.currentSchemaVersion)
    }

    @Test func truncatedPlansAreRefused() throws {
        let bytes = try JSONEncoder().encode(try plan(labelled: true))
        for length in stride(from: 0, to: bytes.count, by: 97) {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Plan.self, from: bytes.prefix(length)) }
        }
    }

    @Test func layersSumToTheTotals() throws {
        let sample = try SamplePlan()
        let layers = PlanLayer.layers(of: sample.compressed, estimate: sample.estimate)
        let totals = PlanTotals(sample.estimate)
        #expect(layers.map(\.name) == ["first", "second", "sum", "flat", "scores"])
        #expect(layers.map(\.weightBits) == [4, 4, nil, nil, 4])
        #expect(layers.reduce(0) { $0 + $1.macs } == totals.macs)
        #expect(layers.reduce(0) { $0 + $1.cycles.total } + sample.estimate.perInference.cycles.total == totals.cycles)
        for layer in layers {
            #expect(layer.cycles.compute + layer.cycles.memoryStall + layer.cycles.overhead == layer.cycles.total)
        }
        #expect(layers[0].outputShape.contains("8") && layers[0].steps.contains("fixed-point-quantization"))
    }
}
