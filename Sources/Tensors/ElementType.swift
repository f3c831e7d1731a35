/// How an element of a tensor is stored in memory while the tool works on it.
public enum ElementType: String, Sendable, Hashable, Codable, CaseIterable {
    case float32
    case int8
    case uint8
    case int16
    case int32
    case int64

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16: 2
        case .float32, .int32: 4
        case .int64: 8
        }
    }
}
