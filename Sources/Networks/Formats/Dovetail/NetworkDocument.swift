import Diagnostics
import FixedPoint
public import Tensors

/// The JSON form of a network without its tensors' elements: `network.json` of a `.dovetail` folder.
public struct NetworkDocument: Codable, Sendable {
    public struct Value: Codable, Sendable {
        var name: String
        var shape: Shape
        var elementType: ElementType
        var quantization: Quantization?
        /// Whether `tensors.safetensors` holds the elements under this name.
        var isConstant: Bool
        /// The form in which weights are executed; absent for their elements.
        var form: WeightForm?
    }

    var name: String
    var arithmetic: RuntimeArithmetic
    var inputs: [String]
    var outputs: [String]
    var values: [Value]
    var nodes: [NodeDocument]

    /// Describes `network`.
    public init(_ network: Network) {
        name = network.name
        arithmetic = network.runtime
        inputs = network.inputs.map { network[$0].name }
        outputs = network.outputs.map { network[$0].name }
        values = network.values.map {
            Value(
                name: $0.name, shape: $0.shape, elementType: $0.elementType, quantization: $0.quantization,
                isConstant: $0.constant != nil, form: $0.form)
        }
        nodes = network.nodes.map { NodeDocument($0, of: network) }
    }

    /// The network that this document and the elements of its constants make.
    ///
    /// - Throws: `Diagnostics` with every fault of the network.
    public func network(constants: [String: Tensor], file: String) throws -> Network {
        func fault(_ message: String, at part: String) -> Diagnostic {
            Diagnostic(message, at: SourceLocation(file: file, position: .part(part)))
        }
        var network = Network(name: name, runtime: arithmetic)
        var ids: [String: ValueID] = [:]
        for value in values {
            let constant = constants[value.name]
            guard value.isConstant == (constant != nil), constant?.elementType ?? value.elementType == value.elementType
            else { throw fault("the elements do not suit the declaration", at: value.name) }
            guard ids[value.name] == nil else { throw fault("two values have this name", at: value.name) }
            let id = network.append(
                Networks.Value(
                    name: value.name, shape: value.shape, elementType: value.elementType,
                    quantization: value.quantization, constant: constant))
            network[id].form = value.form
            ids[value.name] = id
        }
        func identifiers(_ names: [String], at part: String) throws -> [ValueID] {
            try names.map { name in
                guard let id = ids[name] else { throw fault("there is no value '\(name)'", at: part) }
                return id
            }
        }
        network.inputs = try identifiers(inputs, at: "inputs")
        network.outputs = try identifiers(outputs, at: "outputs")
        for node in nodes {
            network.nodes.append(
                Node(
                    name: node.name, operation: node.operation, inputs: try identifiers(node.inputs, at: node.name),
                    outputs: try identifiers(node.outputs, at: node.name), accumulator: node.accumulator))
        }
        try network.verify(file: file)
        return network
    }
}

extension NetworkDocument.Value {
    private enum CodingKeys: String, CodingKey {
        case name
        case shape
        case elementType
        case quantization
        case isConstant
        case form
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        do {
            shape = try container.decode(Shape.self, forKey: .shape)
            elementType = try container.decode(ElementType.self, forKey: .elementType)
            quantization = try container.decodeIfPresent(Quantization.self, forKey: .quantization)
            isConstant = try container.decode(Bool.self, forKey: .isConstant)
            form = try container.decodeIfPresent(WeightForm.self, forKey: .form)
        } catch let fault as DecodingError {
            throw fault.inside(name)
        }
    }
}
