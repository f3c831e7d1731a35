/// What a network costs on a device, in the integers that decisions are made with.
public struct CostVector: Sendable, Hashable, Codable {
    public var cycles: Int64
    public var femtojoules: Int64
    public var flashBytes: Int64
    /// Bytes that must be held while each layer of the uncompressed network, or what replaced it, runs.
    public var liveBytes: [Int64]

    public init(cycles: Int64, femtojoules: Int64, flashBytes: Int64, liveBytes: [Int64]) {
        self.cycles = cycles
        self.femtojoules = femtojoules
        self.flashBytes = flashBytes
        self.liveBytes = liveBytes
    }

    /// What `left` costs beyond `right`; both describe the same layers.
    public static func - (left: CostVector, right: CostVector) -> CostVector {
        CostVector(
            cycles: left.cycles - right.cycles, femtojoules: left.femtojoules - right.femtojoules,
            flashBytes: left.flashBytes - right.flashBytes,
            liveBytes: zip(left.liveBytes, right.liveBytes).map { $0 - $1 })
    }
}
