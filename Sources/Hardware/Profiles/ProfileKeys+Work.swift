extension ProfileKeys {
    /// How a model compares with measurements on the device.
    static let calibration: [ProfileKey] = [
        .init("rows", .integer(1...1_000_000), .required, "Measurements behind the ratios."),
        .init("lowestRatio", .count, .required, "Measured over estimated time: one measurement in ten is below."),
        .init("highestRatio", .count, .required, "Measured over estimated time: one measurement in ten is above."),
        .init("basis", .text, .required, "What the ratios rest on, in one clause."),
    ]

    /// Costs of a runtime library whose loops nobody can read.
    static let work: [ProfileKey] = [
        .init(
            "dropsDeadChannels", .flag, .standard("false"),
            "Whether channels that never change are left out when a network is prepared."),
        .init("cores", .table(coreWork), .required, "Costs by the name of the core, such as `Cortex-M4`."),
    ]

    private static let coreWork: [ProfileKey] = [
        .init(
            "standing", .choice(words(CoreWork.Standing.self)), .required,
            "Whether this version was measured on this core."),
        .init("rows", .integer(0...1_000_000), .required, "Measurements of this version on this core."),
        .init("costs", .section(classes(.cost), extends: nil), .required, "Cycles of one unit of each class of work."),
        .init(
            "spread", .section(classes(.count), extends: nil), .required,
            "Relative standard deviation of the time of layers whose main work is of a class."),
    ]

    private static func classes(_ kind: ProfileKey.Kind) -> [ProfileKey] {
        WorkClass.allCases.map { .init($0.rawValue, kind, .optional, $0.summary) }
    }
}

extension WorkClass {
    /// One sentence for the profile reference.
    var summary: String {
        switch self {
        case .shallow: "A product of a window over fewer than four input channels."
        case .spatial: "A product of a window over four input channels or more."
        case .pointwise: "A product of a 1x1 window."
        case .depthwise: "A product of a window over one channel."
        case .dense: "A product of a fully connected layer."
        case .output: "An output of a layer that multiplies."
        case .element: "An element of a layer that does not multiply."
        case .gathered: "An element of an input window, gathered."
        case .call: "A layer."
        }
    }
}
