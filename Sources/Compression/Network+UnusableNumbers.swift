package import Diagnostics
package import Networks
import Tensors

extension Network {
    /// The first element that is infinite or no number of each constant that has one, for each layer that reads it.
    package var unusableNumbers: [Diagnostic] {
        nodes.flatMap { node in
            node.inputs.compactMap { input in
                guard let tensor = self[input].constant, case .float32(let values) = tensor.elements,
                    let place = values.firstIndex(where: { !$0.isFinite })
                else { return nil }
                return Diagnostic(
                    layer: node.name, "element \(place) of constant '\(self[input].name)' is \(values[place])")
            }
        }
    }
}
