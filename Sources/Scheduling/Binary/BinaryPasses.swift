import Hardware
import Workloads

/// How the products of a layer run on a binary array: groups of outputs, words of each, and bit planes.
///
/// Each pixel takes `ceil(filters / elements)` passes for each pair of a weight's and an activation's bit plane; a pass
/// takes a cycle for each word of `ceil(window / word bits)` and the array's overhead.
public struct BinaryPasses: Sendable, Hashable, Codable {
    /// Passes of the layer.
    public var passes: Int
    /// Words that each element reads in a pass.
    public var words: Int
    /// Cycles of a pass beyond its words.
    public var overhead: Int

    init(_ loops: LoopNest, weightBits: Int, activationBits: Int, on array: BinaryArray) {
        let pixels = loops.batch * loops.groups * loops.outputHeight * loops.outputWidth
        passes = pixels * ceiling(loops.outputChannels, array.elements) * weightBits * activationBits
        words = ceiling(loops.reductionLength, array.wordBits)
        overhead = array.passOverhead
    }

    /// Cycles in which words are counted.
    public var countedCycles: Int { passes * words }

    /// Cycles in which passes begin and end.
    public var overheadCycles: Int { passes * overhead }
}
