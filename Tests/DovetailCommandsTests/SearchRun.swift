import DovetailCommands
import Foundation

/// A search in a folder of its own, on the small classifier or on the embedded network.
struct SearchRun {
    let scratch: Scratch
    let arguments: [String]

    static let space = Scratch.package.appending(path: "Examples/spaces/small.yaml").path

    /// The small classifier with 24 cases.
    init() throws {
        scratch = try Scratch()
        let labels = (0..<24).map { $0 * 7 % 4 }
        arguments = [
            "search", try SampleNetwork.store(in: scratch), "--device", "unit", "--space", Self.space, "--inputs",
            try scratch.write(SampleNetwork.records(labels), as: "cases.bin"), "--labels",
            try scratch.write(labels.map { "\($0)\n" }.joined(), as: "labels.csv"),
        ]
    }

    /// The embedded network on its first 200 cases.
    init(embeddedOn device: String) throws {
        scratch = try Scratch()
        arguments =
            ["search", Self.embedded("fashion.onnx"), "--device", device, "--space", Self.space] + Self.cases
            + ["--calibrate", Self.embedded("calibration-images-idx3-ubyte.gz")]
    }

    /// The options that name the embedded cases.
    static let cases = [
        "--inputs", embedded("test-images-idx3-ubyte.gz"), "--labels", embedded("test-labels-idx1-ubyte.gz"),
        "--normalize", "scale=1/255", "--limit", "200",
    ]

    private static func embedded(_ name: String) -> String {
        Scratch.package.appending(path: "Traces/networks/fashion/\(name)").path
    }

    var plan: String { scratch.path("plan.json") }

    func run(_ more: [String] = []) -> CommandOutcome {
        Scratch.run(arguments + ["-o", plan] + more)
    }

    func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: scratch.folder.appending(path: name))
    }

    /// The plan as JSON.
    func object() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: bytes("plan.json")) as? [String: Any] ?? [:]
    }
}
