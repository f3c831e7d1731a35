/// Why a text is not a quantity: one sentence that names the text and the units allowed.
public struct QuantityError: Error, Sendable, Hashable, CustomStringConvertible {
    public var message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String {
        message
    }
}
