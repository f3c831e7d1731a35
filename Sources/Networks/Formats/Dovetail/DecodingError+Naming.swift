extension DecodingError {
    /// The same fault, told with the name of the value or node in which it lies.
    func inside(_ name: String) -> DecodingError {
        func named(_ context: Context) -> Context {
            Context(
                codingPath: context.codingPath, debugDescription: "'\(name)': \(context.debugDescription)",
                underlyingError: context.underlyingError)
        }
        switch self {
        case .typeMismatch(let type, let context): return .typeMismatch(type, named(context))
        case .valueNotFound(let type, let context): return .valueNotFound(type, named(context))
        case .keyNotFound(let key, let context):
            let missing = Context(codingPath: context.codingPath, debugDescription: "'\(key.stringValue)' is missing")
            return .dataCorrupted(named(missing))
        case .dataCorrupted(let context): return .dataCorrupted(named(context))
        @unknown default: return self
        }
    }
}
