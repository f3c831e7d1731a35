import Diagnostics
public import Tensors
public import Workloads

/// Channels of an image in another order, left out or repeated: channel `i` of the result is channel `channels[i]` of the input.
public struct ChannelSelection: Operator {
    public static let name = "channelSelection"

    public var channels: [Int]

    public init(channels: [Int]) {
        self.channels = channels
    }

    public var computeClass: ComputeClass { .dataMovement }
    public var storedList: StoredList? { StoredList(count: channels.count, largest: channels.max() ?? 0) }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank > 0 else {
            throw Diagnostic("a selection takes a tensor with channels")
        }
        let extent = inputs[0][inputs[0].rank - 1]
        guard channels.allSatisfy({ (0..<extent).contains($0) }) else {
            throw Diagnostic("channels \(channels) are not all among the \(extent) of \(inputs[0])")
        }
        guard let shape = Shape(checking: inputs[0].extents.dropLast() + [channels.count]) else {
            throw Diagnostic("the result has too many elements")
        }
        return [shape]
    }
}

extension ChannelSelection {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let extent = operands[0].shape[operands[0].shape.rank - 1]
        let order = { (place: Int) -> Int? in place / channels.count * extent + channels[place % channels.count] }
        return [try arithmetic.moved(operands[0], to: results[0], order: order)]
    }
}
