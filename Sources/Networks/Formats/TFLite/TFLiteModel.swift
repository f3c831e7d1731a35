import Diagnostics

/// The parts of a TFLite file that make up its main subgraph, as the file states them.
struct TFLiteModel {
    let buffer: FlatBuffer
    var buffers: FlatVector
    var tensors: [TFLiteTensor] = []
    var operators: [TFLiteOperator] = []
    var inputs: [Int] = []
    var outputs: [Int] = []
    /// Constants of storage types: the tensor that a DEQUANTIZE writes, and the constant that it reads.
    var dequantized: [Int: Int] = [:]
    /// Faults of single tensors and operators.
    var findings: [Diagnostic] = []

    /// - Throws: `FlatBufferFault` when the file's frame is broken; faults of parts go to `findings`.
    init(_ buffer: FlatBuffer, fileName: String) throws(FlatBufferFault) {
        self.buffer = buffer
        let model = try buffer.table(at: try buffer.target(at: 0))
        let version = try model.integer(TFLiteField.Model.version, UInt32.self)
        guard version == 3 else {
            throw FlatBufferFault(message: "TFLite schema version \(version) where 3 is read", offset: model.position)
        }
        buffers = try model.tables(TFLiteField.Model.buffers)
        let subgraphs = try model.tables(TFLiteField.Model.subgraphs)
        guard subgraphs.count > 0 else {
            throw FlatBufferFault(message: "the file has no subgraph", offset: model.position)
        }
        let subgraph = try subgraphs.table(0)
        inputs = try subgraph.integers(TFLiteField.Subgraph.inputs, Int32.self).map(Int.init)
        outputs = try subgraph.integers(TFLiteField.Subgraph.outputs, Int32.self).map(Int.init)
        let tables = try subgraph.tables(TFLiteField.Subgraph.tensors)
        try buffer.charge(4 * tables.count, at: tables.start)
        for index in 0..<tables.count {
            do {
                tensors.append(try TFLiteTensor(try tables.table(index), index: index))
            } catch {
                let name = (try? tables.table(index).string(TFLiteField.Tensor.name)) ?? ""
                let place = name.isEmpty ? "tensor \(index)" : "tensor \(index) ('\(name)')"
                findings.append(Diagnostic("\(place): \(error.message)", at: fileName, byte: error.offset))
                tensors.append(TFLiteTensor(broken: index))
            }
        }
        try readOperators(of: subgraph, codes: try model.tables(TFLiteField.Model.operatorCodes), fileName: fileName)
        foldDequantizedConstants()
        unpackBinaryTensors()
    }

    /// Takes DEQUANTIZE operators of constants out of the operators: float16 weights, or int8 ones used as reals.
    private mutating func foldDequantizedConstants() {
        var kept = operators
        kept.removeAll { step in
            guard step.code == TFLiteBuiltin.dequantize.rawValue, let source = step.inputs.first, source >= 0,
                let target = step.outputs.first, !outputs.contains(target), !inputs.contains(source),
                tensors[target].type == .float32, tensors[target].shape == tensors[source].shape,
                let range = try? data(of: tensors[source]), !range.isEmpty
            else { return false }
            dequantized[target] = source
            return true
        }
        operators = kept
    }

    private mutating func readOperators(
        of subgraph: FlatTable, codes: FlatVector, fileName: String
    ) throws(FlatBufferFault) {
        let tables = try subgraph.tables(TFLiteField.Subgraph.operators)
        for index in 0..<tables.count {
            do {
                let step = try TFLiteOperator(try tables.table(index), index: index, codes: codes)
                try step.checkTensors(count: tensors.count)
                operators.append(step)
            } catch {
                let message = "subgraph 0, operator \(index): \(error.message)"
                findings.append(Diagnostic(message, at: fileName, byte: error.offset))
            }
        }
        for tensor in inputs + outputs where !tensors.indices.contains(tensor) {
            throw FlatBufferFault(
                message: "the subgraph names tensor \(tensor) of \(tensors.count)", offset: subgraph.position)
        }
    }

    /// The bytes of a constant tensor; empty when the file gives it no elements.
    func data(of tensor: TFLiteTensor) throws(FlatBufferFault) -> Range<Int> {
        let tensor = dequantized[tensor.index].map { tensors[$0] } ?? tensor
        guard tensor.buffer > 0 else { return 0..<0 }
        guard tensor.buffer < buffers.count else {
            throw FlatBufferFault(message: "buffer \(tensor.buffer) of \(buffers.count)", offset: tensor.offset)
        }
        let table = try buffers.table(tensor.buffer)
        let start = try table.integer(TFLiteField.Buffer.offset, UInt64.self)
        if start > 1 {
            let count = try table.integer(TFLiteField.Buffer.size, UInt64.self)
            guard start <= buffer.bytes.count, count <= buffer.bytes.count - start else {
                throw FlatBufferFault(
                    message: "\(count) bytes at \(start) lie beyond the end of the file", offset: table.position)
            }
            return start..<start + count
        }
        let vector = try table.vector(TFLiteField.Buffer.data, elementSize: 1)
        return vector.start..<vector.start + vector.count
    }
}

extension Diagnostic {
    /// A fault at a byte of a binary file.
    init(_ message: String, at fileName: String, byte offset: Int) {
        self.init(message, at: SourceLocation(file: fileName, position: .byte(offset: max(0, offset))))
    }
}
