public import ArgumentParser

/// The command `dovetail`: a group of subcommands.
public struct Dovetail: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "dovetail",
        abstract: "Fits a neural network to a device.",
        discussion: """
            Reads a trained network and a profile of the device, compresses the network layer by layer, executes it in \
            the exact arithmetic of the device, and tells what it costs there in time, energy and memory.

            NET is a network file (.tflite, .onnx), zoo:NAME, a .dovetail folder or a plan. Results go to the standard \
            output, everything else to the standard error output. With --format json the standard output holds one \
            JSON object, also when the command fails.

            Exit status: 0 done, 2 cannot be done, 64 wrong usage, 65 bad input, 66 missing file, 70 our own fault.

            EXAMPLES
              dovetail devices list
              dovetail inspect zoo:vgg16
            """,
        version: version,
        subcommands: [
            DevicesCommand.self,
            InspectCommand.self,
            RunCommand.self,
            EstimateCommand.self,
            CompressCommand.self,
            SweepCommand.self,
            AnalyzeCommand.self,
            SearchCommand.self,
            CertifyCommand.self,
            ValidateCommand.self,
            MethodsCommand.self,
        ])

    static let version = "0.1.0"

    public init() {}
}
