import Diagnostics
import Execution
import Foundation
import Networks
import Tensors
import Testing

/// Operators against the recorded vectors of ONNX Runtime and of QONNX in the data kit, byte for byte.
@Suite struct GoldenVectorTests {
    /// The recorded families with the number of recordings of each that must be there at least.
    static let families = [
        "onnx": [
            "convinteger": 3, "dequantizelinear": 6, "dynamicquantizelinear": 3, "matmulinteger": 5, "qgemm": 5,
            "qlinearadd": 6, "qlinearavgpool": 6, "qlinearconv": 14, "qlinearglobalavgpool": 6, "qlinearmatmul": 5,
            "qlinearmul": 6, "qlinearsigmoid": 6, "qlinearsoftmax": 6, "quantizelinear": 6,
        ],
        "qonnx": ["bipolarquant": 1, "multithreshold": 5, "quant": 23, "trunc": 4, "xnorpopcountmatmul": 4],
    ]
    static let kernels = [KernelSelection.reference, .portable, .fastest]

    @Test(
        .enabled(if: SharedData.isPresent, "the data kit is absent"),
        arguments: GoldenVector.all(in: "golden/onnx/ops"))
    func equalsONNXRuntime(_ vector: GoldenVector) throws {
        #expect(try vector.compare(with: Self.kernels) == "onnxruntime")
    }

    @Test(
        .enabled(if: SharedData.isPresent, "the data kit is absent"),
        arguments: GoldenVector.all(in: "golden/qonnx/ops"))
    func equalsQONNX(_ vector: GoldenVector) throws {
        #expect(try vector.compare(with: Self.kernels) == "qonnx")
    }

    /// The tests above iterate over what is there; this one says what has to be.
    @Test(.enabled(if: SharedData.isPresent, "the data kit is absent"), arguments: families.keys.sorted())
    func everyFamilyIsRecorded(_ kit: String) {
        let names = GoldenVector.all(in: "golden/\(kit)/ops").map(\.testDescription)
        for (family, count) in Self.families[kit] ?? [:] {
            #expect(names.count { $0.hasPrefix("\(family)_") } >= count, "\(kit): \(family)")
        }
    }
}

extension GoldenVector {
    /// Compares and says under which arithmetic, byte for byte.
    fileprivate func compare(with kernels: [KernelSelection]) throws -> String {
        let network = try network()
        for selection in kernels {
            let interpreter = try Interpreter(network, kernels: selection)
            let (compared, different) = try comparison(interpreter.run)
            let verdict =
                "\(testDescription), \(network.runtime.name), \(selection): \(different) of \(compared) bytes differ"
            print(verdict)
            #expect(compared > 0 && different == 0, "\(verdict)")
        }
        return network.runtime.name
    }
}
