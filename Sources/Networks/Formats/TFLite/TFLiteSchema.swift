import Tensors

/// Field numbers of the tables of the TensorFlow Lite schema, version 3, in the order of `schema.fbs`.
enum TFLiteField {
    enum Model {
        static let version = 0
        static let operatorCodes = 1
        static let subgraphs = 2
        static let buffers = 4
    }

    enum OperatorCode {
        /// One byte; 127 stands for a code that is only in `code`.
        static let deprecatedCode = 0
        static let customCode = 1
        static let code = 3
    }

    enum Subgraph {
        static let tensors = 0
        static let inputs = 1
        static let outputs = 2
        static let operators = 3
    }

    enum Tensor {
        static let shape = 0
        static let type = 1
        static let buffer = 2
        static let name = 3
        static let quantization = 4
        static let isVariable = 5
        static let sparsity = 6
    }

    enum Quantization {
        static let scale = 2
        static let zeroPoint = 3
        static let detailsType = 4
        static let dimension = 6
    }

    enum Buffer {
        static let data = 0
        /// Byte offset from the start of the file, for data that stand outside the FlatBuffers part.
        static let offset = 1
        static let size = 2
    }

    enum Operator {
        static let codeIndex = 0
        static let inputs = 1
        static let outputs = 2
        static let optionsType = 3
        static let options = 4
        static let customOptions = 5
    }
}

/// `TensorType` of the schema, as far as a tensor of a network can have it here.
enum TFLiteTensorType: Int {
    case float32 = 0
    case float16 = 1
    case int32 = 2
    case uint8 = 3
    case int64 = 4
    case string = 5
    case bool = 6
    case int16 = 7
    case complex64 = 8
    case int8 = 9
    case float64 = 10
    case complex128 = 11
    case uint64 = 12
    case resource = 13
    case variant = 14
    case uint32 = 15
    case uint16 = 16
    case int4 = 17
    case bfloat16 = 18

    /// How such elements are stored here, or nil for a type that no supported operator takes.
    var elementType: ElementType? {
        switch self {
        case .float32: .float32
        case .int32: .int32
        case .uint8: .uint8
        case .int64: .int64
        case .int16: .int16
        case .int8: .int8
        case .float16, .string, .bool, .complex64, .float64, .complex128, .uint64, .resource, .variant, .uint32,
            .uint16,
            .int4, .bfloat16:
            nil
        }
    }
}
