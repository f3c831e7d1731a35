import Diagnostics
import FixedPoint
import Foundation
import Tensors

/// Builds a network from the parts of a TFLite file, gathering every fault on the way.
struct TFLiteAssembly {
    private let model: TFLiteModel
    private let fileName: String
    private var network: Network
    private var findings: [Diagnostic]
    /// Tensors that nodes of the network read or write.
    private var used = Set<Int>()

    init(model: TFLiteModel, fileName: String) {
        self.model = model
        self.fileName = fileName
        findings = model.findings
        network = Network(name: ((fileName as NSString).lastPathComponent as NSString).deletingPathExtension)
        network.values = TFLiteAssembly.values(of: model.tensors)
        network.inputs = model.inputs.map(ValueID.init)
        network.outputs = model.outputs.map(ValueID.init)
    }

    /// The network, verified.
    ///
    /// - Throws: `Diagnostics` with all the faults.
    mutating func assemble(_ translations: TFLiteTranslations) throws -> Network {
        for step in neededOperators(translations) { append(step, translations) }
        used.formUnion(model.inputs + model.outputs)
        for index in used.sorted() { complete(model.tensors[index]) }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        let network = network.compacted()
        try network.verify(file: fileName)
        return network
    }

    /// One value for each tensor, in order, with unique names.
    private static func values(of tensors: [TFLiteTensor]) -> [Value] {
        var taken = Set(tensors.map(\.name))
        var seen = Set<String>()
        return tensors.map { tensor in
            var name = tensor.name
            if !seen.insert(name).inserted {
                name = "\(tensor.name).\(tensor.index)"
                while !taken.insert(name).inserted { name += "'" }
            }
            return Value(
                name: name, shape: tensor.shape, elementType: tensor.type.elementType ?? .uint8,
                quantization: tensor.quantization)
        }
    }

    /// The operators on which an output depends, in order.
    private func neededOperators(_ translations: TFLiteTranslations) -> [TFLiteOperator] {
        var needed = Set(model.outputs)
        var steps: [TFLiteOperator] = []
        for step in model.operators.reversed() where step.outputs.contains(where: needed.contains) {
            needed.formUnion(translations[step]?.data(of: step) ?? step.inputs)
            steps.append(step)
        }
        return steps.reversed()
    }

    private mutating func append(_ step: TFLiteOperator, _ translations: TFLiteTranslations) {
        guard let translation = translations[step] else {
            report("operator \(step.name) is not supported", of: step, at: step.offset)
            return
        }
        let tensors = translation.data(of: step) + step.outputs
        if tensors.contains(where: { model.tensors[$0].isBroken }) { return }
        if let empty = tensors.first(where: { model.tensors[$0].shape.elementCount == 0 }) {
            report("tensor '\(model.tensors[empty].name)' has no elements", of: step, at: step.offset)
            return
        }
        do throws(FlatBufferFault) {
            let result = try translation.translate(TFLiteSite(model: model, step: step))
            let parts = [result] + result.further
            guard step.outputs.count == parts.count else {
                throw FlatBufferFault(
                    message: "\(step.outputs.count) results where \(parts.count) are expected", offset: step.offset)
            }
            for (place, part) in parts.enumerated() {
                used.formUnion(Set(part.operands).subtracting(part.realTensors).union(step.outputs))
                append(part, operands: try values(of: part), of: step, place: place)
            }
        } catch {
            report(error.message, of: step, at: error.offset)
        }
    }

    private mutating func report(_ message: String, of step: TFLiteOperator, at offset: Int) {
        let place = "subgraph 0, operator \(step.index) (\(step.name))"
        findings.append(Diagnostic("\(place): \(message)", at: fileName, byte: offset))
    }

    /// The values that the operands become; stored integers that are taken as reals get a value of their own.
    private mutating func values(of result: TFLiteTranslation.Result) throws(FlatBufferFault) -> [ValueID] {
        var operands: [ValueID] = []
        for index in result.operands {
            let tensor = model.tensors[index]
            if result.realTensors.contains(index), let constant = try model.constant(tensor) {
                let operand = Operand(constant, quantization: tensor.quantization)
                let reals = Tensor(tensor.shape, operand.reals)
                operands.append(network.append(Value(name: network.unusedName("\(tensor.name).real"), constant: reals)))
            } else {
                operands.append(ValueID(index))
            }
        }
        return operands
    }

    private mutating func append(
        _ result: TFLiteTranslation.Result, operands: [ValueID], of step: TFLiteOperator, place output: Int
    ) {
        var operands = operands
        let name = output == 0 ? step.nodeName : "\(step.nodeName).\(output)"
        for (place, operation) in result.chain.enumerated() {
            let isLast = place == result.chain.count - 1
            let stem = place == 0 ? name : "\(name).\(operation.name)"
            for constant in result.links[place]?.constants ?? [] {
                let unused = network.unusedName(constant.name)
                operands.append(
                    network.append(Value(name: unused, constant: constant.tensor, quantization: constant.quantization)))
            }
            var target = ValueID(step.outputs[output])
            if !isLast {
                let shapes = try? operation.outputShapes(of: operands.map { network[$0].shape })
                guard let shape = shapes?.first else {
                    report("its operands do not suit one another", of: step, at: step.offset)
                    return
                }
                var value = network[target]
                value.name = network.unusedName("\(value.name).\(operation.name)")
                value.shape = shape
                if let link = result.links[place], let elementType = link.elementType {
                    (value.elementType, value.quantization) = (elementType, link.quantization)
                }
                target = network.append(value)
            }
            network.nodes.append(
                Node(
                    name: stem, operation: operation, inputs: operands, outputs: [target],
                    accumulator: place == 0 ? result.accumulator : .int32))
            operands = [target]
        }
    }

    /// Gives a used tensor its constant elements and makes sure that it can be a value.
    private mutating func complete(_ tensor: TFLiteTensor) {
        if tensor.isBroken { return }
        do throws(FlatBufferFault) {
            guard tensor.type.elementType != nil else {
                let message = "tensor '\(tensor.name)' has elements of type \(tensor.type), which is not supported"
                throw FlatBufferFault(message: message, offset: tensor.offset)
            }
            guard tensor.shape.elementCount > 0 else {
                throw FlatBufferFault(message: "tensor '\(tensor.name)' has no elements", offset: tensor.offset)
            }
            if model.inputs.contains(tensor.index) { return }
            network.values[tensor.index].constant = try model.constant(tensor)
        } catch {
            findings.append(Diagnostic(error.message, at: fileName, byte: error.offset))
        }
    }
}
