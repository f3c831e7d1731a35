public import Quantities

/// Elements that each count the equal bits of two words in a cycle, and add the count to an own sum.
public struct BinaryArray: Sendable, Hashable, Codable {
    /// Elements, each with the sum of one output.
    public var elements: Int
    /// Bits of a word: products of an element in a cycle.
    public var wordBits: Int
    /// Widest weight; wider than 1 bit runs bit plane by bit plane.
    public var weightBits: Int
    /// Widest activation; wider than 1 bit runs bit plane by bit plane.
    public var activationBits: Int
    /// Width of an element's sum.
    public var accumulatorBits: Int
    /// Cycles of one pass of the elements over their words, beyond a cycle a word.
    public var passOverhead: Int
    /// Store for the weights of one layer.
    public var weightStore: Bytes
    /// Rate of the memory behind the array.
    public var memoryBandwidth: Bandwidth

    public init(
        elements: Int, wordBits: Int, weightBits: Int, activationBits: Int, accumulatorBits: Int, passOverhead: Int,
        weightStore: Bytes, memoryBandwidth: Bandwidth
    ) {
        self.elements = elements
        self.wordBits = wordBits
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.accumulatorBits = accumulatorBits
        self.passOverhead = passOverhead
        self.weightStore = weightStore
        self.memoryBandwidth = memoryBandwidth
    }
}
