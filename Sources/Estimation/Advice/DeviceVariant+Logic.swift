import Hardware
import Quantities

extension DeviceVariant {
    /// A chip with twice of one resource, a wider port, and foldings that a search finds.
    static func logicVariants(of device: Device, _ logic: ProgrammableLogic) -> [DeviceVariant] {
        func variant(_ change: String, _ edit: (inout ProgrammableLogic) -> Void) -> DeviceVariant {
            var other = logic
            edit(&other)
            return DeviceVariant(device, change) { $0.machine = .programmableLogic(other) }
        }
        var variants = [
            variant("twice the lookup tables") {
                $0.lookupTables *= 2
                $0.flipFlops *= 2
            },
            variant("twice the block memories") { $0.blockMemories *= 2 },
            variant("twice the multipliers") { $0.multipliers *= 2 },
        ]
        if !logic.foldings.isEmpty { variants.append(variant("foldings found by search") { $0.foldings = [] }) }
        if let port = logic.port { variants.append(variant("a port twice as wide") { $0.port = Bits(port.count * 2) }) }
        if let rate = logic.inputBandwidth {
            variants.append(variant("twice the input bandwidth") { $0.inputBandwidth = rate.doubled })
        }
        if logic.portLatency > 0 {
            variants.append(variant("frames asked for ahead of time") { $0.portLatency = 0 })
        }
        return variants
    }

    /// More elements, longer words, a larger store, a faster memory.
    static func binaryVariants(of device: Device, _ array: BinaryArray) -> [DeviceVariant] {
        func variant(_ change: String, _ edit: (inout BinaryArray) -> Void) -> DeviceVariant {
            var other = array
            edit(&other)
            return DeviceVariant(device, change) { $0.machine = .binaryArray(other) }
        }
        return [
            variant("twice the elements") { $0.elements *= 2 }, variant("words twice as long") { $0.wordBits *= 2 },
            variant("twice the weight store") { $0.weightStore = Bytes(array.weightStore.count * 2) },
            variant("twice the memory bandwidth") { $0.memoryBandwidth = array.memoryBandwidth.doubled },
        ]
    }
}
