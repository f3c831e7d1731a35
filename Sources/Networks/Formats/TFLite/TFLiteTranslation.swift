import FixedPoint
import Tensors

/// An operator by its code, or by its name if it is a custom one.
enum TFLiteOperation: Hashable {
    case builtin(TFLiteBuiltin)
    case custom(String)

    /// The code that all custom operators have.
    static let customCode = 32
}

/// How one operator of a file becomes operators of a network.
struct TFLiteTranslation: Sendable {
    let operation: TFLiteOperation
    /// How many leading operands are data; later ones are constants that become attributes. Nil: all are data.
    let dataOperands: Int?
    /// Leading operands that are attributes.
    let skippedOperands: Int
    let translate: @Sendable (TFLiteSite) throws(FlatBufferFault) -> Result

    /// Operators in a row: the first takes the operands, each other one takes the result before it.
    struct Result {
        /// Tensor numbers.
        var operands: [Int]
        var chain: [any Operator]
        /// Tensors stored as integers that the operators take as reals: weights quantized only for storage.
        var realTensors: Set<Int> = []
        /// The register in which the first operator sums.
        var accumulator = Accumulator.int32
        /// What writes the second result and those behind it.
        var further: [Result] = []
        /// What single operators of the chain have besides, by their place.
        var links: [Int: Link] = [:]

        init(_ operation: any Operator, of operands: [Int]) {
            self.operands = operands
            chain = [operation]
        }
    }

    /// Constants that an operator of a chain takes behind the others, and what its result is if it is not the last.
    struct Link {
        struct Constant {
            var name: String
            var tensor: Tensor
            var quantization: Quantization?
        }

        var constants: [Constant] = []
        /// Nil: as the last result.
        var elementType: ElementType?
        var quantization: Quantization?
    }

    init(
        _ builtin: TFLiteBuiltin, dataOperands: Int? = nil, skippedOperands: Int = 0,
        translate: @escaping @Sendable (TFLiteSite) throws(FlatBufferFault) -> Result
    ) {
        operation = .builtin(builtin)
        self.dataOperands = dataOperands
        self.skippedOperands = skippedOperands
        self.translate = translate
    }

    init(
        custom name: String, dataOperands: Int? = nil,
        translate: @escaping @Sendable (TFLiteSite) throws(FlatBufferFault) -> Result
    ) {
        operation = .custom(name)
        self.dataOperands = dataOperands
        skippedOperands = 0
        self.translate = translate
    }

    /// The tensors that the operator really reads at run time.
    func data(of step: TFLiteOperator) -> [Int] {
        step.inputs.prefix(dataOperands ?? step.inputs.count).dropFirst(skippedOperands).filter { $0 >= 0 }
    }
}

extension TFLiteTranslation.Result {
    /// The same with a clamp of its own behind, for operators that fuse none.
    func followed(by activation: Activation) -> Self {
        var result = self
        if activation != .none { result.chain.append(Rectifier(activation: activation)) }
        return result
    }
}
