public import Hardware
import Quantities

/// The devices by name.
public struct DeviceListReport: Report {
    /// One device.
    public struct Entry: Encodable, Sendable {
        struct MemoryEntry: Encodable, Sendable {
            var name: String
            var kind: Memory.Kind
            var sizeBytes: Int
        }

        var name: String
        var summary: String
        var machine: Machine.Kind
        /// The core's name or the array's extents.
        var unit: String?
        var clockHertz: Int
        var memories: [MemoryEntry]
        var runtime: String?
        var hasModel: Bool
        /// Why there is no cost model.
        var refusal: String?

        private let clockText: String
        private let memoryText: String

        public init(_ device: Device, refusal: String?) {
            name = device.name
            summary = device.summary
            machine = device.machine.kind
            clockHertz = device.clock.hertz
            clockText = "\(device.clock)"
            memories = device.memories.map { MemoryEntry(name: $0.name, kind: $0.kind, sizeBytes: $0.size.count) }
            memoryText = device.memories.map { "\($0.name) \($0.size)" }.joined(separator: ", ")
            runtime = device.defaultRuntime
            hasModel = refusal == nil
            self.refusal = refusal
            unit =
                switch device.machine {
                case .processor(let core): core.name
                case .systolicArray(let array): "\(array.rows)x\(array.columns) \(array.dataflow.rawValue)"
                case .sparseArray(let array): "\(array.rows)x\(array.columns) \(array.skipping.rawValue)"
                case .bitSerialArray(let array): "\(array.rows)x\(array.columns)x\(array.lanes)"
                case .spatialArray(let array):
                    switch array.arrangement {
                    case .rowStationary(let grid): "\(grid.rows)x\(grid.columns) rowStationary"
                    case .loopNest(let nest): nest.axes.map { "\($0.size)" }.joined(separator: "x") + " mapped"
                    }
                case .neuralProcessor(let engine): "\(engine.macsPerCycle) products a cycle"
                case .binaryArray(let array): "\(array.elements)x\(array.wordBits)"
                case .programmableLogic: nil
                }
        }

        private enum CodingKeys: String, CodingKey {
            case name, summary, machine, unit, clockHertz, memories, runtime, hasModel, refusal
        }

        var cells: [String] {
            let kind = unit.map { "\(machine.rawValue) (\($0))" } ?? machine.rawValue
            return [name, kind, clockText, hasModel ? "yes" : "no", memoryText]
        }
    }

    public var devices: [Entry]
    /// Names of the runtime libraries.
    public var runtimes: [String]

    public init(devices: [Entry], runtimes: [String]) {
        self.devices = devices
        self.runtimes = runtimes
    }

    public var text: String {
        var table = TextTable([
            .left("device"), .left("machine"), .right("clock"), .left("model"), .left("memories"),
        ])
        for device in devices { table.append(device.cells) }
        return table.text + "\nruntime libraries: \(runtimes.joined(separator: ", "))\n"
    }
}
