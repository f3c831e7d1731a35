import FixedPoint
import Networks
import Quantities
import Tensors
public import Workloads

extension CompressedNetwork {
    /// What the hardware side knows of this network: a layer for each node, a tensor for each activation.
    ///
    /// - Parameter statistics: what was counted while the network ran, by the name of the node.
    public func lowered(statistics: [String: OperandStatistics] = [:]) -> Workload {
        let tensors = TensorTable(network)
        let layers = network.nodes.map { node in
            let (inputs, outputs) = network.shapes(of: node)
            let isFloat = node.outputs.allSatisfy { network[$0].isFloat }
            let counted = statistics[node.name]
            var layer = WorkloadLayer(
                name: node.name, operatorName: node.operation.name, computeClass: node.operation.computeClass,
                loops: node.operation.loops(inputs: inputs, outputs: outputs), weights: footprint(of: node),
                inputs: node.inputs.compactMap { tensors.places[$0] },
                outputs: node.outputs.compactMap { tensors.places[$0] },
                accumulator: isFloat || !node.operation.computeClass.sums ? nil : node.accumulator, isFloat: isFloat,
                activationZeros: MeasuredFraction(executed: counted?.activationZeros))
            layer.activationSetBits = MeasuredFraction(executed: counted?.activationSetBits)
            layer.activationToggles = MeasuredFraction(executed: counted?.activationToggles)
            layer.weightToggles = MeasuredFraction(executed: counted?.weightToggles)
            return layer
        }
        var workload = Workload(name: network.name, layers: layers, tensors: tensors.footprints)
        workload.markLiveChannels(zeroFilters: zeroFilters)
        return workload
    }

    /// For each node that has some, whether the weights of each of its output channels are all zero.
    private var zeroFilters: [Int: [Bool]] {
        var filters: [Int: [Bool]] = [:]
        for (index, node) in network.nodes.enumerated() {
            guard let name = node.weights, let constant = network[name].constant,
                let symbols = WeightSymbols(
                    constant, quantization: network[name].quantization, grid: grids[network[name].name]),
                symbols.nonzeroCount < symbols.patterns.count
            else { continue }
            let groups = WeightGroups(
                shape: network[name].shape, computeClass: node.operation.computeClass, granularity: .filter)
            guard groups.offsets.count > 1 else { continue }
            let zero = (0..<groups.count).map { group in
                groups.offsets.allSatisfy { symbols.isZero(symbols.patterns[groups.start(of: group) + $0]) }
            }
            if zero.contains(true) { filters[index] = zero }
        }
        return filters
    }

    /// The constant operands of a node: its weights, or else all its constants taken together.
    private func footprint(of node: Node) -> WeightFootprint? {
        if let weights = node.weights, network[weights].constant != nil {
            return weightFootprint(of: node, weights: network[weights])
        }
        let constants = node.inputs.map { network[$0] }.filter { $0.constant != nil }
        guard let widest = constants.map(\.elementBits).max() else {
            return node.operation.storedList.map(footprint(of:))
        }
        let elements = constants.reduce(0) { $0 + $1.shape.elementCount }
        let bits = constants.reduce(0) { $0 + $1.shape.elementCount * $1.elementBits }
        return WeightFootprint(
            elements: elements, nonzeroElements: elements, elementBits: widest, isBipolar: false, storage: .dense,
            zeroStructure: .element, storedEntries: elements, encodedSize: Bits(bits), parameterSize: Bits(0))
    }

    /// A list that stands in the place of constants.
    private func footprint(of list: StoredList) -> WeightFootprint {
        WeightFootprint(
            elements: list.count, nonzeroElements: list.count, elementBits: list.width, isBipolar: false,
            storage: .dense, zeroStructure: .element, storedEntries: list.count, encodedSize: Bits(list.bits),
            parameterSize: Bits(0))
    }

    private func weightFootprint(of node: Node, weights: Value) -> WeightFootprint? {
        let grid = grids[weights.name]
        guard let constant = weights.constant,
            let symbols = WeightSymbols(constant, quantization: weights.quantization, grid: grid)
        else { return nil }
        let encoding = encodings[weights.name] ?? .dense
        let computeClass = node.operation.computeClass
        let groups = WeightGroups(shape: weights.shape, computeClass: computeClass, granularity: encoding.granularity)
        let composition = compositions[weights.name]
        let (stored, size) =
            composition.map { ($0.entries, $0.size) } ?? encoding.measure(symbols, groups: groups)
        let (storage, structure): (WeightFootprint.Storage, WeightFootprint.ZeroStructure) =
            switch encoding.layout {
            case _ where composition != nil || (encoding.layout == .dense && encoding.elements != .plain):
                (.composed, symbols.zeroStructure(shape: weights.shape, computeClass: computeClass))
            case .dense: (.dense, symbols.zeroStructure(shape: weights.shape, computeClass: computeClass))
            case .bitmap: (.bitmap, encoding.granularity.zeroStructure)
            case .relativeIndex: (.relativeIndex, encoding.granularity.zeroStructure)
            case .neighbours: (.neighbours, .element)
            }
        return WeightFootprint(
            elements: weights.shape.elementCount, nonzeroElements: symbols.nonzeroCount, elementBits: symbols.width,
            isBipolar: symbols.isBipolar, storage: storage, zeroStructure: structure, storedEntries: stored,
            encodedSize: size, parameterSize: Bits(parameterBits(of: node, weights: weights, grid: grid)),
            isEntropyCoded: composition?.isEntropyCoded
                ?? (encoding.elements == .huffman || encoding.indices == .huffman),
            nonzeros: NonzeroStructure(
                symbols, shape: weights.shape, computeClass: computeClass,
                isFloat: constant.elementType == .float32 && !symbols.isBipolar),
            entropyBits: symbols.entropyBits)
    }

    /// Bits of the bias at its stored width and of a list of places; for integers a multiplier of 32 and a shift of 8 for
    /// each weight scale; for float signs a scale of 32 for each filter.
    private func parameterBits(of node: Node, weights: Value, grid: Quantization?) -> Int {
        let bias =
            (node.bias.map { network[$0].shape.elementCount * network[$0].elementType.byteCount * 8 } ?? 0)
            + (node.operation.storedList?.bits ?? 0)
        if let quantization = weights.quantization { return bias + quantization.scales.count * (32 + 8) }
        return bias + (grid?.scales.count ?? 0) * 32
    }
}

/// The activation tensors of a network in the order in which they come to be.
private struct TensorTable {
    private(set) var footprints: [TensorFootprint] = []
    private(set) var places: [ValueID: Int] = [:]

    init(_ network: Network) {
        let (consumers, outputs) = (network.consumers, Set(network.outputs))
        for input in network.inputs { append(input, of: network, nil, consumers, outputs) }
        for (index, node) in network.nodes.enumerated() {
            for output in node.outputs { append(output, of: network, index, consumers, outputs) }
            guard node.operation.computeClass == .free, let result = node.outputs.first.flatMap({ places[$0] }),
                let source = node.inputs.first.flatMap({ places[$0] })
            else { continue }
            footprints[result].aliasOf = footprints[source].aliasOf ?? source
        }
    }

    private mutating func append(
        _ id: ValueID, of network: Network, _ producer: Int?, _ consumers: [ValueID: [Int]], _ outputs: Set<ValueID>
    ) {
        guard places[id] == nil else { return }
        places[id] = footprints.count
        let value = network[id]
        footprints.append(
            TensorFootprint(
                name: value.name, shape: value.shape, elementBits: value.elementBits, isFloat: value.isFloat,
                producer: producer, consumers: consumers[id] ?? [], isOutput: outputs.contains(id)))
    }
}

extension ComputeClass {
    /// Whether layers of this class sum products or elements in a register.
    fileprivate var sums: Bool {
        switch self {
        case .convolution, .depthwise, .fullyConnected, .pooling: true
        case .elementwise, .transcendental, .dataMovement, .free: false
        }
    }
}

extension WeightSymbols {
    /// The coarsest structure whose all-zero groups hold every zero; single elements when there is none.
    fileprivate func zeroStructure(shape: Shape, computeClass: ComputeClass) -> WeightFootprint.ZeroStructure {
        let nonzero = nonzeroCount
        guard nonzero < patterns.count else { return .element }
        let coarseFirst: [Granularity] = [
            .filter, .kernel, .block8x8, .block4x4, .column, .vector, .block1x4, .block4x1,
        ]
        let covering = coarseFirst.first { granularity in
            let groups = WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
            guard groups.offsets.count > 1 else { return false }
            return WeightEncoding(.bitmap, granularity: granularity).measure(self, groups: groups).storedElements
                == nonzero
        }
        return (covering ?? .weight).zeroStructure
    }
}
