extension Bytes: ScalarQuantity {
    /// Powers of 1000 without and of 1024 with an `i`.
    public static let units = UnitTable(
        quantity: "memory",
        units: [
            .init("B", 1), .init("bytes", 1, prints: false), .init("kB", 1000, prints: false),
            .init("KB", 1000, prints: false), .init("KiB", 1 << 10), .init("MB", 1_000_000, prints: false),
            .init("MiB", 1 << 20), .init("GB", 1_000_000_000, prints: false), .init("GiB", 1 << 30),
        ], rounds: false)

    public var baseValue: Int { count }

    public init(baseValue: Int) {
        self.init(baseValue)
    }
}

extension Bits: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "bits",
        units: [
            .init("bit", 1), .init("bits", 1, prints: false), .init("Kbit", 1000, prints: false),
            .init("Kibit", 1 << 10), .init("Mbit", 1_000_000, prints: false), .init("Mibit", 1 << 20),
        ], rounds: false)

    public var baseValue: Int { count }

    public init(baseValue: Int) {
        self.init(baseValue)
    }
}

extension Cycles: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "cycles", units: [.init("cycles", 1), .init("cycle", 1, prints: false)], rounds: false)

    public var baseValue: Int { count }

    public init(baseValue: Int) {
        self.init(baseValue)
    }
}

extension CycleCost: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "cycles", units: [.init("cycles", 1000), .init("cycle", 1000, prints: false)], rounds: false)

    public var baseValue: Int { thousandths }

    public init(baseValue: Int) {
        self.init(thousandths: baseValue)
    }
}

extension Energy: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "energy",
        units: [
            .init("fJ", 1), .init("pJ", 1000), .init("nJ", 1_000_000), .init("uJ", 1_000_000_000),
            .init("µJ", 1_000_000_000, prints: false), .init("mJ", 1_000_000_000_000),
            .init("J", 1_000_000_000_000_000),
        ], rounds: true)

    public var baseValue: Int { femtojoules }

    public init(baseValue: Int) {
        self.init(femtojoules: baseValue)
    }
}

extension Power: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "power",
        units: [
            .init("nW", 1), .init("uW", 1000), .init("µW", 1000, prints: false), .init("mW", 1_000_000),
            .init("W", 1_000_000_000),
        ], rounds: true)

    public var baseValue: Int { nanowatts }

    public init(baseValue: Int) {
        self.init(nanowatts: baseValue)
    }
}

extension Voltage: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "voltage", units: [.init("uV", 1), .init("mV", 1000), .init("V", 1_000_000)], rounds: true)

    public var baseValue: Int { microvolts }

    public init(baseValue: Int) {
        self.init(microvolts: baseValue)
    }
}

extension Current: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "current",
        units: [
            .init("nA", 1), .init("uA", 1000), .init("µA", 1000, prints: false), .init("mA", 1_000_000),
            .init("A", 1_000_000_000),
        ], rounds: true)

    public var baseValue: Int { nanoamperes }

    public init(baseValue: Int) {
        self.init(nanoamperes: baseValue)
    }
}

extension Length: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "length", units: [.init("pm", 1), .init("nm", 1000), .init("um", 1_000_000)], rounds: true)

    public var baseValue: Int { picometres }

    public init(baseValue: Int) {
        self.init(picometres: baseValue)
    }
}

extension Frequency: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "frequency",
        units: [.init("Hz", 1), .init("kHz", 1000), .init("MHz", 1_000_000), .init("GHz", 1_000_000_000)],
        rounds: false)

    public var baseValue: Int { hertz }

    public init(baseValue: Int) {
        self.init(hertz: baseValue)
    }
}

extension Seconds: ScalarQuantity {
    public static let units = UnitTable(
        quantity: "time",
        units: [
            .init("ps", 1), .init("ns", 1000), .init("us", 1_000_000), .init("µs", 1_000_000, prints: false),
            .init("ms", 1_000_000_000), .init("s", 1_000_000_000_000),
        ], rounds: true)

    public var baseValue: Int { picoseconds }

    public init(baseValue: Int) {
        self.init(picoseconds: baseValue)
    }
}

extension Bandwidth: Quantity {
    public static let perCycleUnits = UnitTable(
        quantity: "bandwidth", units: [.init("bit/cycle", 125, prints: false), .init("B/cycle", 1000)], rounds: false)

    public static let perSecondUnits = UnitTable(
        quantity: "bandwidth",
        units: [
            .init("B/s", 1), .init("KB/s", 1000), .init("KiB/s", 1 << 10, prints: false), .init("MB/s", 1_000_000),
            .init("MiB/s", 1 << 20, prints: false), .init("GB/s", 1_000_000_000),
            .init("GiB/s", 1 << 30, prints: false),
        ], rounds: false)

    public static var quantityName: String { "bandwidth" }

    public static var unitSymbols: [String] {
        perCycleUnits.symbols + perSecondUnits.symbols
    }

    public static func parse(_ text: String) throws(QuantityError) -> Bandwidth {
        if text.hasSuffix("/cycle") {
            return .perCycle(thousandthBytes: try perCycleUnits.parse(text))
        }
        let all = UnitTable(
            quantity: "bandwidth", units: perSecondUnits.units + perCycleUnits.units, rounds: false)
        return .perSecond(bytes: try all.parse(text))
    }

    public var description: String {
        switch self {
        case .perCycle(let thousandths): Self.perCycleUnits.print(thousandths)
        case .perSecond(let bytes): Self.perSecondUnits.print(bytes)
        }
    }
}
