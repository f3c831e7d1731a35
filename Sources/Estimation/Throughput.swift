/// How many inferences a machine makes that begins one before the last has ended, and what bounds them.
public struct Throughput: Sendable, Hashable, Codable {
    /// What sets the interval between two frames.
    public enum Bound: String, Sendable, Hashable, Codable {
        /// The slowest stage of the pipeline.
        case stage
        /// Frames that pass the port into the machine.
        case inputStream
        /// Results that pass the port out of it.
        case outputStream
    }

    /// Cycles between two frames in the steady state.
    public var intervalCycles: Int
    public var framesPerSecond: Double
    /// `false` when a shorter interval may exist on the same chip: the search for it was cut short.
    public var isProved: Bool
    public var bound: Bound
    /// The layer of the slowest stage, and the cycles that it is busy with one frame.
    public var slowestLayer: String?
    public var slowestStageCycles: Int
    /// Cycles of one frame at the port in, and of its results at the port out.
    public var inputCycles: Int
    public var outputCycles: Int
    /// Energy of one frame in the steady state; nil when the profile states no power.
    public var energyPerFrameJoules: Double?

    /// What binds, in one clause for people, such as `bound by fc0`.
    public var boundText: String {
        let binding =
            switch bound {
            case .stage: "bound by \(slowestLayer ?? "no layer")"
            case .inputStream: "bound by the input stream (the slowest layer takes \(slowestStageCycles))"
            case .outputStream: "bound by the output stream (the slowest layer takes \(slowestStageCycles))"
            }
        return isProved ? binding : binding + "; the search was cut short, a shorter interval may exist"
    }
}
