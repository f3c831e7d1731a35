package import Hardware
import Quantities
import Scheduling
package import Workloads

/// One measured network: its work, the waits that the board's parts cause, and the cycles that it took.
package struct MeasuredNetwork: Sendable {
    package var name: String
    /// What is left out together in cross validation.
    package var group: String
    package var library: LibraryOnCore
    package var cycles: Double
    /// Amounts of work of the layers of each main class, by `WorkClass.position`.
    package var parts: [SIMD16<Double>]
    /// Cycles of waiting for the weights of these layers.
    package var stalls: [Double]

    /// - Parameter device: a processor; its first memory that holds weights is taken.
    package init(
        name: String, group: String, library: LibraryOnCore, cycles: Double, workload: Workload, device: Device,
        dropsDeadChannels: Bool
    ) {
        self.name = name
        self.group = group
        self.library = library
        self.cycles = cycles
        parts = [SIMD16<Double>](repeating: .zero, count: WorkClass.allCases.count)
        stalls = [Double](repeating: 0, count: WorkClass.allCases.count)
        let path = device.memories(holding: .weights).first.map { MemoryPath($0, device: device) }
        for index in workload.layers.indices {
            guard let main = workload.layers[index].mainWork else { continue }
            let work = LayerWork(of: workload.operands(ofLayer: index), dropsDeadChannels: dropsDeadChannels)
            parts[main.position] += work.amounts
            guard let path, !path.memory.prefetch, work.weightBytes > 0 else { continue }
            stalls[main.position] += path.streamStall(bytes: Int(work.weightBytes.rounded()), busyCycles: 0)
        }
    }

    var amounts: SIMD16<Double> { parts.reduce(.zero, +) }
    var stall: Double { stalls.reduce(0, +) }
}
