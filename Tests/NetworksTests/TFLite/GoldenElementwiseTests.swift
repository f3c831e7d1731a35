import Foundation
import Networks
import Tensors
import Testing

/// Recorded elementwise operators of the reference runtime, by the operators' own definitions.
@Suite(.enabled(if: SharedData.isPresent, "the data kit is absent"))
struct GoldenElementwiseTests {
    @Test(arguments: ["sub_", "mul_", "leakyrelu_"])
    func definitionsEqualTheReferenceRuntime(family: String) throws {
        let models = SharedData.files("golden/tflite/ops", suffix: "model.tflite").filter {
            $0.path.contains("/" + family)
        }
        #expect(models.count >= 2)
        for file in models {
            let network = try TFLiteReader().read(try Data(contentsOf: file), fileName: file.path)
            let folder = file.deletingLastPathComponent()
            let inputs = [UInt8](try Data(contentsOf: folder.appending(path: "inputs.bin")))
            let outputs = [UInt8](try Data(contentsOf: folder.appending(path: "outputs.bin")))
            let shapes = network.inputs.map { network[$0].shape }
            let size = shapes.reduce(0) { $0 + $1.elementCount }
            var results: [UInt8] = []
            for start in stride(from: 0, to: inputs.count, by: size) {
                var place = start
                let tensors = shapes.map { shape in
                    defer { place += shape.elementCount }
                    let elements = inputs[place..<place + shape.elementCount].map { Int8(bitPattern: $0) }
                    return Tensor(shape: shape, elements: .int8(elements))
                }
                for output in try network.evaluated(tensors) {
                    results += (output.integers ?? []).map { UInt8(bitPattern: Int8($0)) }
                }
            }
            #expect(results == outputs, "\(folder.lastPathComponent)")
        }
    }
}
