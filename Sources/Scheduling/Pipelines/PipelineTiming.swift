import Workloads

/// When the stages of a pipeline have their first and last output of one frame that enters an empty pipeline.
///
/// A stage starts when the inputs of its first output are there (whole rows of a window; pixels arrive evenly between
/// first and last), works for its interval, and ends no sooner than what depends on its last input takes. Buffers
/// between stages are taken to be deep enough. A product passes a register for each level of its adder tree and three
/// more (read, multiply, accumulate), which is assumed.
public struct PipelineTiming: Sendable, Hashable {
    /// First and last output of a stage, in cycles since the frame's transfer began.
    public struct Span: Sendable, Hashable {
        public var first: Int
        public var last: Int
    }

    /// For each layer of the workload.
    public private(set) var spans: [Span] = []
    /// Cycles of the frame's transfer into the logic.
    public let inputCycles: Int
    /// Cycles of the results' transfer out of it.
    public let outputCycles: Int
    /// The interval of the slowest stage.
    public let slowestStage: Int
    /// Index of the first layer with that interval; nil for a network without stages.
    public let slowestLayer: Int?

    init(_ workload: Workload, stages: [PipelineStage], shapes: [StageShape], transfer: FrameTransfer) {
        inputCycles = transfer.inputCycles
        outputCycles = transfer.outputCycles
        slowestStage = stages.reduce(0) { max($0, $1.interval) }
        let slowest = slowestStage
        slowestLayer = slowest == 0 ? nil : stages.firstIndex { $0.interval == slowest }
        for (index, layer) in workload.layers.enumerated() {
            var arrival = Span(first: 0, last: 0)
            for tensor in layer.inputs {
                let span = workload.tensors[tensor].producer.map { spans[$0] } ?? Span(first: 0, last: inputCycles)
                arrival = Span(first: max(arrival.first, span.first), last: max(arrival.last, span.last))
            }
            spans.append(Self.span(stages[index], shapes[index], arrival))
        }
    }

    /// Cycles between two frames in the steady state: those of the slowest stage or of a port.
    public var interval: Int { max(slowestStage, inputCycles, outputCycles) }

    /// Cycles from the begin of a frame's transfer to the end of its results'.
    public var latency: Int { spans.reduce(inputCycles) { max($0, $1.last) } + outputCycles }

    private static func span(_ stage: PipelineStage, _ shape: StageShape, _ arrival: Span) -> Span {
        let interval = stage.interval
        switch shape.kind {
        case .host: return arrival
        case .stream:
            return Span(first: arrival.first + 1, last: max(arrival.first + interval, arrival.last + 1))
        case .pool:
            let rows = max(1, shape.loops.outputHeight)
            let first = arrival.share(shape.loops.kernelHeight, of: shape.loops.inputHeight)
            let row = max(1, interval / (max(1, shape.loops.inputHeight) + rows))
            return Span(first: first, last: max(arrival.first + interval, arrival.last + row))
        case .product:
            let pass = ceiling(shape.columns, stage.lanes)
            let depth = 3 + Int.bitWidth - max(0, stage.lanes - 1).leadingZeroBitCount
            if shape.loops.kernelHeight * shape.loops.kernelWidth > 1 {
                let needed = max(1, shape.loops.kernelHeight - shape.loops.paddingTop)
                let start = arrival.share(needed, of: shape.loops.inputHeight) + depth
                let row = interval / max(1, shape.loops.outputHeight)
                return Span(first: start + pass, last: max(start + interval, arrival.last + row + depth))
            }
            let vector = interval / max(1, shape.vectors)
            let start = arrival.first + depth
            let isOne = shape.vectors == 1
            return Span(
                first: isOne ? max(start + pass, arrival.last + 1 + depth) : start + pass,
                last: max(start + interval, arrival.last + depth + max(1, vector - pass + 1)))
        }
    }
}

extension PipelineTiming.Span {
    /// When so many rows of all have come.
    fileprivate func share(_ rows: Int, of all: Int) -> Int {
        guard all > 0 else { return last }
        return first + Int(Int128(last - first) * Int128(min(rows, all)) / Int128(all))
    }
}
