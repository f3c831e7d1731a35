public import Estimation
public import Foundation
import Scheduling

/// An estimate as a trace of what each unit does when, in the trace event format that Chrome and Perfetto open.
///
/// Layers follow one another, each on the tracks of its units: the machine (computation, then calls and set-up), the
/// memory (transfers, hidden behind computation or not), the waits of the machine. The machine's slices and its waits
/// together last as long as the inference. Within a layer a model knows sums only, so that interleaved work is drawn as
/// one slice. Where layers run at the same time, each has a track of its own from the start.
public struct Timeline: Encodable, Sendable {
    /// One slice, or the name of a track.
    public struct Event: Encodable, Sendable, Hashable {
        public var name: String
        public var category: String
        /// `X` for a slice, `M` for the name of a process or track.
        public var phase: String
        /// Microseconds from the start of the inference.
        public var start: Double
        /// Microseconds.
        public var duration: Double
        public var track: Int
        public var arguments: [String: String]

        private enum CodingKeys: String, CodingKey {
            case name
            case category = "cat"
            case phase = "ph"
            case start = "ts"
            case duration = "dur"
            case process = "pid"
            case track = "tid"
            case arguments = "args"
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(category, forKey: .category)
            try container.encode(phase, forKey: .phase)
            try container.encode(start, forKey: .start)
            try container.encode(duration, forKey: .duration)
            try container.encode(1, forKey: .process)
            try container.encode(track, forKey: .track)
            try container.encode(arguments, forKey: .arguments)
        }
    }

    /// The tracks of an inference whose layers follow one another.
    public enum Unit: Int, Sendable, CaseIterable {
        case layer = 1
        case machine
        case memory
        case waits

        var name: String {
            switch self {
            case .layer: "layers"
            case .machine: "compute"
            case .memory: "memory transfers (DMA)"
            case .waits: "stalls"
            }
        }
    }

    /// Names of tracks first, then slices by their start.
    public let events: [Event]

    private enum CodingKeys: String, CodingKey {
        case events = "traceEvents"
        case displayTimeUnit
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("ms", forKey: .displayTimeUnit)
        try container.encode(events, forKey: .events)
    }

    /// One JSON object.
    ///
    /// - Throws: `EncodingError` when a time is not finite.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

extension Timeline {
    public init(_ estimate: Estimate) {
        let all = estimate.layers + [estimate.perInference]
        let cycles = estimate.totals.cycles
        let scale = cycles > 0 ? estimate.totals.latencySeconds * 1e6 / Double(cycles) : 0
        let isSequence = all.reduce(0) { $0 + $1.cycles.total } == cycles
        let names =
            isSequence
            ? Unit.allCases.map { ($0.rawValue, $0.name) } : all.enumerated().map { ($0 + 1, $1.name) }
        let tracks = names.map { track, name in Event(nameOf: "thread_name", name, track: track) }
        let slices = isSequence ? Self.sequence(all, scale) : Self.stages(all, scale, limit: cycles)
        let process = Event(nameOf: "process_name", estimate.device, track: 0)
        events = [process] + tracks + slices.sorted { ($0.start, $0.track) < ($1.start, $1.track) }
    }

    private static func sequence(_ layers: [LayerEstimate], _ scale: Double) -> [Event] {
        var events: [Event] = []
        var clock = 0
        for layer in layers where layer.cycles.total > 0 {
            let (compute, rest) = (layer.cycles[.compute], layer.cycles[CycleCause.Group.overhead])
            let (stall, end) = (layer.cycles[.memoryStall], clock + layer.cycles.total)
            let slices: [(Unit, String, Int, Int)] = [
                (.layer, layer.name, clock, layer.cycles.total), (.machine, layer.name, clock, compute),
                (.machine, "\(layer.name): calls and set-up", clock + compute, rest),
                (.memory, layer.name, end - layer.transferCycles, layer.transferCycles),
                (.waits, layer.name, end - stall, stall),
            ]
            for (unit, name, start, cycles) in slices where cycles > 0 {
                events.append(
                    Event(
                        name: name, category: unit.name, phase: "X", start: Double(start) * scale,
                        duration: Double(cycles) * scale, track: unit.rawValue,
                        arguments: [
                            "cycles": "\(cycles)", "kernel": layer.kernel, "boundBy": layer.bound?.text ?? "nothing",
                        ]))
            }
            clock = end
        }
        return events
    }

    private static func stages(_ layers: [LayerEstimate], _ scale: Double, limit: Int) -> [Event] {
        layers.enumerated().filter { $1.cycles.total > 0 }.map { index, layer in
            Event(
                name: layer.name, category: "stage", phase: "X", start: 0,
                duration: Double(min(layer.cycles.total, limit)) * scale, track: index + 1,
                arguments: ["cycles": "\(layer.cycles.total)", "kernel": layer.kernel])
        }
    }
}

extension Timeline.Event {
    fileprivate init(nameOf kind: String, _ name: String, track: Int) {
        self.init(
            name: kind, category: "__metadata", phase: "M", start: 0, duration: 0, track: track,
            arguments: ["name": name])
    }
}
