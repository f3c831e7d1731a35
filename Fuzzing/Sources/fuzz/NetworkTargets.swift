import Compression
import Foundation
import Networks

struct TFLiteTarget: FuzzTarget {
    let name = "tflite"

    func seeds() throws -> [Data] { [Data(SmallModel().bytes)] }

    func read(_ bytes: Data) throws {
        try BoundedRun.run(TFLiteReader().read(bytes, fileName: "fuzzed.tflite"))
    }
}

struct ONNXTarget: FuzzTarget {
    let name = "onnx"

    func seeds() throws -> [Data] { [NetworkSeeds.realONNX, NetworkSeeds.quantizedONNX] }

    func read(_ bytes: Data) throws {
        let network = try ONNXReader().read(bytes, fileName: "fuzzed.onnx")
        try BoundedRun.run(network)
        try BoundedRun.run(network.simplified())
    }
}

/// A `.dovetail` folder in one file: `network.json`, a zero byte, `tensors.safetensors`.
struct DovetailTarget: FuzzTarget {
    let name = "dovetail"

    func seeds() throws -> [Data] {
        let network = try TFLiteReader().read(Data(SmallModel().bytes), fileName: "small.tflite")
        let files = try CompressedNetworkFiles(CompressedNetwork(network))
        return [files.network + [0] + files.tensors]
    }

    func read(_ bytes: Data) throws {
        let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
        let files = CompressedNetworkFiles(network: Data(bytes[..<end]), tensors: Data(bytes[end...].dropFirst()))
        let compressed = try files.compressedNetwork(folder: "fuzzed.dovetail")
        let written = try CompressedNetworkFiles(compressed)
        let again = try CompressedNetworkFiles(written.compressedNetwork(folder: "written.dovetail"))
        precondition(again == written, "written and read, it differs")
        try BoundedRun.run(compressed.network)
    }
}
