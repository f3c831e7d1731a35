import Diagnostics
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct FixedPointArithmeticTests {
    @Test func everyArithmeticReturnsFromItsName() throws {
        #expect(RuntimeArithmetic.fixedPoint.count == 7)
        for arithmetic in RuntimeArithmetic.all + [.fixedPointStochastic(seed: 4_000_000_000)] {
            let json = try JSONEncoder().encode([arithmetic])
            #expect(try JSONDecoder().decode([RuntimeArithmetic].self, from: json) == [arithmetic])
        }
    }

    @Test(arguments: [
        "fixed-point-stochastic-0", "fixed-point-stochastic-1", "fixed-point-stochastic-+5",
        "fixed-point-stochastic-4294967296", "fixed-point-stochastic-", "fixed-point-nearest",
    ])
    func otherNamesAreNone(_ name: String) {
        #expect(RuntimeArithmetic.named(name) == nil)
    }

    /// Means and sums on grids of powers of two, worked out by hand.
    @Test func elementwiseResultsAreRoundedOnce() throws {
        let coarse = Quantization(format: .int8, scale: 1)
        let half = Quantization(format: .int8, scale: 0.5)
        let result = ResultType(shape: [2], elementType: .int8, quantization: coarse)
        let operands = [[3, -3], [2, -2]].map {
            Operand(Tensor(shape: [2], elements: .int8($0.map(Int8.init))), quantization: half)
        }
        func sums(_ rounding: Rounding) throws -> [Int]? {
            try Addition().evaluate(
                operands, results: [result], arithmetic: Arithmetic(runtime: .fixedPoint(rounding)))[0].integers
        }
        #expect(try sums(.halfUp) == [3, -2])
        #expect(try sums(.halfAwayFromZero) == [3, -3])
        #expect(try sums(.halfToEven) == [2, -2])
        #expect(try sums(.floor) == [2, -3])
        #expect(try sums(.ceiling) == [3, -2])
        #expect(try sums(.towardZero) == [2, -2])
        let mean = try AveragePool2D(kernelHeight: 1, kernelWidth: 3, window: Window()).evaluate(
            [Operand(Tensor(shape: [1, 1, 3, 1], elements: .int8([5, 5, 5])), quantization: coarse)],
            results: [ResultType(shape: [1, 1, 1, 1], elementType: .int8, quantization: coarse)],
            arithmetic: Arithmetic(runtime: .fixedPoint(.floor)))
        #expect(mean[0].integers == [5])
    }

    @Test func realsAreQuantizedByTheRule() throws {
        let grid = Quantization(format: NumberFormat(bits: 4, encoding: .twosComplement), scale: 0.25)
        let result = ResultType(shape: [4], elementType: .int8, quantization: grid)
        let reals = Operand(Tensor([4], [0.375, -0.375, 9, -0.3]))
        func elements(_ runtime: RuntimeArithmetic) throws -> [Int]? {
            try Quantize().evaluate([reals], results: [result], arithmetic: Arithmetic(runtime: runtime))[0].integers
        }
        #expect(try elements(.fixedPoint(.floor)) == [1, -2, 7, -2])
        #expect(try elements(.fixedPoint(.towardZero)) == [1, -1, 7, -1])
        #expect(try elements(.fixedPoint(.halfToEven)) == [2, -2, 7, -1])
        #expect(try elements(.fixedPointStochastic(seed: 9)) == [2, -2, 7, -1])
    }

    /// Numbers in a `network.json` that no format has.
    @Test(arguments: [
        ("\"bits\":7", "\"bits\":0", "'w': symmetric numbers cannot have 0 bits"),
        ("\"bits\":7", "\"bits\":33", "33 bits"),
        ("\"bits\":7", "\"bits\":-9223372036854775808", "bits"),
        ("\"bits\":24", "\"bits\":7", "conv: an accumulator of 7 bits"),
        ("\"bits\":24", "\"bits\":65", "conv: an accumulator of 65 bits"),
        ("\"overflow\":\"saturate\"", "\"overflow\":\"hope\"", "'conv': "),
        ("\"scales\":[0.5]", "\"scales\":[0]", "in: scale 0.0 is not"),
        ("\"scales\":[0.5]", "\"scales\":[-1]", "in: scale -1.0 is not"),
        ("\"scales\":[0.5]", "\"scales\":[]", "in: 0 scales"),
        ("\"zeroPoints\":[-3]", "\"zeroPoints\":[-129]", "in: zero point -129"),
        ("\"zeroPoints\":[-3]", "\"zeroPoints\":[9223372036854775807]", "in: zero point"),
        ("\"arithmetic\":\"single-rounding\"", "\"arithmetic\":\"fixed-point-stochastic-0\"", "no arithmetic"),
        ("\"name\":\"w\",", "\"name\":\"w\",\"form\":{\"powersOfTwo\":{}},", "w: weight"),
        ("\"name\":\"w\",", "\"name\":\"w\",\"form\":{\"codebook\":{\"values\":[1]}},", "w: weight -27"),
        ("\"name\":\"w\",", "\"name\":\"w\",\"form\":{},", "'w': weights have one form"),
        ("\"name\":\"in\",", "\"name\":\"in\",\"form\":{\"powersOfTwo\":{}},", "in: a form"),
    ])
    func strangeNumbersAreRefusedWithTheirName(_ good: String, _ bad: String, _ message: String) throws {
        let network = NetworkDocumentTests.sample()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = String(decoding: try encoder.encode(NetworkDocument(network)), as: UTF8.self)
        let place = try #require(text.range(of: good), "\(text)")
        let json = Data(text.replacingCharacters(in: place, with: bad).utf8)
        let constants = ["w": try #require(network.values[1].constant)]
        var messages: [String] = []
        do {
            _ = try JSONDecoder().decode(NetworkDocument.self, from: json).network(constants: constants, file: "f")
        } catch let faults as Diagnostics {
            messages = faults.findings.map { fault in
                guard case .part(let part)? = fault.location?.position else { return fault.message }
                return "\(part): \(fault.message)"
            }
        } catch {
            messages = ["\(error)"]
        }
        #expect(messages.contains { $0.contains(message) }, "\(messages)")
    }
}
