import Diagnostics
import Foundation
import Networks
import Quantities
import Testing
import Workloads

@Suite("Tables of layers")
struct LayerTableTests {
    private func read(_ text: String) throws -> Workload {
        try WorkloadFormats.standard.read(Data(text.utf8), fileName: "net.csv", named: "net")
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let diagnostics as Diagnostics {
            return diagnostics.findings.map { finding in
                guard case .text(let line, _)? = finding.location?.position else { return finding.message }
                return "net.csv:\(line): \(finding.message)"
            }
        } catch {
            return ["\(error)"]
        }
    }

    private static let heading = """
        layer,class,groups,inputHeight,inputWidth,inputChannels,outputHeight,outputWidth,outputChannels,kernelHeight,\
        kernelWidth,paddingTop,paddingLeft,weightBits,activationBits,deadOutputs,inputs

        """

    @Test("shapes, widths and the graph are as written")
    func aResidualBlock() throws {
        let workload = try read(
            Self.heading + """
                # two convolutions and a sum
                a,convolution,,8,8,3,8,8,16,3,3,1,1,8,8,4,
                b,depthwise,,8,8,16,8,8,16,3,3,1,1,4,8,,
                c,convolution,,8,8,16,8,8,16,1,1,,,8,8,,"b"
                d,elementwise,,8,8,16,8,8,16,1,1,,,,8,,a; c
                """)
        #expect(workload.layers.map(\.macs) == [27 * 16 * 64, 9 * 16 * 64, 256 * 64, 0])
        #expect(workload.layers.map(\.inputs) == [[0], [1], [2], [1, 3]])
        #expect(workload.tensors.map(\.consumers) == [[0], [1, 3], [2], [3], []])
        #expect(workload.tensors.map(\.isOutput) == [false, false, false, false, true])
        #expect(workload.layers.map { $0.weights?.elementBits } == [8, 4, 8, nil])
        #expect(workload.layers[0].weights?.nonzeroElements == 12 * 27)
        #expect(workload.layers.map { $0.liveChannels?.outputs } == [12, 12, 16, 16])
        #expect(workload.layers[2].liveChannels?.inputs == 12)
    }

    @Test("densities: weights behind indices, activations assumed; fractions only")
    func densities() throws {
        let heading = "layer,class,inputChannels,outputChannels,weightBits,weightDensity,activationDensity\n"
        let layers = try read(heading + "a,fullyConnected,100,10,4,0.25,0.4\nb,fullyConnected,10,10,8,1,\n").layers
        let weights = try #require(layers[0].weights)
        #expect(weights.nonzeroElements == 250 && weights.storedEntries == 250)
        #expect(weights.storage == .relativeIndex && weights.encodedSize.count == 250 * 8)
        #expect(layers[0].activationZeros == MeasuredFraction(value: 0.6, origin: .assumed))
        #expect(layers[1].weights?.storage == .dense && layers[1].activationZeros == nil)
        #expect(faults(heading + "a,fullyConnected,100,10,4,1.5,\n").count == 1)
    }

    @Test("a topology of SCALE-Sim: places of the filter without padding, each layer with its own input")
    func aTopology() throws {
        let workload = try read(
            """
            Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,

            Conv1, 224, 224, 11, 11, 3, 96, 4,
            Conv2 ,27 ,27 ,5 ,5 ,96 ,256 ,1 ,#dw
            """)
        #expect(workload.layers.map(\.name) == ["Conv1", "Conv2"])
        // (224 - 11 + 4) / 4 = 54.25: the last place reaches past the edge.
        #expect(workload.layers[0].loops.outputHeight == 55 && workload.layers[1].loops.outputWidth == 23)
        #expect(workload.layers[0].macs == 55 * 55 * 363 * 96)
        #expect(workload.tensors.filter { $0.producer == nil }.count == 2)
    }

    @Test("all faults come at once with their lines")
    func faultsHavePlaces() {
        let found = faults(
            Self.heading + """
                a,convolution,,8,8,3,8,8,sixteen,3,3,,,8,8,,
                b,convolucion,,8,8,16,8,8,16,3,3,,,8,8,,
                c,convolution,3,8,8,16,8,8,16,3,3,,,8,8,,
                d,convolution,,8,8,16,8,8,16,3,3,,,8,8,17,
                e,convolution,,8,8,16,8,8,16,3,3,,,8,8,,nobody
                f,convolution,,1000000,1000000,1000000,8,8,16,3,3,,,8,8,,
                """)
        #expect(found.count == 6)
        for line in 2...7 { #expect(found.contains { $0.hasPrefix("net.csv:\(line):") }, "\(found)") }
        #expect(!faults("").isEmpty && !faults("a,b\n1,2\n").isEmpty && !faults(Self.heading).isEmpty)
        #expect(!faults("layer,class,outputChannels\n\"a,b\n").isEmpty)
    }

    @Test(
        "the topologies of the data kit are read whole",
        .enabled(if: SharedData.isPresent, "no shared data"),
        arguments: [("alexnet", 5), ("Resnet18", 21), ("mobilenet", 27), ("mobilnet_paper", 28)])
    func recordedTopologies(name: String, layers: Int) throws {
        let bytes = try Data(
            contentsOf: SharedData.root.appending(path: "golden/scalesim_topologies/\(name).csv"))
        let workload = try WorkloadFormats.standard.read(bytes, fileName: "\(name).csv", named: name)
        #expect(workload.layers.count == layers)
    }
}
