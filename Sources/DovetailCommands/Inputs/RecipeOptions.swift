import ArgumentParser
import Compression
import Diagnostics
import Execution
import Foundation
import Networks
import Tensors

/// The data on which a recipe observes activations.
struct CalibrationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Inputs on which activations are observed; needed by recipes that quantize a float network.",
            valueName: "file"))
    var calibrate: String?

    @Option(help: ArgumentHelp("How many cases of the calibration file are used, from its start.", valueName: "n"))
    var calibrationCases = 256

    @OptionGroup var normalization: NormalizationOption

    func validate() throws {
        guard calibrationCases > 0 else { throw ValidationError("--calibration-cases must be positive") }
    }

    /// Applies the recipe of a file.
    ///
    /// - Throws: `CommandFailure` or `Diagnostics`, placed in the recipe where they concern it.
    func applying(recipe path: String, to given: CompressedNetwork) throws -> CompressedNetwork {
        let recipe = try RecipeFile(file: path, bytes: try Disk.read(path))
        let observer = try observer(for: given.network)
        return try recipe.steps().enumerated().reduce(given) { compressed, step in
            do {
                return try compressed.applying(step.element, observing: observer)
            } catch let findings as Diagnostics {
                throw Diagnostics(findings.findings.map { recipe.placed($0, ofStep: step.offset) })
            } catch let finding as Diagnostic {
                throw recipe.placed(finding, ofStep: step.offset)
            } catch is MissingCalibration.Failure {
                throw CommandFailure.wrongUsage(
                    "step '\(step.element.entry.step)' observes activations on data: name inputs with --calibrate FILE")
            }
        }
    }

    private func observer(for network: Network) throws -> any ActivationObserver {
        guard let calibrate else { return MissingCalibration() }
        let cases = try CaseFile.open(calibrate, for: network, normalization: try normalization.normalization())
        return CalibrationRuns(
            cases.first(calibrationCases), threads: ProcessInfo.processInfo.activeProcessorCount)
    }
}

/// Stands where no calibration data were given; only recipes that observe nothing get along with it.
private struct MissingCalibration: ActivationObserver {
    struct Failure: Error {}

    func statistics(of network: Network) throws -> ActivationStatistics {
        throw Failure()
    }

    func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws {
        throw Failure()
    }
}
