/// One key of a profile: the single declaration that the checker, the JSON Schema and the reference page share.
public struct ProfileKey: Sendable {
    /// What happens when the resolved profile does not hold the key.
    public enum Presence: Sendable {
        /// It is a fault.
        case required
        /// The fact is unknown.
        case optional
        /// The value written here holds.
        case standard(String)
    }

    public var name: String
    public var kind: Kind
    public var presence: Presence
    /// One sentence for people.
    public var summary: String

    /// The form of a key's value.
    public indirect enum Kind: Sendable {
        case text
        case flag
        case choice([String])
        /// Some of the words given.
        case choices([String])
        /// Names of other entries.
        case names
        case integer(ClosedRange<Int>)
        /// Whole numbers from one to another, `1..8`, inside bounds.
        case range(ClosedRange<Int>)
        case count
        case cycles
        case cost
        case bytes
        case bits
        case frequency
        case bandwidth
        case power
        case energy
        case energyPerBit
        case voltage
        case current
        case length
        /// A mapping with keys of its own; with `extends`, it may start from a file of that layer.
        case section([ProfileKey], extends: ProfileLayer?)
        /// A mapping from names that the user chooses to sections.
        case table([ProfileKey])
    }

    init(_ name: String, _ kind: Kind, _ presence: Presence = .required, _ summary: String) {
        self.name = name
        self.kind = kind
        self.presence = presence
        self.summary = summary
    }
}

/// The layer that a profile file describes.
public enum ProfileLayer: String, Sendable, Hashable, Codable, CaseIterable {
    case core
    case chip
    case board
    case accelerator
    case runtime

    /// The folder of shipped profiles of this layer.
    public var folder: String {
        rawValue + "s"
    }

    /// `true` for layers that are a part of a device and need not hold every key.
    public var isPart: Bool {
        switch self {
        case .core, .chip: true
        case .board, .accelerator, .runtime: false
        }
    }

    /// The keys of a file of this layer.
    public var keys: [ProfileKey] {
        switch self {
        case .core: ProfileKeys.core
        case .chip, .board, .accelerator: ProfileKeys.device
        case .runtime: ProfileKeys.runtime
        }
    }

    /// Layers whose files a file of this layer may extend.
    public var bases: [ProfileLayer] {
        switch self {
        case .core: [.core]
        case .chip: [.chip]
        case .board: [.board, .chip]
        case .accelerator: [.accelerator, .chip]
        case .runtime: [.runtime]
        }
    }
}

extension ProfileKey.Kind {
    /// `true` for numbers, which need a source.
    var isNumber: Bool {
        switch self {
        case .text, .flag, .choice, .choices, .names, .section, .table: false
        case .integer, .range, .count, .cycles, .cost, .bytes, .bits, .frequency, .bandwidth, .power, .energy,
            .energyPerBit, .voltage, .current, .length:
            true
        }
    }
}
