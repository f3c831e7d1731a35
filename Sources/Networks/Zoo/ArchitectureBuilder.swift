import Tensors

/// Adds layers to a float network one by one; every layer gets seeded weights and a name.
struct ArchitectureBuilder {
    private(set) var network: Network
    private var generator: SplitMix64
    private var counts: [String: Int] = [:]

    init(name: String, seed: UInt64) {
        network = Network(name: name)
        generator = SplitMix64(seed: seed)
    }

    mutating func input(_ shape: Shape) -> ValueID {
        let image = network.append(Value(name: "image", shape: shape, elementType: .float32))
        network.inputs = [image]
        return image
    }

    mutating func finish(_ output: ValueID) {
        network.outputs = [output]
    }

    func channels(of value: ValueID) -> Int {
        network[value].shape.extents.last ?? 1
    }

    /// The shape of an image value: batch, height, width, channels.
    func shape(of value: ValueID) -> Shape { network[value].shape }

    /// Adds a node with its result; operands must suit the operator, which the definitions in this folder make sure of.
    mutating func apply(_ operation: any Operator, _ inputs: [ValueID], name: String) -> ValueID {
        let shapes: [Shape]
        do {
            shapes = try operation.outputShapes(of: inputs.map { network[$0].shape })
        } catch {
            preconditionFailure("\(name): \(error)")
        }
        let output = network.append(Value(name: "\(name):out", shape: shapes[0], elementType: .float32))
        network.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
        return output
    }

    /// `stem` with a running number of its own.
    mutating func numbered(_ stem: String) -> String {
        counts[stem, default: 0] += 1
        return "\(stem)\(counts[stem, default: 0])"
    }

    mutating func constant(_ name: String, _ shape: Shape, _ value: Float) -> ValueID {
        network.append(Value(name: name, constant: Tensor(shape, Array(repeating: value, count: shape.elementCount))))
    }

    /// Weights of zero mean and variance `2 / fanIn` (He et al. 2015): sums of four uniform numbers, so nearly normal.
    mutating func weights(_ name: String, _ shape: Shape, fanIn: Int) -> ValueID {
        let deviation = (2 / Double(fanIn)).squareRoot()
        let step = Float(deviation * (12.0 / 4).squareRoot() / 65536)
        let values = [Float](unsafeUninitializedCapacity: shape.elementCount) { buffer, count in
            for index in 0..<shape.elementCount {
                let bits = generator.next()
                let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
                buffer.initializeElement(at: index, to: Float(Int(sum) - 131_070) * step)
            }
            count = shape.elementCount
        }
        return network.append(Value(name: name, constant: Tensor(shape, values)))
    }
}
