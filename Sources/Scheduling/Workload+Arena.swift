import Tensors
public import Workloads

/// How activation elements lie in memory.
public struct ActivationStorage: Sendable, Hashable, Codable {
    /// `true` when elements lie packed at their width; otherwise each takes 8, 16, 32 or 64 bits.
    public var isPacked: Bool
    /// Tensors start at multiples of this many bytes.
    public var alignment: Int

    public init(isPacked: Bool, alignment: Int) {
        self.isPacked = isPacked
        self.alignment = max(1, alignment)
    }

    /// Bits of memory for one element of `bits` bits.
    public func storedBits(_ bits: Int) -> Int {
        if isPacked { return bits }
        return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64
    }

    /// Bytes of a whole tensor.
    public func bytes(of tensor: TensorFootprint) -> Int {
        (tensor.shape.elementCount * storedBits(tensor.elementBits) + 7) / 8
    }
}

extension Workload {
    /// The buffers that an inference needs: each tensor from its writer to its last reader, and the scratch of layers.
    ///
    /// A tensor that is a view lives in the tensor it views. A layer's inputs and outputs never share bytes.
    /// - Parameter scratch: bytes of working memory of each layer, live during that layer only.
    public func arenaProblem(storage: ActivationStorage, scratch: [Int]) -> ArenaProblem {
        var buffers: [ArenaProblem.Buffer] = []
        var place: [Int: Int] = [:]
        let last = max(0, layers.count - 1)
        for (index, tensor) in tensors.enumerated() {
            let root = storageRoot(of: index)
            let first = tensor.producer ?? 0
            let end = max(first, tensor.isOutput ? last : tensor.consumers.last ?? first)
            let size = storage.bytes(of: tensor)
            if let position = place[root] {
                buffers[position].size = max(buffers[position].size, size)
                buffers[position].firstLayer = min(buffers[position].firstLayer, first)
                buffers[position].lastLayer = max(buffers[position].lastLayer, end)
            } else {
                place[root] = buffers.count
                buffers.append(
                    ArenaProblem.Buffer(
                        name: tensors[root].name, tensor: root, size: size, firstLayer: first, lastLayer: end))
            }
        }
        for (layer, bytes) in scratch.enumerated() where bytes > 0 {
            buffers.append(
                ArenaProblem.Buffer(
                    name: "scratch of \(layers[layer].name)", tensor: nil, size: bytes, firstLayer: layer,
                    lastLayer: layer))
        }
        return ArenaProblem(buffers: buffers, alignment: storage.alignment)
    }

    /// The tensor whose bytes `index` is finally a view of; itself if it has bytes of its own.
    func storageRoot(of index: Int) -> Int {
        var root = index
        var steps = 0
        while let next = tensors[root].aliasOf, tensors.indices.contains(next), steps < tensors.count {
            root = next
            steps += 1
        }
        return root
    }
}
