import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// The network without the channels of the given classes of units.
    ///
    /// - Returns: names of the layers whose weights became smaller.
    package mutating func remove(_ roots: Set<Int>, of analysis: ChannelAnalysis) -> [String] {
        guard !roots.isEmpty else { return [] }
        var changed: Set<ValueID> = []
        var cuts: [ValueID: ChannelCut.Side] = [:]
        for (id, slices) in analysis.slices {
            for (position, slice) in slices.enumerated() {
                let kept = slice.units.map { !roots.contains(analysis.root(of: $0)) }
                if position == 0 { cuts[id] = ChannelCut.Side(axis: slice.axis, kept: kept) }
                guard kept.contains(false) else { continue }
                changed.insert(id)
                network[id].keep(kept, axis: slice.axis)
                let name = network[id].name
                grids[name] = grids[name]?.keeping(kept, axis: slice.axis)
            }
        }
        for place in network.nodes.indices {
            let node = network.nodes[place]
            guard let operation = node.operation as? any ChannelPropagating, let input = node.inputs.first,
                let result = cuts[node.outputs[0]], changed.contains(input) || changed.contains(node.outputs[0])
            else { continue }
            let cut = ChannelCut(operand: analysis.isConstant(input) ? nil : cuts[input], result: result)
            network.nodes[place].operation = operation.restricted(to: cut)
        }
        return network.nodes.filter { node in node.weights.map(changed.contains) ?? false }.map(\.name)
    }
}

extension Value {
    /// Drops the indices along an axis that are not kept, of shape, elements and scales.
    fileprivate mutating func keep(_ kept: [Bool], axis: Int) {
        var extents = shape.extents
        extents[axis] = kept.count { $0 }
        let inner = shape.extents[(axis + 1)...].reduce(1, *)
        let smaller = Shape(extents)
        if let constant {
            let elements = constant.elements.keeping(kept, inner: inner)
            self.constant = Tensor(shape: smaller, elements: elements)
        }
        quantization = quantization?.keeping(kept, axis: axis)
        shape = smaller
    }
}

extension Quantization {
    fileprivate func keeping(_ kept: [Bool], axis: Int) -> Quantization {
        guard self.axis == axis else { return self }
        var smaller = self
        smaller.scales = zip(scales, kept).filter(\.1).map(\.0)
        smaller.zeroPoints = zip(zeroPoints, kept).filter(\.1).map(\.0)
        return smaller
    }
}

extension Tensor.Elements {
    fileprivate func keeping(_ kept: [Bool], inner: Int) -> Tensor.Elements {
        func gather<Element>(_ values: [Element]) -> [Element] {
            var gathered: [Element] = []
            for run in 0..<(inner == 0 ? 0 : values.count / inner) where kept[run % kept.count] {
                gathered += values[run * inner..<(run + 1) * inner]
            }
            return gathered
        }
        return switch self {
        case .float32(let values): .float32(gather(values))
        case .int8(let values): .int8(gather(values))
        case .uint8(let values): .uint8(gather(values))
        case .int16(let values): .int16(gather(values))
        case .int32(let values): .int32(gather(values))
        case .int64(let values): .int64(gather(values))
        }
    }
}
