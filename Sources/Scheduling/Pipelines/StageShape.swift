import Tensors
import Workloads

/// A layer as a pipeline stage sees it: the matrix that it multiplies, the vectors of one frame, its window and widths.
struct StageShape: Sendable {
    enum Kind: Sendable {
        /// A matrix times vectors.
        case product
        /// A reduction over a window without weights.
        case pool
        /// Element by element.
        case stream
        /// Work of the processor before or behind the pipeline.
        case host
    }

    var kind: Kind
    /// Outputs of one vector; channels for a pool, elements for a stream.
    var rows = 1
    /// Products of one output.
    var columns = 1
    /// Vectors of one frame.
    var vectors = 1
    /// Matrices of equal shape, one for each group.
    var matrices = 1
    /// Lanes divide this; a stage with a window may also take the whole window at once.
    var lanes = 1
    var weightBits = 0
    var inputBits = 0
    var outputBits = 0
    /// Channels of one input pixel.
    var channels = 1
    var loops: LoopNest
    var isDepthwise = false

    /// `true` where overlapping windows are made from a stream of pixels.
    var hasWindow: Bool {
        kind == .product && (loops.kernelHeight * loops.kernelWidth > 1 || loops.strideHeight * loops.strideWidth > 1)
    }

    /// `true` where rows of pixels are kept for the windows of later rows.
    var hasLines: Bool { kind == .product && loops.kernelHeight * loops.kernelWidth > 1 }

    init(_ operands: LayerOperands) {
        let layer = operands.layer
        loops = layer.loops
        inputBits = operands.inputBits
        outputBits = operands.outputBits
        weightBits = layer.weights?.elementBits ?? operands.inputBits
        kind = .stream
        switch layer.computeClass {
        case .convolution, .fullyConnected: setProduct()
        case .depthwise:
            kind = .product
            isDepthwise = true
            rows = loops.groups * loops.outputChannels
            columns = loops.reductionLength
            lanes = columns
            channels = loops.groups * loops.inputChannels
            vectors = loops.batch * loops.outputHeight * loops.outputWidth
        case .pooling:
            kind = .pool
            rows = loops.groups * loops.outputChannels
        case .elementwise, .dataMovement:
            rows = max(1, operands.outputs.reduce(0) { $0 + $1.shape.elementCount })
        case .transcendental, .free: kind = .host
        }
        if layer.isFloat || (operands.inputs + operands.outputs).contains(where: \.isFloat), kind != .product {
            kind = .host
        }
    }

    private mutating func setProduct() {
        kind = .product
        rows = loops.outputChannels
        columns = loops.reductionLength
        matrices = loops.groups
        vectors = loops.batch * loops.outputHeight * loops.outputWidth
        channels = loops.groups * loops.inputChannels
        lanes = loops.kernelHeight * loops.kernelWidth > 1 ? loops.inputChannels : columns
    }

    /// Input pixels of one frame, padding not counted.
    var inputPixels: Int { loops.batch * loops.inputHeight * loops.inputWidth }

    /// Cycles in which the stage is busy with one frame.
    func interval(elements: Int, lanes: Int) -> Int {
        switch kind {
        case .product:
            let folds = ceiling(rows, elements) * ceiling(columns, lanes)
            return max(vectors * matrices * folds, windowCycles(elements: elements, lanes: lanes))
        case .pool:
            return (inputPixels + loops.batch * loops.outputHeight * loops.outputWidth) * ceiling(rows, elements)
        case .stream: return ceiling(rows, elements)
        case .host: return 0
        }
    }

    /// Cycles of the sliding-window generator: the first rows fill its lines, then each row of outputs takes the longer
    /// of writing its windows and reading the next rows (`Xilinx/finn-hlslib slidingwindow.h`).
    func windowCycles(elements: Int, lanes: Int) -> Int {
        guard hasWindow else { return 0 }
        let width = loops.inputWidth + 2 * loops.paddingLeft
        let words = wordsOfPixel(elements: elements, lanes: lanes)
        let taps = lanes >= columns && !isDepthwise ? 1 : loops.kernelHeight * loops.kernelWidth
        let written = loops.outputWidth * taps * words
        let read = loops.strideHeight * width * words
        return loops.batch
            * (width * loops.kernelHeight * loops.dilationHeight * words + loops.outputHeight * max(written, read))
    }

    /// Words in which a pixel passes the window generator: as wide as the lanes, or the elements of a depthwise layer.
    func wordsOfPixel(elements: Int, lanes: Int) -> Int {
        if isDepthwise { return ceiling(channels, elements) }
        return lanes >= columns ? 1 : ceiling(channels, lanes)
    }
}
