import Tensors

/// One operator with the tensors it names: what a translation reads.
struct TFLiteSite {
    let model: TFLiteModel
    let step: TFLiteOperator

    func fault(_ message: String) -> FlatBufferFault {
        FlatBufferFault(message: message, offset: step.offset)
    }

    /// Whether operand `position` is given.
    func has(_ position: Int) -> Bool {
        position < step.inputs.count && step.inputs[position] >= 0
    }

    /// The tensor that is operand `position`.
    func input(_ position: Int) throws(FlatBufferFault) -> TFLiteTensor {
        guard has(position) else { throw fault("operand \(position) is missing") }
        return model.tensors[step.inputs[position]]
    }

    /// The first result; `TFLiteOperator.checkTensors` has made sure that there is one.
    var output: TFLiteTensor { model.tensors[step.outputs[0]] }

    /// The operands at `positions` that are given, by tensor number.
    func operands(_ positions: ClosedRange<Int>) -> [Int] {
        positions.filter(has).map { step.inputs[$0] }
    }

    /// The elements of an operand that must be a constant of int32 or int64.
    func constantIntegers(_ position: Int) throws(FlatBufferFault) -> [Int] {
        let tensor = try input(position)
        guard let constant = try model.constant(tensor) else {
            throw fault("operand \(position) ('\(tensor.name)') must be a constant")
        }
        guard tensor.type == .int32 || tensor.type == .int64, let integers = constant.integers else {
            throw fault("operand \(position) ('\(tensor.name)') must be int32 or int64, it is \(tensor.type)")
        }
        return integers
    }

    /// A number of the builtin options.
    func option<T: FixedWidthInteger>(_ field: Int, _ type: T.Type, default value: T = 0) throws(FlatBufferFault) -> Int
    {
        try step.options?.integer(field, type, default: value) ?? Int(value)
    }

    /// A yes-or-no of the builtin options.
    func flag(_ field: Int) throws(FlatBufferFault) -> Bool {
        try option(field, UInt8.self) != 0
    }

    /// The fused activation in `field` of the builtin options.
    func activation(_ field: Int) throws(FlatBufferFault) -> Activation {
        switch try option(field, Int8.self) {
        case 0: return .none
        case 1: return .relu
        case 2: return .reluN1To1
        case 3: return .relu6
        case 4: throw fault("fused activation TANH is not supported")
        case let code: throw fault("fused activation \(code) is not supported")
        }
    }

    /// Axes given by number, negative ones counted from the end: ascending, each once.
    func axes(_ numbers: [Int], rank: Int) throws(FlatBufferFault) -> [Int] {
        var axes = Set<Int>()
        for number in numbers {
            let axis = number < 0 ? number + rank : number
            guard axis >= 0, axis < rank else { throw fault("there is no axis \(number) in a tensor of rank \(rank)") }
            axes.insert(axis)
        }
        return axes.sorted()
    }
}
