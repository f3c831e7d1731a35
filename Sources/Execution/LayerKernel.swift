/// One node of a network, prepared: what it reads besides its inputs is inside.
protocol LayerKernel: Sendable {
    /// Bytes of working memory that a run over `cases` cases needs beside its operands.
    func workspaceBytes(cases: Int) -> Int

    /// Whether a run raises `LayerRun.peak`.
    var measuresPeak: Bool { get }

    /// Computes every element of the outputs.
    func run(_ run: LayerRun) throws
}

extension LayerKernel {
    func workspaceBytes(cases: Int) -> Int { 0 }

    var measuresPeak: Bool { false }
}

/// The operands of a kernel for some cases; each operand holds the tensors of one case after another.
///
/// Operands and workspace start at multiples of 64 bytes and share none.
struct LayerRun {
    /// The node's inputs that are not constants, in order.
    let inputs: [UnsafeRawPointer]
    let outputs: [UnsafeMutableRawPointer]
    let cases: Int
    let workspace: UnsafeMutableRawPointer
    /// Raised to the largest magnitude of a finished sum; nil when nobody asks.
    let peak: UnsafeMutablePointer<Int32>?

    /// The elements of an input.
    func input<Element>(_ index: Int, as type: Element.Type) -> UnsafePointer<Element> {
        inputs[index].assumingMemoryBound(to: type)
    }

    /// The elements of an output.
    func output<Element>(_ index: Int, as type: Element.Type) -> UnsafeMutablePointer<Element> {
        outputs[index].assumingMemoryBound(to: type)
    }
}
