import Estimation
import Foundation
import Hardware
import Scheduling
import Workloads

// Times estimates of ResNet-50 on every shipped device that has a model: one layer costed again, the whole network,
// and the whole network four times as long. Targets: 2 microseconds a layer and 1000 a network on a processor.

func microseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) * 1e-12
}

/// The median of repeated runs, in microseconds.
func median(_ repetitions: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let times = (0..<repetitions).map { _ in microseconds(clock.measure(body)) }
    return times.sorted()[repetitions / 2]
}

let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "HardwareProfiles").resolvingSymlinksInPath()
var profiles: [String: Data] = [:]
for case let file as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init()
where file.pathExtension == "yaml" {
    profiles[String(file.deletingPathExtension().path.dropFirst(root.path.count + 1))] = try Data(contentsOf: file)
}
let library = ProfileLibrary(profiles: profiles)
let network = ResidualNetwork(copies: 1).workload
let long = ResidualNetwork(copies: 4).workload
let operands = network.layers.indices.map { network.operands(ofLayer: $0) }
var checksum = 0

print("device,model,layers,layerMicroseconds,networkMicroseconds,fourfoldRatio")
for name in library.deviceNames {
    let device = try library.device(named: name).subject
    let runtime = try device.defaultRuntime.map { try library.runtime(named: $0).subject }
    guard let estimator = try? Estimator(device: device, runtime: runtime) else { continue }
    let placement: Placement
    switch estimator.estimate(network) {
    case .success(let estimate): placement = estimate.schedule.placement
    case .failure(.doesNotFit(_, let estimate)): placement = estimate.schedule.placement
    case .failure: continue
    }
    let layer = median(9) {
        for _ in 0..<20 {
            for layer in operands {
                checksum &+= (try? estimator.cost(of: layer, placement: placement).cycles.total) ?? 0
            }
        }
    }
    let whole = median(15) {
        if case .success(let value) = estimator.estimate(network) { checksum &+= value.totals.cycles }
    }
    let fourfold = median(7) {
        if case .success(let value) = estimator.estimate(long) { checksum &+= value.totals.cycles }
    }
    let perLayer = layer / Double(20 * operands.count)
    print(
        name, estimator.model.name, operands.count, String(format: "%.2f", perLayer), String(format: "%.0f", whole),
        String(format: "%.1f", fourfold / whole), separator: ",")
}
print("checksum \(checksum)")
