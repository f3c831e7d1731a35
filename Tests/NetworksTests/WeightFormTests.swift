import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct WeightFormTests {
    static let rows = WeightRows(
        elements: [4, -2, 0, 4, 0, -2, 8, 8, -1, 0, 0, 8], count: 3, depth: 4)

    @Test func codesDecodeToTheWeights() throws {
        let rows = Self.rows
        let codebook = Codebook(of: rows)
        #expect(codebook.values == [-2, -1, 0, 4, 8])
        #expect(codebook.decoded(try codebook.indices(of: rows)) == rows.elements)
        for length in [1, 2, 4] {
            let product = try #require(ProductCodebook(of: rows, length: length))
            #expect(product.decoded(try product.indices(of: rows)) == rows.elements)
        }
        #expect(ProductCodebook(of: rows, length: 3) == nil)
        let levels = try #require(TernaryLevels(of: WeightRows(elements: [4, -2, 0, 8, 0, -1], count: 2, depth: 3)))
        #expect(levels == TernaryLevels(positive: [4, 8], negative: [2, 1]))
        #expect(
            levels.decoded(
                try levels.signs(of: WeightRows(elements: [4, -2, 0, 8, 0, -1], count: 2, depth: 3)), depth: 3) == [
                    4, -2, 0, 8, 0, -1,
                ])
        let powers = PowersOfTwo()
        #expect(powers.decoded(try powers.factors(of: rows)) == rows.elements)
        let sketch = BinarySketch(factors: [[3, 1], [5, 2], [4, 0]])
        let sums = WeightRows(elements: [4, -2, 2, -4, 7, 3, -3, -7, 4, -4, 4, 4], count: 3, depth: 4)
        #expect(sketch.decoded(try sketch.patterns(of: sums), depth: 4) == sums.elements)
    }

    @Test func weightsThatDoNotFitAreFaults() {
        let rows = Self.rows
        let wrong: [WeightForm] = [
            .codebook(Codebook(values: [])), .codebook(Codebook(values: [4, -2, 0, 8])),
            .codebook(Codebook(values: Array(0...1 << 16))),
            .productCodebook(ProductCodebook(length: 0, tables: [])),
            .productCodebook(ProductCodebook(length: 3, tables: [[4, -2, 0]])),
            .productCodebook(ProductCodebook(length: .max, tables: [[]])),
            .productCodebook(ProductCodebook(length: 2, tables: [[4, -2, 0], [0, 4, 8, 8, 0, 8]])),
            .productCodebook(ProductCodebook(length: 2, tables: [[4, -2], [0, 4]])),
            .ternary(TernaryLevels(positive: [4], negative: [2])),
            .ternary(TernaryLevels(positive: [4, 8, 8], negative: [2, 2])),
            .ternary(TernaryLevels(positive: [0], negative: [2])),
            .ternary(TernaryLevels(positive: [.max], negative: [.min])),
            .sketch(BinarySketch(factors: [])), .sketch(BinarySketch(factors: [[]])),
            .sketch(BinarySketch(factors: [[.max, .min]])), .sketch(BinarySketch(factors: [[1, 2, 4]])),
            .sketch(BinarySketch(factors: [[Int](repeating: 1, count: 9)])),
        ]
        for form in wrong { #expect(form.fault(of: rows) != nil, "\(form)") }
        #expect(WeightForm.powersOfTwo(PowersOfTwo()).fault(of: rows) == nil)
        let uneven = WeightRows(elements: [.min, 3], count: 1, depth: 2)
        #expect(WeightForm.powersOfTwo(PowersOfTwo()).fault(of: uneven) != nil)
    }

    @Test func formsSurviveTheirDocument() throws {
        let forms: [WeightForm] = [
            .codebook(Codebook(values: [1, 2])),
            .productCodebook(ProductCodebook(length: 2, tables: [[1, 2], [3, 4]])),
            .ternary(TernaryLevels(positive: [3], negative: [4])), .sketch(BinarySketch(factors: [[3, 1]])),
            .powersOfTwo(PowersOfTwo()),
        ]
        for form in forms {
            let json = try JSONEncoder().encode(form)
            #expect(try JSONDecoder().decode(WeightForm.self, from: json) == form)
        }
    }

    @Test func depthwiseRowsAreChannels() throws {
        let constant = Tensor(shape: [1, 1, 2, 3], elements: .int8([1, 2, 3, 4, 5, 6]))
        let rows = try #require(WeightRows(constant, outputAxis: 3))
        #expect(rows == WeightRows(elements: [1, 4, 2, 5, 3, 6], count: 3, depth: 2))
        let tall = Tensor(shape: [2, 3, 1, 2], elements: .int8((0..<12).map { Int8($0) }))
        #expect(try #require(WeightRows(tall, outputAxis: 3)).elements == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
        #expect(WeightRows(Tensor([2], [1, 2]), outputAxis: 0) == nil)
    }

    @Test func otherElementsLoseTheForm() {
        var value = Value(name: "w", constant: Tensor(shape: [1, 2], elements: .int8([1, 2])))
        value.form = .powersOfTwo(PowersOfTwo())
        value.constant = Tensor(shape: [1, 2], elements: .int8([1, 3]))
        #expect(value.form == nil)
    }
}
