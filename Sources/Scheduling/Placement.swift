public import Hardware
import Quantities

/// Which memory of a device holds the weights and which the activations.
public struct Placement: Sendable, Hashable, Codable {
    /// Name of the memory with the weights and parameters; nil on a device without one for them.
    public var weights: String?
    /// Name of the memory with the activations and scratch buffers; nil on a device without one for them.
    public var activations: String?

    public init(weights: String?, activations: String?) {
        self.weights = weights
        self.activations = activations
    }

    /// Each content into the first memory, in the profile's order of preference, that has room for all of it.
    ///
    /// Code is placed first, then weights, then activations. What fits nowhere is placed where most room is left and
    /// reported as a shortage.
    public static func fitting(
        code: Int, weights: Int, activations: Int, on device: Device
    ) -> (placement: Placement, shortages: [Shortage]) {
        var room: [String: Int] = [:]
        for memory in device.memories { room[memory.name] = memory.size.count }
        var shortages: [Shortage] = []
        func place(_ content: Content, _ bytes: Int) -> String? {
            let candidates = homes(of: content, on: device).map(\.name)
            if bytes == 0, candidates.isEmpty { return nil }
            if let name = candidates.first(where: { room[$0, default: 0] >= bytes }) {
                room[name, default: 0] -= bytes
                return name
            }
            let widest = candidates.max { room[$0, default: 0] < room[$1, default: 0] }
            shortages.append(
                Shortage(
                    content: content.rawValue, neededBytes: bytes, availableBytes: widest.map { room[$0] ?? 0 } ?? 0,
                    memory: widest))
            return widest
        }
        if code > 0 { _ = place(.code, code) }
        let weightMemory = place(.weights, weights)
        let activationMemory = place(.activations, activations)
        return (Placement(weights: weightMemory, activations: activationMemory), shortages)
    }

    /// Memories where all of a content may lie: buffers of an array, which hold tiles, only if nothing is behind them.
    private static func homes(of content: Content, on device: Device) -> [Memory] {
        let all = device.memories(holding: content)
        switch device.machine {
        case .systolicArray, .spatialArray, .sparseArray, .bitSerialArray, .binaryArray: break
        case .processor, .neuralProcessor, .programmableLogic: return all
        }
        let behind = all.filter { $0.kind != .buffer }
        return behind.isEmpty ? all : behind
    }
}
