import Compression
import FixedPoint
import Foundation
import Networks
import Tensors

/// A small classifier of 4x4 images in four classes, whose answer is the quarter of the image with the largest sum.
enum SampleNetwork {
    static func float() -> Network {
        var network = Network(name: "quarters", runtime: .tflm)
        let input = network.append(Value(name: "image", shape: [1, 4, 4, 1], elementType: .float32))
        let filter = network.append(
            Value(name: "filter", constant: Tensor([4, 2, 2, 1], [Float](repeating: 1, count: 16))))
        let map = network.append(Value(name: "map", shape: [1, 2, 2, 4], elementType: .float32))
        let flat = network.append(Value(name: "flat", shape: [1, 16], elementType: .float32))
        var matrix = [Float](repeating: 0, count: 64)
        for place in 0..<4 {
            for channel in 0..<4 { matrix[place * 16 + place * 4 + channel] = 0.25 + Float(channel) / 16 }
        }
        let weights = network.append(Value(name: "matrix", constant: Tensor([4, 16], matrix)))
        let scores = network.append(Value(name: "scores", shape: [1, 4], elementType: .float32))
        network.inputs = [input]
        network.outputs = [scores]
        let window = Window(strideHeight: 2, strideWidth: 2)
        network.nodes = [
            Node(name: "conv", operation: Convolution2D(window: window), inputs: [input, filter], outputs: [map]),
            Node(name: "flatten", operation: Reshape(shape: [1, 16]), inputs: [map], outputs: [flat]),
            Node(name: "dense", operation: FullyConnected(), inputs: [flat, weights], outputs: [scores]),
        ]
        return network
    }

    /// Writes the network as a `.dovetail` folder and returns its path.
    static func store(_ network: Network = float(), in scratch: Scratch, as name: String = "net.dovetail") throws
        -> String
    {
        let files = try CompressedNetworkFiles(CompressedNetwork(network))
        let folder = scratch.folder.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try files.network.write(to: folder.appending(path: CompressedNetworkFiles.networkName))
        try files.tensors.write(to: folder.appending(path: CompressedNetworkFiles.tensorsName))
        return folder.path
    }

    /// Raw float records, one for each label; the quarter with that number is bright.
    static func records(_ labels: [Int]) -> Data {
        var data = Data()
        for label in labels {
            for place in 0..<16 {
                let quarter = place / 8 * 2 + place % 4 / 2
                let value: Float = quarter == label ? 1 : 0.125
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
        }
        return data
    }
}
