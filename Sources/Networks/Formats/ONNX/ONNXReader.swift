import Diagnostics
public import Foundation
import SwiftProtobuf

/// Reads float, QLinear, QDQ and QONNX networks in the ONNX format.
///
/// QDQ patterns get the meaning that runtimes give them with graph optimizations, that of the QLinear operators; what is
/// left of them, and QONNX, is computed in float32 between the grids.
/// Images become `batch x height x width x channels` inside; graph inputs and outputs keep the order of the file.
public struct ONNXReader: NetworkReader {
    public static let name = "ONNX"

    public init() {}

    public func recognizes(_ bytes: Data, fileName: String) -> Bool {
        fileName.lowercased().hasSuffix(".onnx")
    }

    public func read(_ bytes: Data, fileName: String) throws -> Network {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = ONNXReader.depthLimit
        options.discardUnknownFields = true
        let model: ONNXModel
        do {
            model = try ONNXModel(serializedBytes: bytes, options: options)
        } catch {
            let location = SourceLocation(file: fileName)
            throw Diagnostics([Diagnostic("not an ONNX model: the file cannot be decoded (\(error))", at: location)])
        }
        let network = try ONNXTranslation(fileName: fileName).network(of: model)
            .applying(QuantizationFusion()).applying(WeightDequantization()).applying(ConstantFolding())
            .applying(LayoutCleanup()).compacted()
        try network.verify(file: fileName)
        return network
    }

    /// Nested messages of a model: model, graph, value, type, tensor type, shape, dimension.
    private static let depthLimit = 16
}
