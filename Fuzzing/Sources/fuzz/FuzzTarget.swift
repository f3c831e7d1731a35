import Diagnostics
import Foundation

/// A reader under attack.
protocol FuzzTarget: Sendable {
    /// The name in commands, and of the folder of seeds.
    var name: String { get }

    /// Small sound files from which fuzzing starts.
    func seeds() throws -> [Data]

    /// Reads a file and uses what was read.
    func read(_ bytes: Data) throws
}

extension FuzzTarget {
    /// Reads one input of the fuzzer; anything but success or diagnostics ends the program.
    func attack(_ bytes: Data) {
        do {
            try read(bytes)
        } catch is Diagnostics {
            return
        } catch is Diagnostic {
            return
        } catch {
            fatalError("\(name): neither read nor refused: \(error)")
        }
    }
}

/// Every target, one line each.
let fuzzTargets: [any FuzzTarget] = [
    TFLiteTarget(),
    ONNXTarget(),
    DovetailTarget(),
    CompositionTarget(),
    EncodedWeightsTarget(),
    CodedWeightsTarget(),
    StoredPartTarget(),
    DatasetTarget(name: "npy", seeds: DatasetSeeds.npy),
    DatasetTarget(name: "npz", seeds: DatasetSeeds.npz),
    DatasetTarget(name: "idx", seeds: DatasetSeeds.idx),
    DatasetTarget(name: "gzip", seeds: DatasetSeeds.gzip),
]
