import Diagnostics
import Tensors

/// Constants, inputs and outputs of a graph.
extension ONNXTranslation {
    mutating func readConstants(of graph: ONNXGraph) {
        for tensor in graph.initializer {
            do {
                let constant = ONNXConstant(name: tensor.name, tensor: try tensor.decoded())
                if values.updateValue(.constant(constant), forKey: tensor.name) != nil {
                    throw Diagnostic("two constants have this name")
                }
            } catch {
                values[tensor.name] = .some(nil)
                report(error, at: tensor.name)
            }
        }
    }

    mutating func readInputs(of graph: ONNXGraph) {
        for input in graph.input where values[input.name] == nil {
            do {
                let shape = try declaredShape(of: input)
                let type = try ONNXElementType(checking: input.type.tensorType.elemType)
                let value = Value(name: valueName(input.name), shape: shape, elementType: type.stored)
                let id = network.append(value)
                network.inputs.append(id)
                let edge = ONNXEdge(id: id, order: ONNXOrder.identity(shape.rank))
                values[input.name] = .edge(edge)
            } catch {
                values[input.name] = .some(nil)
                report(error, at: input.name)
            }
        }
        if network.inputs.isEmpty, findings.isEmpty { report(Diagnostic("the graph has no input"), at: "") }
    }

    mutating func readOutputs(of graph: ONNXGraph) {
        if graph.output.isEmpty { report(Diagnostic("the graph has no output"), at: "") }
        for output in graph.output {
            do {
                guard let known = values[output.name] else { throw Diagnostic("the output is never written") }
                guard let value = known else { continue }
                let rank = logicalShape(of: value).count
                network.outputs.append(try stored(value, as: ONNXOrder.identity(rank)))
            } catch {
                report(error, at: output.name)
            }
        }
    }

    /// The declared shape with a batch of 1 where the batch has only a name.
    private func declaredShape(of input: ONNXValueInfo) throws -> Shape {
        guard input.type.hasTensorType, input.type.tensorType.hasShape else {
            throw Diagnostic("the input has no tensor shape")
        }
        let dimensions = input.type.tensorType.shape.dim
        guard dimensions.count <= ONNXTensor.maximumRank else { throw Diagnostic("the input has too many axes") }
        let extents = try dimensions.enumerated().map { axis, dimension in
            if dimension.hasDimValue, dimension.dimValue > 0 { return ONNXOperation.bounded(dimension.dimValue) }
            guard axis == 0 else {
                throw Diagnostic("axis \(axis) of the input has no fixed extent", fix: "export it with a fixed shape")
            }
            return 1
        }
        guard let shape = Shape(checking: extents) else { throw Diagnostic("the input has too many elements") }
        return shape
    }
}
