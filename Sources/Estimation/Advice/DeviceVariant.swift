import Hardware
import Quantities
import Scheduling

/// A device that differs in one attribute from the one at hand.
struct DeviceVariant: Sendable {
    /// The difference, a clause.
    var change: String
    var device: Device

    /// Every change that a machine of this kind knows.
    static func all(of device: Device, placement: Placement) -> [DeviceVariant] {
        let used = [placement.weights, placement.activations].compactMap(\.self)
        let memories = device.memories.indices.filter { used.contains(device.memories[$0].name) }
            .flatMap { memoryVariants(of: device, at: $0) }
        let caches = device.caches.indices.filter { device.caches[$0].side != .instruction }.map { index in
            DeviceVariant(device, "twice the cache '\(device.caches[index].name)'") {
                $0.caches[index].size = Bytes($0.caches[index].size.count * 2)
                $0.caches[index].ways *= 2
            }
        }
        var known = Set<String>()
        return (memories + caches + machineVariants(of: device)).filter { known.insert($0.change).inserted }
    }

    init(_ device: Device, _ change: String, _ edit: (inout Device) -> Void) {
        self.change = change
        self.device = device
        edit(&self.device)
    }

    private static func memoryVariants(of device: Device, at index: Int) -> [DeviceVariant] {
        let memory = device.memories[index]
        var variants: [DeviceVariant] = []
        if memory.bandwidth == nil {
            variants.append(
                DeviceVariant(device, "a port of '\(memory.name)' twice as wide, \(Bits(memory.busWidth.count * 2))") {
                    $0.memories[index].busWidth = Bits(memory.busWidth.count * 2)
                    $0.memories[index].lineSize = Bytes(memory.lineSize.count * 2)
                })
        }
        if let rate = memory.bandwidth {
            variants.append(
                DeviceVariant(device, "twice the bandwidth of '\(memory.name)'") {
                    $0.memories[index].bandwidth = rate.doubled
                })
        }
        if memory.waitStates > 0 {
            variants.append(
                DeviceVariant(device, "'\(memory.name)' without wait states") { $0.memories[index].waitStates = 0 })
        }
        if !memory.prefetch {
            variants.append(
                DeviceVariant(device, "prefetch of the next line of '\(memory.name)'") {
                    $0.memories[index].prefetch = true
                })
        }
        return variants
    }

    private static func machineVariants(of device: Device) -> [DeviceVariant] {
        switch device.machine {
        case .processor(let core):
            var wider = core
            wider.issueWidth += 1
            wider.memoryPorts += 1
            wider.multiplyUnits += 1
            return [
                DeviceVariant(device, "a core that starts \(wider.issueWidth) instructions a cycle") {
                    $0.machine = .processor(wider)
                }
            ]
        case .systolicArray(let array): return arrayVariants(of: device, array)
        case .neuralProcessor(let engine):
            var wider = engine
            wider.macsPerCycle *= 2
            return [DeviceVariant(device, "twice the multipliers") { $0.machine = .neuralProcessor(wider) }]
        case .sparseArray(let array): return laneVariants(of: device) + sparseVariants(of: device, array)
        case .bitSerialArray(let array): return laneVariants(of: device) + bitSerialVariants(of: device, array)
        case .binaryArray(let array): return binaryVariants(of: device, array)
        case .programmableLogic(let logic): return logicVariants(of: device, logic)
        case .spatialArray(let array): return spatialVariants(of: device, array)
        }
    }

    private static func arrayVariants(of device: Device, _ array: SystolicArray) -> [DeviceVariant] {
        func variant(_ change: String, _ edit: (inout SystolicArray) -> Void) -> DeviceVariant {
            var other = array
            edit(&other)
            return DeviceVariant(device, change) { $0.machine = .systolicArray(other) }
        }
        let dataflows = SystolicArray.Dataflow.allCases.filter { $0 != array.dataflow }.map { dataflow in
            variant("the dataflow \(dataflow.rawValue)") { $0.dataflow = dataflow }
        }
        return dataflows + [
            variant("twice the memory bandwidth") { $0.memoryBandwidth = array.memoryBandwidth.doubled },
            variant("half the memory latency") { $0.memoryLatency /= 2 },
            variant("twice the input buffer") { $0.ifmapBuffer = Bytes(array.ifmapBuffer.count * 2) },
            variant("twice the filter buffer") { $0.filterBuffer = Bytes(array.filterBuffer.count * 2) },
            variant("twice the output buffer") { $0.ofmapBuffer = Bytes(array.ofmapBuffer.count * 2) },
            variant("twice the rows") { $0.rows *= 2 },
            variant("twice the columns") { $0.columns *= 2 },
            variant("half the rows and twice the columns") {
                ($0.rows, $0.columns) = (max(1, $0.rows / 2), $0.columns * 2)
            },
            variant("twice the rows and half the columns") {
                ($0.rows, $0.columns) = ($0.rows * 2, max(1, $0.columns / 2))
            },
        ]
    }
}

extension DeviceVariant {
    fileprivate static func sparseVariants(of device: Device, _ array: SparseArray) -> [DeviceVariant] {
        func variant(_ change: String, _ edit: (inout SparseArray) -> Void) -> DeviceVariant {
            var other = array
            edit(&other)
            return DeviceVariant(device, change) { $0.machine = .sparseArray(other) }
        }
        return [
            variant("twice the rows") { $0.rows *= 2 },
            variant("twice the columns") { $0.columns *= 2 },
            variant("twice the queue of activations") { $0.queueDepth *= 2 },
            variant("twice the banks of sums") { $0.accumulatorBanks *= 2 },
            variant("twice the weight buffer") { $0.weightBuffer = Bytes($0.weightBuffer.count * 2) },
            variant("twice the activation buffer") { $0.activationBuffer = Bytes($0.activationBuffer.count * 2) },
        ]
    }

    fileprivate static func bitSerialVariants(of device: Device, _ array: BitSerialArray) -> [DeviceVariant] {
        func variant(_ change: String, _ edit: (inout BitSerialArray) -> Void) -> DeviceVariant {
            var other = array
            edit(&other)
            return DeviceVariant(device, change) { $0.machine = .bitSerialArray(other) }
        }
        return [
            variant("twice the rows") { $0.rows *= 2 },
            variant("twice the columns") { $0.columns *= 2 },
            variant("twice the lanes") { ($0.lanes, $0.signLanes) = ($0.lanes * 2, $0.signLanes * 2) },
            variant("half the latency of a tile") { $0.latency /= 2 },
            variant("twice the weight buffer") { $0.weightBuffer = Bytes($0.weightBuffer.count * 2) },
            variant("twice the activation buffer") { $0.activationBuffer = Bytes($0.activationBuffer.count * 2) },
        ]
    }
}

extension Bandwidth {
    /// Twice this rate.
    var doubled: Bandwidth {
        switch self {
        case .perCycle(let thousandths): .perCycle(thousandthBytes: thousandths * 2)
        case .perSecond(let bytes): .perSecond(bytes: bytes * 2)
        }
    }
}
