import Diagnostics
import Networks
import Tensors

/// Cases whose inputs are records of arrays, one array for each input of the network.
struct ArrayDataset: Dataset {
    private let arrays: [NumberArray]
    private let arrangements: [Arrangement]

    /// - Throws: `Diagnostics` when the arrays do not suit the network's inputs.
    init(_ arrays: [NumberArray], file: DataFile, for network: Network, normalization: Normalization) throws {
        let inputs = network.inputs.map { network[$0] }
        guard arrays.count == inputs.count, let count = arrays.first?.count else {
            throw file.fault("\(arrays.count) arrays for the \(inputs.count) inputs of the network")
        }
        guard arrays.allSatisfy({ $0.count == count }) else {
            throw file.fault("arrays of different lengths: \(arrays.map(\.count))")
        }
        self.arrays = arrays
        var findings: [Diagnostic] = []
        var arrangements: [Arrangement] = []
        for (array, input) in zip(arrays, inputs) {
            do throws(ArrangementFault) {
                arrangements.append(
                    try Arrangement(
                        record: array.recordShape, stored: array.type, for: input, normalization: normalization))
            } catch {
                let place = SourceLocation(file: array.file.name)
                findings.append(Diagnostic("\(error.message), which input '\(input.name)' has", at: place))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        self.arrangements = arrangements
    }

    var count: Int { arrays[0].count }

    func `case`(at index: Int) throws -> [Tensor] {
        var tensors: [Tensor] = []
        for (array, arrangement) in zip(arrays, arrangements) {
            do throws(ArrangementFault) {
                tensors.append(try arrangement.tensor(array.record(index)))
            } catch {
                let message = "case \(index): \(error.message), which is not a finite number"
                throw array.file.fault(message, at: array.start + index * array.stride)
            }
        }
        return tensors
    }
}
