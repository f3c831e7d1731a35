import FixedPoint
import Networks
import Tensors

/// An input or output of a network as runs need it.
struct Port: Sendable {
    let id: ValueID
    let value: Value
    /// Bytes of the elements as the tool stores them.
    let bytes: Int
    /// Which numbers an input may hold; nil when its stored type holds no others.
    let strictFormat: NumberFormat?

    init(_ id: ValueID, in network: Network) {
        self.id = id
        value = network[id]
        bytes = value.storedBytes
        let format = value.quantization?.format
        strictFormat = format.flatMap { Port.fills($0, network[id].elementType) ? nil : $0 }
    }

    /// Whether every stored integer is an element of the format.
    private static func fills(_ format: NumberFormat, _ type: ElementType) -> Bool {
        switch format.encoding {
        case .twosComplement: type != .uint8 && format.bits >= type.byteCount * 8
        case .unsigned: type == .uint8 && format.bits >= 8
        case .symmetric, .bipolar, .ternary: false
        }
    }
}
