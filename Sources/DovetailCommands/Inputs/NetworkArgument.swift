import ArgumentParser

/// The argument NET.
struct NetworkArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A network file (.tflite, .onnx), zoo:NAME, a .dovetail folder, a folder of BNN-PYNQ parameters or a plan.",
            valueName: "net"))
    var network: String
}
