import Networks
import Tensors
import Workloads

/// Where the activations of one case lie in an arena; a run over several cases multiplies every place by their number.
struct ActivationLayout: Sendable {
    /// Bytes from the start of the arena, by place in the network's values; nil for constants and values never written.
    let offsets: [Int?]
    /// Bytes of the arena.
    let bytes: Int

    /// Operands and cases start at multiples of this many bytes.
    static let alignment = 64

    /// - Parameter keepingAll: whether every value keeps its bytes until the end.
    init(_ network: Network, keepingAll: Bool) {
        let spans = ActivationLayout.spans(in: network, keepingAll: keepingAll)
        let indices = network.values.indices.filter { spans[$0] != nil }
        let buffers = indices.compactMap { index in
            spans[index].map { span in
                ArenaProblem.Buffer(
                    name: network.values[index].name, tensor: index, size: network.values[index].storedBytes,
                    firstLayer: span.lowerBound, lastLayer: span.upperBound)
            }
        }
        let problem = ArenaProblem(buffers: buffers, alignment: ActivationLayout.alignment)
        let plan = ArenaPlanner(nodeLimit: 0).plan(problem)
        var offsets = [Int?](repeating: nil, count: network.values.count)
        for (index, entry) in zip(indices, plan.entries) { offsets[index] = entry.offset }
        self.offsets = offsets
        bytes = plan.size
    }

    /// The nodes during which each value is needed.
    private static func spans(in network: Network, keepingAll: Bool) -> [ClosedRange<Int>?] {
        var spans = [ClosedRange<Int>?](repeating: nil, count: network.values.count)
        let last = max(network.nodes.count - 1, 0)
        for id in network.inputs where network[id].constant == nil { spans[id.index] = 0...(keepingAll ? last : 0) }
        for (index, node) in network.nodes.enumerated() {
            for id in node.inputs {
                if let span = spans[id.index] { spans[id.index] = span.lowerBound...max(span.upperBound, index) }
            }
            for id in node.outputs { spans[id.index] = index...(keepingAll ? last : index) }
        }
        for id in network.outputs {
            if let span = spans[id.index] { spans[id.index] = span.lowerBound...last }
        }
        return spans
    }
}

extension Value {
    /// Bytes of the elements as the tool stores them.
    var storedBytes: Int { shape.elementCount * elementType.byteCount }
}

extension ResultType {
    /// Bytes of the elements as the tool stores them.
    var storedBytes: Int { shape.elementCount * elementType.byteCount }
}
