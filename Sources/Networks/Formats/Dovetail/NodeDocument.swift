import FixedPoint

/// The JSON form of a node: its operator by name, with the attributes that the operator has.
struct NodeDocument: Codable, Sendable {
    var name: String
    var operation: any Operator
    var inputs: [String]
    var outputs: [String]
    var accumulator: Accumulator

    init(_ node: Node, of network: Network) {
        name = node.name
        operation = node.operation
        inputs = node.inputs.map { network[$0].name }
        outputs = node.outputs.map { network[$0].name }
        accumulator = node.accumulator
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case operation = "operator"
        case attributes
        case inputs
        case outputs
        case accumulator
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        do {
            inputs = try container.decode([String].self, forKey: .inputs)
            outputs = try container.decode([String].self, forKey: .outputs)
            accumulator = try container.decode(Accumulator.self, forKey: .accumulator)
            let kind = try container.decode(String.self, forKey: .operation)
            guard let type = OperatorCatalog.standard.type(named: kind) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .operation, in: container, debugDescription: "there is no operator '\(kind)'")
            }
            operation = try type.init(from: try container.superDecoder(forKey: .attributes))
        } catch let fault as DecodingError {
            throw fault.inside(name)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(operation.name, forKey: .operation)
        try operation.encode(to: container.superEncoder(forKey: .attributes))
        try container.encode(inputs, forKey: .inputs)
        try container.encode(outputs, forKey: .outputs)
        try container.encode(accumulator, forKey: .accumulator)
    }
}
