import DovetailCommands
import Foundation
import Testing

/// Folders of BNN-PYNQ parameters as NET.
@Suite struct ParameterFolderTests {
    private static let data = Scratch.package.deletingLastPathComponent().appending(path: "shared/data")
        .resolvingSymlinksInPath()
    private static let isPresent = FileManager.default.fileExists(
        atPath: data.appending(path: "models/bnn-pynq/lfcW1A1").path)

    @Test(.enabled(if: isPresent, "the data kit is absent"))
    func runsOnPixelsByBothReadings() throws {
        let folder = Self.data.appending(path: "models/bnn-pynq/lfcW1A1").path
        var digests: [String] = []
        for net in [folder, "bnn-pynq:above:\(folder)", "bnn-pynq:at-least:\(folder)"] {
            let outcome = Scratch.run([
                "run", net, "--inputs", Self.data.appending(path: "mnist/test-images-0-5999-idx3-ubyte.gz").path,
                "--labels", Self.data.appending(path: "mnist/test-labels-0-5999-idx1-ubyte.gz").path, "--limit", "100",
                "--format", "json",
            ])
            try #require(outcome.status == .done, "\(outcome.errors)")
            let object = try Scratch.object(outcome)
            let accuracy = try #require(object["accuracy"] as? [String: Any])
            #expect(try #require(accuracy["correct"] as? Int) >= 95)
            digests.append(try #require(object["outputDigest"] as? String))
        }
        #expect(digests[0] == digests[1] && digests[0] != digests[2])
    }

    @Test func foldersOfOtherKindsAreRefusedByName() throws {
        let scratch = try Scratch()
        let inputs = try scratch.write(Data(count: 784), as: "cases.bin")
        try scratch.write(Data(count: 8), as: "0-0-weights.bin")
        let unnamed = Scratch.run(["run", scratch.folder.path, "--inputs", inputs])
        #expect(unnamed.status == .badInput && unnamed.errors.contains("lfcW1A1"), "\(unnamed.errors)")
        let convention = Scratch.run(["run", "bnn-pynq:equal:\(scratch.folder.path)", "--inputs", inputs])
        #expect(convention.status == .wrongUsage && convention.errors.contains("bnn-pynq:at-least:FOLDER"))
        let missing = Scratch.run(["run", "bnn-pynq:above:/nowhere", "--inputs", inputs])
        #expect(missing.status == .missingFile && missing.errors.contains("0-0-weights.bin"))
    }
}
