public import Hardware

/// What an operation moves between the engine and the memories of its feature maps.
///
/// Every output block fetches its whole input block again; blocks of one place but other channels too, unless the
/// operation keeps channels apart. Bytes count whole bursts. Source: Vela 5.2.0, `ethos_u55_performance.cpp`.
public struct BlockTraffic: Sendable, Hashable {
    public var inputBytes = 0
    /// Elements of the input that are read, each as often as it is.
    public var inputElements = 0
    public var secondBytes = 0
    public var outputBytes = 0
    /// Times that all weights are read.
    public var weightReads = 0

    public init(
        _ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: BlockTiming.Places,
        on engine: NeuralProcessor
    ) {
        let elements =
            operation.unit == .elementwise
            ? BlockTraffic.elementReads(operation, places)
            : (BlockTraffic.windowReads(operation, blocks, places), 0)
        inputElements = elements.0
        inputBytes = places.input.burstBytes(
            of: elements.0, bits: operation.inputBits, block: blocks.inputBlock, shape: operation.input, isRead: true,
            cores: engine.cores)
        if let second = operation.second, let place = places.second {
            secondBytes = place.burstBytes(
                of: elements.1, bits: operation.inputBits, block: blocks.inputBlock, shape: second, isRead: true,
                cores: engine.cores)
        }
        outputBytes = places.output.burstBytes(
            of: places.output.stored(operation.output).elements, bits: operation.outputBits,
            block: blocks.outputBlock, shape: operation.output, isRead: false, cores: engine.cores)
        if operation.hasWeights {
            weightReads = operation.output.blocks(of: operation.output.clipped(to: blocks.outputBlock)).area
        }
    }

    private static func windowReads(
        _ operation: EngineOperation, _ blocks: BlockConfiguration, _ places: BlockTiming.Places
    ) -> Int {
        let input = operation.input.clipped(to: blocks.inputBlock)
        var count = operation.output.blocks(of: operation.output.clipped(to: blocks.outputBlock))
        switch operation.unit {
        case .depthwise, .pooling: count.depth = 1
        case .convolution, .reduction, .elementwise: break
        }
        let parts =
            ceiling(operation.kernelWidth, BlockSearch.largestWindow)
            * ceiling(operation.kernelHeight, BlockSearch.largestWindow)
        let depth = places.input.stored(operation.input).depth
        let elements = Double(input.area) * Double(depth) * Double(parts) * Double(count.elements)
        return elements < 4e15 ? input.area * depth * parts * count.elements : Int(4e15)
    }

    /// A single element of 8 bits travels with the command.
    private static func elementReads(_ operation: EngineOperation, _ places: BlockTiming.Places) -> (Int, Int) {
        let all = places.input.stored(operation.output).elements
        let scalar = operation.inputBits > 8 ? (places.input.isLinear ? 1 : 16) : 0
        guard let second = operation.second else { return (operation.input.elements == 1 ? scalar : all, 0) }
        if operation.input.elements == 1 { return operation.inputBits > 8 ? (scalar, 0) : (0, all) }
        return (all, second.elements > 1 ? all : scalar)
    }
}
