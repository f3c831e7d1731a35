import Compression
import Foundation
import Networks
import Tensors

/// A `.dovetail` folder in one file, as for `DovetailTarget`, of a network whose weights are composed of parts by each rule.
struct CompositionTarget: FuzzTarget {
    let name = "compositions"

    private static let shape: Shape = [4, 3, 3, 2]

    func seeds() throws -> [Data] {
        try Self.compositions.map { composition in
            var compressed = CompressedNetwork(try Self.network(of: composition.elements(shape: Self.shape)))
            compressed.compositions = ["w": composition]
            let files = try CompressedNetworkFiles(compressed)
            return files.network + [0] + files.tensors
        }
    }

    func read(_ bytes: Data) throws {
        try DovetailTarget().read(bytes)
    }

    private static func network(of weights: [Float]) throws -> Network {
        var network = Network(name: "composed")
        let input = network.append(Value(name: "x", shape: [1, 3, 3, 2], elementType: .float32))
        let constant = network.append(Value(name: "w", constant: Tensor(shape, weights)))
        let output = network.append(Value(name: "y", shape: [1, 1, 1, 4], elementType: .float32))
        network.inputs = [input]
        network.outputs = [output]
        network.nodes = [
            Node(name: "n", operation: Convolution2D(), inputs: [input, constant], outputs: [output])
        ]
        try network.verify(file: "seed")
        return network
    }

    private static var compositions: [WeightComposition] {
        let count = UInt32(shape.elementCount)
        let elements = (0..<count).map { Float($0 % 3) }
        func numbers(_ name: String, _ count: Int, _ width: Int) -> StoredPart {
            StoredPart(name, patterns: (0..<count).map { UInt32($0 * 5 % (1 << width)) }, width: width)
        }
        func reals(_ name: String, _ count: Int) -> StoredPart {
            StoredPart(name, reals: (0..<count).map { Float($0) / 4 - 1 })
        }
        let signs = StoredPart("signs", patterns: (0..<count).map { [0, 1, 3][Int($0) % 3] }, width: 2)
        return [
            DynamicTree.composition(of: elements),
            .init(.ternaryValues(TernaryValues(axis: 0)), parts: [reals("levels", 8), signs]),
            .init(.sketchedValues(SketchedValues(axis: 0, terms: 2)), parts: [reals("factors", 8), signs]),
            .init(
                .hashedValues(HashedValues(reads: 2, hidden: 1)),
                parts: [reals("buckets", 3), numbers("seed", 1, 32), reals("network", 4)]),
            .init(
                .randomAnchors(RandomAnchors()), parts: [numbers("seed", 1, 32), StoredPart("density", reals: [0.5])]),
            .init(.circulantRows(CirculantRows()), parts: [reals("column", 2), numbers("signs", 2, 1)]),
            .init(
                .frequencyCoefficients(FrequencyCoefficients()),
                parts: [
                    reals("centres", 9), numbers("assignments", 8, 0), reals("step", 1), numbers("gaps", 4, 3),
                    numbers("levels", 4, 2),
                ]),
            .init(
                .patternedKernels(PatternedKernels(sharesInputs: false)),
                parts: [
                    StoredPart("dictionary", patterns: (0..<18).map { $0 % 4 == 0 ? 1 : 0 }, width: 1),
                    numbers("patterns", 8, 1), reals("weights", 20),
                ]),
            .init(
                .shiftedGroups(ShiftedGroups(size: 4)), parts: [numbers("integers", 72, 4), numbers("shifts", 20, 2)]),
            .init(
                .productVectors(ProductVectors(length: 2, tables: 9)),
                parts: [reals("centers", 36), numbers("places", 36, 1)]),
        ]
    }
}
