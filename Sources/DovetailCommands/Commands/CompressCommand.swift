import ArgumentParser
import Compression
import Foundation
import Networks
import Reporting

/// `dovetail compress`: applies a recipe.
struct CompressCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "compress",
        abstract: "Applies a recipe to a network and writes the compressed network.",
        discussion: """
            A recipe is a list of steps in YAML or JSON; 'methods' lists them. The distortion of a layer is the \
            squared error of its weights over their squared length.

            EXAMPLES
              dovetail compress net.onnx --recipe r.yaml --calibrate x.npy -o out.dovetail
              dovetail compress int8.tflite --recipe sparse.yaml -o sparse.dovetail
            """)

    @OptionGroup var net: NetworkArgument

    @Option(help: ArgumentHelp("The recipe, in YAML or JSON.", valueName: "file"))
    var recipe: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The .dovetail folder to write; an older one is replaced.", valueName: "folder"))
    var destination: String

    @OptionGroup var calibration: CalibrationOptions
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let place = try OutputPlace(destination, .folder, replacingFolderWith: CompressedNetworkFiles.networkName)
        let source = try NetworkSource(net.network).simplified()
        let compressed = try calibration.applying(recipe: recipe, to: source.compressed)
        let files = try CompressedNetworkFiles(compressed)
        try place.write(files.network, as: CompressedNetworkFiles.networkName)
        try place.write(files.tensors, as: CompressedNetworkFiles.tensorsName)
        let given = source.compressed.network
        let distortions = given.nodes.compactMap { node in
            compressed.weightDistortion(ofLayer: node.name, against: given).map { (node.name, $0) }
        }
        let report = CompressionReport(
            network: source.name, output: destination, compressed: compressed, before: source.compressed.lowered(),
            after: compressed.lowered(), distortions: Dictionary(distortions, uniquingKeysWith: { first, _ in first }))
        try place.commit()
        return CommandResult(report: report, remarks: compressed.savings)
    }
}
