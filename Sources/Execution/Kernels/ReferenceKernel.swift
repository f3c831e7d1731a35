import Diagnostics
import Networks
import Tensors

/// A layer by the definition of its operator, case by case.
struct ReferenceKernel: LayerKernel {
    let layer: Layer

    func run(_ run: LayerRun) throws {
        for index in 0..<run.cases {
            let results = try layer.node.operation.evaluate(
                operands(of: run, case: index), results: layer.results, arithmetic: layer.arithmetic)
            for (place, tensor) in results.enumerated() {
                try checkKind(of: tensor, at: place)
                tensor.copyElements(to: run.outputs[place] + index * layer.results[place].storedBytes)
            }
        }
    }

    private func operands(of run: LayerRun, case index: Int) -> [Operand] {
        var starts = run.inputs.makeIterator()
        return layer.inputs.map { value in
            guard let tensor = value.constant ?? starts.next().map({ value.tensor(at: $0, case: index) }) else {
                preconditionFailure("a kernel needs as many inputs as its layer has variables")
            }
            return Operand(tensor, quantization: value.quantization)
        }
    }

    /// What reads the result relies on its shape and type being as declared.
    private func checkKind(of tensor: Tensor, at place: Int) throws {
        let result = layer.results[place]
        guard tensor.shape == result.shape, tensor.elementType == result.elementType else {
            throw Diagnostic(
                "result \(place) is \(tensor.elementType.rawValue) of \(tensor.shape) where "
                    + "\(result.elementType.rawValue) of \(result.shape) is declared")
        }
    }
}

extension Value {
    fileprivate func tensor(at start: UnsafeRawPointer, case index: Int) -> Tensor {
        Tensor(copying: start + index * storedBytes, shape: shape, type: elementType)
    }
}
