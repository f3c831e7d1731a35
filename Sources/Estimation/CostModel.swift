import Hardware
public import Scheduling
public import Workloads

/// Costs layers of one kind of machine; a value made once for a device, then asked many times.
///
/// A model is a pure function of its device and the layer: same inputs, same integers.
public protocol CostModel: Sendable {
    /// The name in outputs, lowerCamelCase.
    var name: String { get }

    /// The scheduler whose forms this model costs.
    var scheduler: Scheduler { get }

    /// Cycles and energy of one layer with its data placed as stated.
    ///
    /// - Throws: `UnsupportedLayer` when the machine cannot run it.
    func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate

    /// Cycles and energy of every layer as scheduled, where neighbours may change what a layer costs.
    ///
    /// - Throws: `UnsupportedLayers` with every layer that the machine cannot run.
    func costs(of workload: Workload, schedule: Schedule) throws(UnsupportedLayers) -> [LayerEstimate]

    /// Inferences in a row, for machines that overlap them; nil for all others.
    func throughput(of workload: Workload, schedule: Schedule) -> Throughput?

    /// Work of the runtime once for each inference.
    var perInference: LayerEstimate { get }

    /// What the model takes for granted about a workload, one sentence each.
    func assumptions(about workload: Workload) -> [String]

    /// How far the sum of these layers may be off.
    func errorBand(for layers: [LayerEstimate]) -> ErrorBand
}

extension CostModel {
    /// The calibration of the device's profile, or no band.
    public func errorBand(for layers: [LayerEstimate]) -> ErrorBand {
        scheduler.device.calibration.map(ErrorBand.init) ?? .uncalibrated
    }
}

extension CostModel {
    /// Every layer alone.
    public func costs(of workload: Workload, schedule: Schedule) throws(UnsupportedLayers) -> [LayerEstimate] {
        var layers: [LayerEstimate] = []
        var unsupported: [UnsupportedLayer] = []
        for index in workload.layers.indices {
            do {
                layers.append(try cost(of: workload.operands(ofLayer: index), placement: schedule.placement))
            } catch {
                unsupported.append(error)
            }
        }
        guard unsupported.isEmpty else { throw UnsupportedLayers(layers: unsupported) }
        return layers
    }

    public func throughput(of workload: Workload, schedule: Schedule) -> Throughput? { nil }
}
