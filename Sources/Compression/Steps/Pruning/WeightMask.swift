import FixedPoint
import Networks
import Tensors

/// Which elements of a weight tensor stay where they are; the others stand for 0.
///
/// One type for all structures: what falls together is said by `WeightGroups` (weights, vectors, kernels, columns, filters,
/// blocks), by a `NeighbourPattern` or by a pattern for each kernel.
public struct WeightMask: Sendable, Hashable {
    /// By place in the tensor.
    public private(set) var keeps: [Bool]

    /// A mask that keeps every element.
    public init(elements: Int) {
        keeps = [Bool](repeating: true, count: elements)
    }

    public init(keeps: [Bool]) {
        self.keeps = keeps
    }

    /// Elements that stay.
    public var keptCount: Int { keeps.reduce(0) { $1 ? $0 + 1 : $0 } }

    public mutating func drop(_ place: Int) {
        keeps[place] = false
    }

    public mutating func drop(group: Int, of groups: WeightGroups) {
        let start = groups.start(of: group)
        for offset in groups.offsets { keeps[start + offset] = false }
    }
}

extension Value {
    /// Makes the elements that a mask drops stand for 0.
    mutating func apply(_ mask: WeightMask) {
        guard let constant else { return }
        if let quantization, var integers = constant.integers {
            let channels = ChannelIndexing(shape, axis: quantization.axis)
            for place in integers.indices where !mask.keeps[place] {
                integers[place] = quantization.zeroPoints[channels.channel(of: place)]
            }
            self.constant = Tensor(shape, integers: integers, storedAs: constant.elementType)
        } else {
            var reals = constant.floats
            for place in reals.indices where !mask.keeps[place] { reals[place] = 0 }
            self.constant = Tensor(shape, reals)
        }
    }
}

extension CompressedNetwork {
    /// Why weights of a layer cannot become zero, or nil if they can.
    func maskingRefusal(of layer: String) -> String? {
        guard let node = network.node(ofLayer: layer), let weights = node.weights else {
            return nil
        }
        let format = (network[weights].quantization ?? grids[network[weights].name])?.format
        return format?.encoding == .bipolar ? "a sign has no zero" : nil
    }

    /// Gives each layer the mask that `mask` finds for its weights.
    mutating func mask(_ layers: [String], by mask: (Node, Value) throws -> WeightMask) rethrows {
        for layer in layers {
            guard let place = network.place(ofLayer: layer), let id = ownWeights(ofNodeAt: place) else { continue }
            network[id].apply(try mask(network.nodes[place], network[id]))
        }
    }
}
