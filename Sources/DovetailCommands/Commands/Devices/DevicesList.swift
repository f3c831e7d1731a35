import ArgumentParser
import Diagnostics
import Estimation
import Hardware
import Reporting

/// `dovetail devices list`.
struct DevicesList: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the devices by name.",
        discussion: """
            A device without a cost model can be checked and shown; 'estimate' and 'search' refuse it.

            EXAMPLES
              dovetail devices list
              dovetail devices list --profiles ./my-profiles --format json
            """)

    @OptionGroup var profiles: ProfileOptions
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let shelf = try profiles.shelf(in: surroundings)
        var devices: [DeviceListReport.Entry] = []
        var findings: [Diagnostic] = []
        var sources: [String: String] = [:]
        for name in shelf.library.deviceNames {
            do {
                let device = try shelf.device(named: name).subject
                devices.append(DeviceListReport.Entry(device, refusal: refusal(of: device, on: shelf)))
            } catch let faults as SourcedFindings {
                findings += faults.findings.findings
                sources.merge(faults.sources) { first, _ in first }
            }
        }
        guard findings.isEmpty else { throw SourcedFindings(findings: Diagnostics(findings), sources: sources) }
        return CommandResult(report: DeviceListReport(devices: devices, runtimes: shelf.library.runtimeNames))
    }

    /// Why the device has no cost model, or nil if it has one.
    private func refusal(of device: Device, on shelf: ProfileShelf) -> String? {
        do {
            let runtime = try device.defaultRuntime.map { try shelf.runtime(named: $0).subject }
            _ = try CostModelCatalog.model(for: device, runtime: runtime)
            return nil
        } catch let refusal as EstimateRefusal {
            return refusal.reasons.joined(separator: "; ")
        } catch {
            return "its runtime library '\(device.defaultRuntime ?? "")' cannot be read"
        }
    }
}
