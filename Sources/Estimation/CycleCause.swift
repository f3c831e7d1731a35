/// What cycles are spent on; the largest cause of a layer is what binds it.
public enum CycleCause: String, Sendable, Hashable, Codable, CaseIterable {
    /// Multiplying and adding.
    case multiplication
    /// Loads and stores of operands that do not wait.
    case operandTransfer
    /// Bringing packed operands to the width that the machine multiplies.
    case unpacking
    /// Addresses, comparisons and branches of the loops.
    case loopControl
    /// Copying input windows into a patch buffer.
    case gathering
    /// Turning sums into outputs and storing them.
    case requantization
    /// Filling and draining an array between folds.
    case fillDrain
    /// Elements of a machine that wait for the one with the most work.
    case loadImbalance
    /// Elements that stream past the machine without products.
    case elementStream
    /// Waiting for weights from their memory.
    case weightFetch
    /// Waiting for activations from their memory.
    case activationFetch
    /// Waiting for the memory behind on-chip buffers.
    case memoryBandwidth
    /// Calls, rows, descriptors and the runtime itself.
    case overhead

    /// The column of a table that the cause counts in.
    public enum Group: String, Sendable, Hashable, Codable, CaseIterable {
        case compute
        case memoryStall
        case overhead
    }

    public var group: Group {
        switch self {
        case .multiplication, .operandTransfer, .unpacking, .loopControl, .gathering, .requantization, .fillDrain,
            .loadImbalance, .elementStream:
            .compute
        case .weightFetch, .activationFetch, .memoryBandwidth: .memoryStall
        case .overhead: .overhead
        }
    }

    /// A clause for people, such as `bound by waiting for weights`.
    public var text: String {
        switch self {
        case .multiplication: "multiplications"
        case .operandTransfer: "loads and stores of operands"
        case .unpacking: "unpacking of operands"
        case .loopControl: "loop control"
        case .gathering: "gathering of input windows"
        case .requantization: "requantization of outputs"
        case .fillDrain: "filling and draining of the array"
        case .loadImbalance: "waiting for the fullest element"
        case .elementStream: "streaming of elements"
        case .weightFetch: "waiting for weights"
        case .activationFetch: "waiting for activations"
        case .memoryBandwidth: "memory bandwidth"
        case .overhead: "calls and set-up"
        }
    }

    /// What would shorten a layer that this cause binds, in one clause.
    public var remedy: String {
        switch self {
        case .multiplication: "fewer products: prune filters or lower the rank"
        case .operandTransfer: "a kernel with larger register blocks, or fewer products"
        case .unpacking: "a width that the machine multiplies natively"
        case .loopControl: "a kernel with unrolled loops"
        case .gathering: "a 1x1 window, or a kernel that reads windows in place"
        case .requantization: "fewer output elements"
        case .fillDrain: "a smaller array, or a dataflow that suits the shape"
        case .loadImbalance: "zeros spread evenly over the outputs, or deeper queues"
        case .elementStream: "fusing the layer with its neighbour"
        case .weightFetch: "fewer weight bits, or weights in a faster memory"
        case .activationFetch: "fewer activation bits, or a larger cache"
        case .memoryBandwidth: "fewer bits, larger buffers or a wider port"
        case .overhead: "fewer and larger layers"
        }
    }
}
