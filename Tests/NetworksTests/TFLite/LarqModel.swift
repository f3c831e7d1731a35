/// A file of Larq Compute Engine: signs of an image, a binary convolution, and what may follow it.
struct LarqModel {
    enum Output: CaseIterable {
        case real
        /// int8 with the scale 0.75 and the zero point 3.
        case byte
        case signs
    }

    var image: [Int]
    var filters: [Int]
    /// Input channels of a group, of which `filters` has words.
    var depth: Int
    var groups = 1
    var strides = (height: 1, width: 1)
    var dilations = (height: 1, width: 1)
    var isSame = true
    var padValue = 0
    var activation = 0
    var output = Output.real
    /// Written by name, as older converters did.
    var namesChoices = false
    var outputExtents = (height: 1, width: 1)

    /// A bit for each weight, `[output][row][column][channel]`; 1 stands for -1.
    var bits: [Bool]
    var multipliers: [Float]
    var biases: [Float]
    var thresholds: [Int32]

    static let scale: Float = 0.75
    static let zeroPoint = 3

    private static func words(_ channels: Int) -> Int32 { Int32((channels + 31) / 32) }

    private var packedFilters: [UInt8] {
        var packed: [Int32] = []
        for row in 0..<bits.count / depth {
            for first in stride(from: 0, to: depth, by: 32) {
                var word: UInt32 = 0
                for bit in 0..<min(32, depth - first) where bits[row * depth + first + bit] { word |= 1 << UInt32(bit) }
                packed.append(Int32(bitPattern: word))
            }
        }
        return packed.flatMap(FlatBytes.littleEndian)
    }

    private static func tensor(
        _ name: String, _ shape: [Int32], type: Int8, buffer: Int32 = 0, isQuantized: Bool = false
    ) -> [Int: FlatBytes.Field] {
        var fields: [Int: FlatBytes.Field] = [
            0: .ints(shape), 1: .int8(type), 2: .int32(buffer), 3: .string(name),
        ]
        if isQuantized {
            fields[4] = .table([2: .floats([Self.scale]), 3: .longs([Int64(Self.zeroPoint)])])
        }
        return fields
    }

    /// The file; results of signs are turned into reals behind the convolution.
    var bytes: [UInt8] {
        let channels = depth * groups
        let extents = image.map(Int32.init)
        let result = [extents[0], Int32(outputExtents.height), Int32(outputExtents.width)]
        let count = Int32(filters[0])
        var tensors = [
            Self.tensor("image", extents + [Int32(channels)], type: 0),
            Self.tensor("signs", extents + [Self.words(channels)], type: 2),
            Self.tensor("filters", filters.prefix(3).map(Int32.init) + [Self.words(depth)], type: 2, buffer: 1),
            Self.tensor("multipliers", [count], type: 0, buffer: 2), Self.tensor("biases", [count], type: 0, buffer: 3),
            Self.tensor("thresholds", [count], type: 2, buffer: 4),
        ]
        var steps: [Step] = [
            (0, [0], [1], []), (1, output == .signs ? [1, 2, -1, -1, 5] : [1, 2, 3, 4, -1], [6], options),
        ]
        switch output {
        case .real: tensors.append(Self.tensor("result", result + [count], type: 0))
        case .byte: tensors.append(Self.tensor("result", result + [count], type: 9, isQuantized: true))
        case .signs:
            tensors.append(Self.tensor("bits", result + [Self.words(filters[0])], type: 2))
            tensors.append(Self.tensor("result", result + [count], type: 0))
            steps.append((2, [6], [7], []))
        }
        let buffers: [[UInt8]] = [
            [], packedFilters, multipliers.flatMap { FlatBytes.littleEndian($0.bitPattern) },
            biases.flatMap { FlatBytes.littleEndian($0.bitPattern) }, thresholds.flatMap(FlatBytes.littleEndian),
        ]
        return Self.file(["LceQuantize", "LceBconv2d", "LceDequantize"], tensors, steps, buffers: buffers)
    }

    private typealias Step = (code: Int32, inputs: [Int32], outputs: [Int32], options: [UInt8])

    /// A file whose input is the first tensor, and whose output is the last.
    private static func file(
        _ names: [String], _ tensors: [[Int: FlatBytes.Field]], _ steps: [Step], buffers: [[UInt8]]
    ) -> [UInt8] {
        let operators = steps.map { step -> [Int: FlatBytes.Field] in
            [0: .int32(step.code), 1: .ints(step.inputs), 2: .ints(step.outputs), 5: .bytes(step.options)]
        }
        let subgraph: [Int: FlatBytes.Field] = [
            0: .tables(tensors), 1: .ints([0]), 2: .ints([Int32(tensors.count - 1)]), 3: .tables(operators),
        ]
        return FlatBytes.file(
            root: [
                0: .int32(3), 1: .tables(names.map { [0: .int8(32), 1: .string($0), 3: .int32(32)] }),
                2: .tables([subgraph]), 4: .tables(buffers.map { $0.isEmpty ? [:] : [0: .bytes($0)] }),
            ], identifier: "TFL3")
    }

    /// Signs of an image of int8 around 3, their largest under windows of 2 x 2 with SAME padding, and int8 of scale 0.75.
    static func pool(height: Int, width: Int, channels: Int) -> [UInt8] {
        let (rows, columns) = (Int32(height + 1) / 2, Int32(width + 1) / 2)
        let tensors = [
            tensor("image", [1, Int32(height), Int32(width), Int32(channels)], type: 9, isQuantized: true),
            tensor("signs", [1, Int32(height), Int32(width), words(channels)], type: 2),
            tensor("pooled", [1, rows, columns, words(channels)], type: 2),
            tensor("result", [1, rows, columns, Int32(channels)], type: 9, isQuantized: true),
        ]
        let options = FlexBytesWriter.map([
            ("filter_height", .integer(2)), ("filter_width", .integer(2)), ("padding", .integer(0)),
            ("stride_height", .integer(2)), ("stride_width", .integer(2)),
        ])
        return file(
            ["LceQuantize", "LceBMaxPool2d", "LceDequantize"], tensors,
            [(0, [0], [1], []), (1, [1], [2], options), (2, [2], [3], [])], buffers: [[]])
    }

    private var options: [UInt8] {
        var values: [(String, FlexBytesWriter.Value)] = [
            ("channels_in", .integer(depth * groups)), ("dilation_height_factor", .integer(dilations.height)),
            ("dilation_width_factor", .integer(dilations.width)), ("fused_activation_function", .integer(activation)),
            ("pad_values", .integer(padValue)), ("padding", .integer(isSame ? 0 : 1)),
            ("stride_height", .integer(strides.height)), ("stride_width", .integer(strides.width)),
        ]
        if namesChoices {
            values[3].1 = .word(["NONE", "RELU", "RELU_N1_TO_1", "RELU6"][activation])
            values[5].1 = .word(isSame ? "SAME" : "VALID")
        }
        return FlexBytesWriter.map(values)
    }
}

/// Writes FlexBuffers maps for tests, every number in two bytes.
enum FlexBytesWriter {
    enum Value {
        case integer(Int)
        case word(String)
    }

    /// - Parameter values: in the order of their names.
    static func map(_ values: [(String, Value)]) -> [UInt8] {
        var bytes: [UInt8] = []
        func text(_ text: String, isKey: Bool) -> Int {
            if !isKey { bytes += FlatBytes.littleEndian(UInt16(text.utf8.count)) }
            let place = bytes.count
            bytes += Array(text.utf8) + [0]
            return place
        }
        let keys = values.map { text($0.0, isKey: true) }
        let words = values.map { value -> Int? in
            if case .word(let word) = value.1 { text(word, isKey: false) } else { nil }
        }
        if bytes.count % 2 == 1 { bytes.append(0) }
        func offset(to place: Int) { bytes += FlatBytes.littleEndian(UInt16(bytes.count - place)) }
        bytes += FlatBytes.littleEndian(UInt16(values.count))
        let keyVector = bytes.count
        for key in keys { offset(to: key) }
        offset(to: keyVector)
        bytes += FlatBytes.littleEndian(UInt16(2)) + FlatBytes.littleEndian(UInt16(values.count))
        let start = bytes.count
        for (index, value) in values.enumerated() {
            if let word = words[index] { offset(to: word) }
            if case .integer(let number) = value.1 { bytes += FlatBytes.littleEndian(Int16(number)) }
        }
        for word in words { bytes.append(word == nil ? 1 << 2 | 1 : 5 << 2 | 1) }
        offset(to: start)
        return bytes + [9 << 2 | 1, 2]
    }
}
