import DovetailCommands
import Foundation
import Testing

@Suite struct UsageTests {
    @Test(
        arguments: [
            (["nosuch"], "nosuch"),
            (["inspect"], "Missing expected argument '<net>'"),
            (["inspect", "zoo:nosuch"], "nosuch"),
            (["inspect", "zoo:vgg16", "--format", "xml"], "xml"),
            (["run", "zoo:vgg16"], "--inputs"),
            (["run", "zoo:vgg16", "--inputs", "x", "--limit", "0"], "--limit must be positive"),
            (["run", "zoo:vgg16", "--inputs", "x", "--threads", "-1"], "--threads"),
            (["run", "zoo:vgg16", "--inputs", "x", "--arithmetic", "fixed"], "arithmetic"),
            (["estimate", "zoo:vgg16"], "--device"),
            (["estimate", "zoo:squeezenet", "--device", "nucleo-l4r5zj"], "did you mean 'nucleo-l4r5zi'?"),
            (["estimate", "zoo:squeezenet", "--device", "unit", "--runtime", "nosuch"], "no runtime library"),
            (["compress", "zoo:vgg16", "-o", "/tmp/x"], "--recipe"),
            (["compress", "zoo:vgg16", "--recipe", "r.yaml", "-o", "/nonexistent/x"], "cannot write"),
            (["compress", "zoo:vgg16", "--recipe", "r.yaml", "-o", ""], "empty"),
            (["devices", "show"], "name"),
            (["devices", "show", "nosuch"], "no device is called 'nosuch'"),
        ] as [([String], String)])
    func wrongUsageIsNamed(_ arguments: [String], _ message: String) {
        let outcome = Scratch.run(arguments)
        #expect(outcome.status == .wrongUsage)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: [
        ["inspect", "/nonexistent/net.tflite"],
        ["inspect", "."],
        ["run", "zoo:squeezenet", "--inputs", "/nonexistent/images.npy"],
        ["compress", "zoo:squeezenet", "--recipe", "/nonexistent/r.yaml", "-o", "/tmp/never.dovetail"],
        ["estimate", "zoo:squeezenet", "--device", "./nonexistent.yaml"],
        ["devices", "check", "/nonexistent.yaml"], ["inspect", "/dev/zero"], ["inspect", "/dev/null"],
        ["devices", "list", "--profiles", "/nonexistent"],
    ])
    func missingFilesAreNamed(_ arguments: [String]) {
        let outcome = Scratch.run(arguments)
        #expect(outcome.status == .missingFile, "\(outcome.errors)")
        #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
    }

    @Test(arguments: [
        [], ["--help"], ["--version"], ["devices", "--help"], ["inspect", "--help"], ["run", "--help"],
        ["estimate", "--help"], ["compress", "--help"], ["methods", "--help"], ["validate", "--help"], ["help", "run"],
    ])
    func helpIsAResult(_ arguments: [String]) {
        let outcome = Scratch.run(arguments)
        #expect(outcome.status == .done)
        #expect(!outcome.output.isEmpty && outcome.errors.isEmpty)
        if arguments.contains("--help") { #expect(outcome.output.contains("EXAMPLES")) }
    }

    @Test func failuresAreObjectsForPrograms() throws {
        let usage = try Scratch.object(Scratch.run(["run", "--format", "json"]))
        #expect(usage["status"] as? String == "wrongUsage")
        #expect(usage["exitStatus"] as? Int == 64)
        let missing = try Scratch.object(Scratch.run(["inspect", "/nonexistent", "--format=json"]))
        #expect(missing["status"] as? String == "missingFile")
        #expect((missing["reasons"] as? [String])?.first?.contains("/nonexistent") == true)
    }
}
