/// One operator of the main subgraph, as the file states it.
struct TFLiteOperator {
    let index: Int
    /// Byte offset in the file.
    let offset: Int
    let code: Int
    /// The name of a custom operator, empty for a builtin one.
    let customName: String
    /// Tensor numbers; -1 for an operand left out.
    let inputs: [Int]
    let outputs: [Int]
    /// The builtin options, if the file has any.
    let options: FlatTable?
    /// The bytes of a custom operator's options; empty if it has none.
    let customOptions: Range<Int>

    init(_ table: FlatTable, index: Int, codes: FlatVector) throws(FlatBufferFault) {
        self.index = index
        offset = table.position
        let codeIndex = try table.integer(TFLiteField.Operator.codeIndex, UInt32.self)
        let entry = try codes.table(codeIndex)
        let deprecated = try entry.integer(TFLiteField.OperatorCode.deprecatedCode, Int8.self)
        code = max(deprecated, try entry.integer(TFLiteField.OperatorCode.code, Int32.self))
        customName = try entry.string(TFLiteField.OperatorCode.customCode) ?? ""
        inputs = try table.integers(TFLiteField.Operator.inputs, Int32.self).map(Int.init)
        outputs = try table.integers(TFLiteField.Operator.outputs, Int32.self).map(Int.init)
        options = try table.table(TFLiteField.Operator.options)
        let custom = try table.vector(TFLiteField.Operator.customOptions, elementSize: 1)
        customOptions = custom.start..<custom.start + custom.count
    }

    /// What the operator is, as translations are looked up; nil for a builtin operator that none can translate.
    var operation: TFLiteOperation? {
        code == TFLiteOperation.customCode
            ? .custom(customName) : TFLiteBuiltin(rawValue: code).map(TFLiteOperation.builtin)
    }

    /// The operator's name in messages.
    var name: String {
        let builtin = TFLiteBuiltin.name(of: code)
        return customName.isEmpty ? builtin : "\(builtin) \(customName)"
    }

    /// The operator's name as a node: its schema name without underscores, or its custom name, and its number.
    var nodeName: String {
        let name = code == TFLiteOperation.customCode ? customName : TFLiteBuiltin.name(of: code)
        return "\(name.lowercased().filter { $0 != "_" })_\(index)"
    }

    /// - Throws: `FlatBufferFault` when an operand is no tensor of the subgraph.
    func checkTensors(count: Int) throws(FlatBufferFault) {
        for tensor in inputs where tensor < -1 || tensor >= count {
            throw FlatBufferFault(message: "it reads tensor \(tensor) of \(count)", offset: offset)
        }
        for tensor in outputs where tensor < 0 || tensor >= count {
            throw FlatBufferFault(message: "it writes tensor \(tensor) of \(count)", offset: offset)
        }
        guard !outputs.isEmpty else { throw FlatBufferFault(message: "it writes nothing", offset: offset) }
    }
}
