public import Scheduling

/// Why there is no estimate that can be relied on: a normal outcome, with the numbers.
public enum EstimateRefusal: Error, Sendable, Hashable {
    /// The machine runs a runtime library and none was given.
    case needsRuntime(device: String)
    /// The runtime library is known by its measured costs only, and on other cores.
    case notMeasured(runtime: String, core: String, known: [String])
    /// The device's clock or a bandwidth is zero, so that no time can be computed.
    case noRate(device: String, what: String)
    /// The device's profile states no energy facts, and energy is asked for.
    case noEnergy(device: String)
    /// The machine or its runtime cannot run these layers.
    case unsupported([UnsupportedLayer])
    /// A sum exceeds the largest that its whole units hold.
    case beyondMeasure(device: String, what: String)
    /// Contents exceed the memories; the estimate is what it would cost if they did not.
    case doesNotFit([Shortage], Estimate)

    /// One sentence for each reason, without a final full stop.
    public var reasons: [String] {
        switch self {
        case .needsRuntime(let device):
            ["'\(device)' runs a runtime library: name one"]
        case .notMeasured(let runtime, let core, let known):
            ["nothing is known of '\(runtime)' on \(core): it was measured on \(known.joined(separator: ", "))"]
        case .noRate(let device, let what):
            ["'\(device)' has \(what) of zero: no time can be computed"]
        case .noEnergy(let device):
            ["'\(device)' states no energy facts: no energy can be computed"]
        case .beyondMeasure(let device, let what):
            ["\(what) on '\(device)': no estimate can hold it"]
        case .unsupported(let layers):
            layers.map { "layer '\($0.layer)': \($0.reason)" }
        case .doesNotFit(let shortages, let estimate):
            estimate.resources.filter { !$0.fits }.map { resource in
                "\(resource.name) do not fit: \(resource.used) needed, '\(estimate.device)' has \(resource.available)"
            }
                + shortages.map { shortage in
                    let place =
                        shortage.memory.map { "'\($0)' has \(shortage.availableBytes)" } ?? "no memory holds them"
                    return "\(shortage.content) do not fit: \(shortage.neededBytes) bytes needed, \(place)"
                }
        }
    }
}
