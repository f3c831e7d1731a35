public import Tensors

/// A trained network: values, and nodes in an order in which they can run.
///
/// Values are appended and never renumbered while a network is edited; `compacted()` drops those that nothing uses.
public struct Network: Sendable {
    public var name: String
    public var values: [Value]
    /// In execution order: every input of a node is a constant, a network input or written by an earlier node.
    public var nodes: [Node]
    public var inputs: [ValueID]
    public var outputs: [ValueID]
    /// How integer nodes compute.
    public var runtime: RuntimeArithmetic

    public init(
        name: String, values: [Value] = [], nodes: [Node] = [], inputs: [ValueID] = [], outputs: [ValueID] = [],
        runtime: RuntimeArithmetic = .tflm
    ) {
        self.name = name
        self.values = values
        self.nodes = nodes
        self.inputs = inputs
        self.outputs = outputs
        self.runtime = runtime
    }

    public subscript(id: ValueID) -> Value {
        get { values[id.index] }
        set { values[id.index] = newValue }
    }

    /// Adds a value and returns its name in this network.
    public mutating func append(_ value: Value) -> ValueID {
        values.append(value)
        return ValueID(values.count - 1)
    }

    /// The node that writes each value, by place in `nodes`.
    public var producers: [ValueID: Int] {
        var producers: [ValueID: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for output in node.outputs { producers[output] = index }
        }
        return producers
    }

    /// The nodes that read each value, by place in `nodes`, ascending.
    public var consumers: [ValueID: [Int]] {
        var consumers: [ValueID: [Int]] = [:]
        for (index, node) in nodes.enumerated() {
            for input in Set(node.inputs) { consumers[input, default: []].append(index) }
        }
        return consumers
    }

    /// The shapes of a node's inputs and outputs.
    public func shapes(of node: Node) -> (inputs: [Shape], outputs: [Shape]) {
        (node.inputs.map { self[$0].shape }, node.outputs.map { self[$0].shape })
    }

    /// A name that no value and no node has yet, made from `stem`.
    public func unusedName(_ stem: String) -> String {
        let taken = Set(values.map(\.name)).union(nodes.map(\.name))
        guard taken.contains(stem) else { return stem }
        var number = 1
        while taken.contains("\(stem).\(number)") { number += 1 }
        return "\(stem).\(number)"
    }
}
