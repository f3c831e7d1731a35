extension Diagnostic {
    /// The fault that a JSON decoder met, placed by the path of keys that leads to it.
    ///
    /// - Parameter file: the name of the document as the user wrote it.
    public init(_ error: DecodingError, file: String) {
        let (path, message): ([any CodingKey], String) =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context.codingPath, context.debugDescription)
            case .keyNotFound(let key, let context): (context.codingPath, "'\(key.stringValue)' is missing")
            @unknown default: ([], "the document cannot be decoded")
            }
        let place = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        let position = place.isEmpty ? SourceLocation.Position.whole : .part(String(place.drop { $0 == "." }))
        self.init(message, at: SourceLocation(file: file, position: position))
    }
}
