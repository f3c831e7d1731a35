import Execution
import Foundation
import Networks

/// Reads a file as inputs and as labels of a network of 3x4 numbers and 5 classes.
struct DatasetTarget: FuzzTarget {
    let name: String
    private let files: [Data]

    init(name: String, seeds: [Data]) {
        self.name = name
        files = seeds
    }

    func seeds() -> [Data] { files }

    func read(_ bytes: Data) throws {
        let file = DataFile(bytes, name: "fuzzed")
        let network = DatasetTarget.network
        let inputs = Result { try DatasetFormats.standard.read(inputs: file, for: network) }
        let labelled = Result {
            try DatasetFormats.standard.read(inputs: DatasetTarget.oneCase, labels: file, for: network)
        }
        for cases in [try? inputs.get(), try? labelled.get()].compactMap({ $0 }) {
            for index in 0..<min(cases.count, 16) { _ = try cases.case(at: index) }
        }
        _ = try inputs.get()
        _ = try labelled.get()
    }

    private static let oneCase = DataFile(DatasetSeeds.oneCase, name: "case")

    private static var network: Network {
        var network = Network(name: "fuzzed")
        network.inputs = [network.append(Value(name: "input", shape: [1, 3, 4], elementType: .float32))]
        network.outputs = [network.append(Value(name: "output", shape: [1, 5], elementType: .float32))]
        return network
    }
}
