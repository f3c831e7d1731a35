/// The numbers of a composition that make the elements: an element is one of them, or the sum of several, each with a sign.
///
/// Rounding a number then rounds every element that selects it, so a constant of integers keeps the form of its reals.
public struct StoredNumbers: Sendable, Hashable {
    /// The part that holds them.
    public var part: String
    /// How many are added to make an element.
    public var terms: Int
    /// For each number the one channel whose elements take it; nil where channels share numbers.
    public var channels: [Int]?

    public init(_ part: String, terms: Int = 1, channels: [Int]? = nil) {
        (self.part, self.terms, self.channels) = (part, terms, channels)
    }

    /// Largest integers that a grid leaves free, so that a sum of rounded numbers stays in its range.
    public var spare: Int { terms > 1 ? (terms + 1) / 2 : 0 }
}
