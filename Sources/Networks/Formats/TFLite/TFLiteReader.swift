import Diagnostics
public import Foundation

/// Reads TensorFlow Lite files: float32 and fully quantized int8 or int16 networks of one main subgraph.
///
/// Operators that no output of the network depends on are left out; the others become nodes named after their schema name
/// and number, such as `conv2d_3`. A value has its tensor's name.
public struct TFLiteReader: NetworkReader {
    public static let name = "TFLite"

    public init() {}

    public func recognizes(_ bytes: Data, fileName: String) -> Bool {
        bytes.count >= 8 && bytes.dropFirst(4).prefix(4).elementsEqual("TFL3".utf8)
    }

    public func read(_ bytes: Data, fileName: String) throws -> Network {
        guard recognizes(bytes, fileName: fileName) else {
            throw Diagnostics([Diagnostic("no TFLite file: the identifier TFL3 is missing", at: fileName, byte: 4)])
        }
        let model: TFLiteModel
        do throws(FlatBufferFault) {
            model = try TFLiteModel(FlatBuffer([UInt8](bytes)), fileName: fileName)
        } catch {
            throw Diagnostics([Diagnostic(error.message, at: fileName, byte: error.offset)])
        }
        var assembly = TFLiteAssembly(model: model, fileName: fileName)
        return try assembly.assemble(.standard)
    }
}
