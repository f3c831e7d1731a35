import Compression
import DovetailCommands
import Foundation
import Networks
import Tensors
import Testing

@Suite struct RunTests {
    @Test func countsRightAnswersAndWritesRecords() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1, 2, 3, 3]), as: "cases.bin")
        let labels = try scratch.write("label\n0\n1\n2\n3\n0\n", as: "labels.csv")
        var objects: [[String: Any]] = []
        for threads in ["1", "2"] {
            let outcome = Scratch.run([
                "run", net, "--inputs", inputs, "--labels", labels, "--outputs", scratch.path("scores\(threads).bin"),
                "--trace", scratch.path("trace\(threads)"), "--threads", threads, "--format", "json",
            ])
            try #require(outcome.status == .done, "\(outcome.errors)")
            objects.append(try Scratch.object(outcome))
        }
        let accuracy = try #require(objects[0]["accuracy"] as? [String: Any])
        #expect(accuracy["correct"] as? Int == 4)
        #expect(accuracy["total"] as? Int == 5)
        #expect(objects[0]["inferences"] as? Int == 5)
        #expect(objects[0]["outputDigest"] as? String == objects[1]["outputDigest"] as? String)
        #expect(objects[0]["events"] is [String: Any])
        let scores = try Data(contentsOf: scratch.folder.appending(path: "scores1.bin"))
        #expect(scores.count == 5 * 4 * 4)
        #expect(try scores == Data(contentsOf: scratch.folder.appending(path: "scores2.bin")))
        let trace = try Data(contentsOf: scratch.folder.appending(path: "trace1/0003-scores.bin"))
        #expect(trace == scores)
    }

    /// The network runs, and the layers whose constants hold no numbers are named.
    @Test func weightsThatAreNoNumbersAreWarnedOf() throws {
        let scratch = try Scratch()
        var network = SampleNetwork.float()
        let weights = try #require(network.nodes[2].weights)
        var reals = network[weights].reals.map { Float($0) }
        (reals[7], reals[9]) = (.nan, .infinity)
        network[weights].constant = Tensor([4, 16], reals)
        let net = try SampleNetwork.store(network, in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1]), as: "cases.bin")
        let outcome = Scratch.run(["run", net, "--inputs", inputs, "--format", "json"])
        #expect(outcome.status == .done)
        let warning = "warning: layer 'dense': element 7 of constant 'matrix' is nan"
        #expect(outcome.errors.contains(net) && outcome.errors.contains(warning))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        let sound = Scratch.run(["run", try SampleNetwork.store(in: scratch, as: "sound"), "--inputs", inputs])
        #expect(sound.status == .done && !sound.errors.contains("warning"))
    }

    @Test func limitTakesTheFirstCases() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1, 2]), as: "cases.bin")
        let outcome = Scratch.run(["run", net, "--inputs", inputs, "--limit", "2"])
        #expect(outcome.status == .done && outcome.output.contains("inferences  2"))
    }

    @Test func aFailedRunLeavesNothing() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1]), as: "cases.bin")
        let short = try scratch.write(SampleNetwork.records([0]).dropLast(3), as: "short.bin")
        let labels = try scratch.write("0\n1\n2\n", as: "labels.csv")
        let before = scratch.contents
        for arguments in [["--inputs", short], ["--inputs", inputs, "--labels", labels]] {
            let outcome = Scratch.run(
                ["run", net, "--outputs", scratch.path("o.bin"), "--trace", scratch.path("t")] + arguments)
            #expect(outcome.status == .badInput, "\(outcome.errors)")
            #expect(scratch.contents == before)
        }
    }

    @Test func aLabelFileOfTheWrongLengthIsRefusedWithBothNumbers() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0, 1]), as: "cases.bin")
        let labels = try scratch.write("0\n1\n2\n", as: "labels.csv")
        let outcome = Scratch.run(["run", net, "--inputs", inputs, "--labels", labels])
        #expect(outcome.errors.contains("3 labels for the 2 cases"), "\(outcome.errors)")
    }

    @Test func allFaultsOfANormalizationAreReportedWithACaret() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0]), as: "cases.bin")
        let outcome = Scratch.run(["run", net, "--inputs", inputs, "--normalize", "scale=1/0 men=3"])
        #expect(outcome.status == .badInput)
        #expect(outcome.errors.contains("--normalize:1:1: error"), "\(outcome.errors)")
        #expect(outcome.errors.contains("--normalize:1:11: error") && outcome.errors.contains("^"))
    }

    @Test func foldersWithOtherFilesAreNotReplaced() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0]), as: "cases.bin")
        let outcome = Scratch.run(["run", net, "--inputs", inputs, "--trace", scratch.folder.path])
        #expect(outcome.status == .wrongUsage && outcome.errors.contains("would be lost"))
    }

    @Test func arithmeticMustSuitTheNetwork() throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0]), as: "cases.bin")
        for (name, message) in [("tflm", "computes in reals"), ("larq", "need not be named")] {
            let outcome = Scratch.run(["run", net, "--inputs", inputs, "--arithmetic", name])
            #expect(outcome.status == .wrongUsage && outcome.errors.contains(message), "\(outcome.errors)")
        }
    }

    @Test(arguments: ["network.json", "tensors.safetensors"])
    func truncatedNetworksAreRefusedWithTheirPlace(_ file: String) throws {
        let scratch = try Scratch()
        let net = try SampleNetwork.store(in: scratch)
        let inputs = try scratch.write(SampleNetwork.records([0]), as: "cases.bin")
        let place = scratch.folder.appending(path: "net.dovetail/\(file)")
        try Data(contentsOf: place).dropLast(40).write(to: place)
        let outcome = Scratch.run(["run", net, "--inputs", inputs])
        #expect(outcome.status == .badInput)
        #expect(outcome.errors.contains(file), "\(outcome.errors)")
    }

    @Test func theEmbeddedNetworkIsExecuted() throws {
        let folder = Scratch.package.appending(path: "Traces/networks/fashion").path
        let outcome = Scratch.run([
            "run", "\(folder)/fashion.onnx", "--inputs", "\(folder)/test-images-idx3-ubyte.gz", "--labels",
            "\(folder)/test-labels-idx1-ubyte.gz", "--normalize", "scale=1/255", "--limit", "100", "--format", "json",
        ])
        try #require(outcome.status == .done, "\(outcome.errors)")
        let accuracy = try #require(try Scratch.object(outcome)["accuracy"] as? [String: Any])
        #expect(accuracy["correct"] as? Int ?? 0 > 85)
    }
}
