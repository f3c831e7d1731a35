/// The kind of machine that computes, with the facts that only this kind has.
public enum Machine: Sendable, Hashable, Codable {
    /// A processor that runs kernels of a runtime library.
    case processor(Core)
    /// A grid of multiply-accumulate cells fed at its edges.
    case systolicArray(SystolicArray)
    /// A block-based neural processor with a decoded weight stream.
    case neuralProcessor(NeuralProcessor)
    /// Programmable logic on which a pipeline is laid out.
    case programmableLogic(ProgrammableLogic)
    /// Cells with local stores, and a mapping that a compiler chooses.
    case spatialArray(SpatialArray)
    /// Elements that skip products with zeros.
    case sparseArray(SparseArray)
    /// Elements that multiply operands a few bits at a time.
    case bitSerialArray(BitSerialArray)
    /// Elements that count equal bits of words.
    case binaryArray(BinaryArray)

    /// The kind alone, as profiles write it.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case processor
        case systolicArray
        case neuralProcessor
        case programmableLogic
        case spatialArray
        case sparseArray
        case bitSerialArray
        case binaryArray
    }

    public var kind: Kind {
        switch self {
        case .processor: .processor
        case .systolicArray: .systolicArray
        case .neuralProcessor: .neuralProcessor
        case .programmableLogic: .programmableLogic
        case .spatialArray: .spatialArray
        case .sparseArray: .sparseArray
        case .bitSerialArray: .bitSerialArray
        case .binaryArray: .binaryArray
        }
    }
}
