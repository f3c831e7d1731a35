import Estimation
import Foundation
import Hardware
import Scheduling
import Workloads

// Times estimates of ResNet-50 on every shipped device that has a model: one layer costed again, the whole network,
// and the network repeated four times as long. Processor time of this process, the least of several rounds, so that
// other work on the machine does not count. Targets: 2 microseconds a layer and 1000 a network.
// Names of devices given as arguments restrict the run to those.

/// Processor time of this process so far, in microseconds.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) * 1e-3
}

/// Cycles of an estimate, also of one that does not fit the device.
func cycles(_ result: Result<Estimate, EstimateRefusal>) -> Int {
    switch result {
    case .success(let estimate), .failure(.doesNotFit(_, let estimate)): estimate.totals.cycles
    case .failure: 0
    }
}

/// The least processor time of repeated runs, in microseconds.
func least(_ rounds: Int, _ body: () -> Void) -> Double {
    (0..<rounds).reduce(Double.infinity) { best, _ in
        let start = processorTime()
        body()
        return min(best, processorTime() - start)
    }
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
let wanted = CommandLine.arguments.dropFirst()
for name in library.deviceNames where wanted.isEmpty || wanted.contains(name) {
    let device = try library.device(named: name).subject
    let runtime = try device.defaultRuntime.map { try library.runtime(named: $0).subject }
    guard let estimator = try? Estimator(device: device, runtime: runtime) else { continue }
    let placement: Placement
    switch estimator.estimate(network) {
    case .success(let estimate): placement = estimate.schedule.placement
    case .failure(.doesNotFit(_, let estimate)): placement = estimate.schedule.placement
    case .failure: continue
    }
    let layer = least(9) {
        for _ in 0..<20 {
            for layer in operands {
                checksum &+= (try? estimator.cost(of: layer, placement: placement).cycles.total) ?? 0
            }
        }
    }
    let whole = least(9) { checksum &+= cycles(estimator.estimate(network)) }
    let fourfold = least(5) { checksum &+= cycles(estimator.estimate(long)) }
    let perLayer = layer / Double(20 * operands.count)
    print(
        name, estimator.model.name, operands.count, String(format: "%.2f", perLayer), String(format: "%.0f", whole),
        String(format: "%.1f", fourfold / whole), separator: ",")
}
print("checksum \(checksum)")
