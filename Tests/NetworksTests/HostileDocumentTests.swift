import Diagnostics
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

/// Faults that only a `.dovetail` file can hold, since its attributes and grids are stored as they are.
@Suite struct HostileDocumentTests {
    /// What is said about the sample with one of its values or attributes replaced in the JSON.
    private func messages(_ changes: [(old: String, new: String)]) throws -> [String] {
        let network = NetworkDocumentTests.sample()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var json = String(decoding: try encoder.encode(NetworkDocument(network)), as: UTF8.self)
        for (old, new) in changes {
            try #require(json.contains(old), "\(old) is not in \(json)")
            json = json.replacingOccurrences(of: old, with: new)
        }
        do {
            let document = try JSONDecoder().decode(NetworkDocument.self, from: Data(json.utf8))
            let constants = ["w": try #require(network.values[1].constant)]
            _ = try document.network(constants: constants, file: "t")
            return []
        } catch let faults as Diagnostics {
            return faults.findings.map { "\($0)" }
        } catch let fault as DecodingError {
            return ["\(fault)"]
        }
    }

    @Test(arguments: ["0", "-0.5", "4294967296"])
    func unusableScalesAreRefusedByName(_ scale: String) throws {
        let found = try messages([("\"scales\":[0.5]", "\"scales\":[\(scale)]")])
        #expect(found.count == 2 && found[0].contains("t: in") && found[1].contains("t: out"), "\(found)")
        #expect(found.allSatisfy { $0.contains("scale ") })
    }

    @Test(arguments: ["1e39", "1e-50", "null", "\"nan\"", ""])
    func scalesThatAreNoNumbersAreRefused(_ scale: String) throws {
        #expect(try !messages([("\"scales\":[0.5]", "\"scales\":[\(scale)]")]).isEmpty)
    }

    @Test(arguments: ["128", "-129", "9223372036854775807"])
    func zeroPointsOutsideTheTypeAreRefused(_ zeroPoint: String) throws {
        let found = try messages([("\"zeroPoints\":[-3]", "\"zeroPoints\":[\(zeroPoint)]")])
        #expect(found.contains { $0.contains("zero point \(zeroPoint) is outside -128...127") && $0.contains("in") })
    }

    @Test(arguments: ["0", "-1", "2", "3", "9223372036854775807", "-9223372036854775808"])
    func groupsThatDoNotDivideTheChannelsAreRefused(_ groups: String) throws {
        let found = try messages([("\"groups\":1", "\"groups\":\(groups)")])
        #expect(found.contains { $0.contains("in \(groups) groups do not suit an image") }, "\(found)")
    }

    @Test(arguments: [
        "[0,4,4,2]", "[1,4,0,2]", "[0,2147483647,2147483647,2]", "[1,65536,65536,2]", "[1,-4,4,2]",
        "[9223372036854775807,2,2,2]",
    ])
    func impossibleShapesAreRefused(_ shape: String) throws {
        #expect(try !messages([("\"shape\":[1,4,4,2]", "\"shape\":\(shape)")]).isEmpty)
    }

    @Test(arguments: ["0", "-1", "9223372036854775807", "-9223372036854775808"])
    func impossibleWindowsAreRefused(_ extent: String) throws {
        for attribute in ["strideHeight\":2", "dilationWidth\":1"] {
            let name = try #require(attribute.split(separator: "\"").first)
            let found = try messages([("\"\(attribute)", "\"\(name)\":\(extent)")])
            #expect(found.contains { $0.contains("out of range") }, "\(found)")
        }
    }

    @Test(arguments: [Int.max, Int.min, -1, 1 << 20])
    func impossibleMarginsOfTransposedConvolutionsAreRefused(_ margin: Int) {
        for (top, left) in [(margin, 0), (0, margin)] {
            let operation = TransposedConvolution2D(
                strideHeight: 1, strideWidth: 1, top: top, left: left, outputHeight: 3, outputWidth: 3)
            #expect(throws: Diagnostic.self) { try operation.outputShapes(of: [[1, 2, 2, 1], [1, 2, 2, 1]]) }
        }
    }

    @Test func emptyTensorsAreRefusedByName() {
        var network = Network(name: "empty")
        let input = network.append(Value(name: "nothing", shape: [0, 1 << 30, 1 << 30], elementType: .float32))
        let output = network.append(Value(name: "out", shape: [1], elementType: .float32))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [
            Node(name: "mean", operation: Mean(axes: [0], keepsAxes: false), inputs: [input], outputs: [output])
        ]
        let faults = network.faults(file: "t")
        #expect(faults.count == 1)
        #expect("\(faults[0])".contains("nothing"))
    }
}
