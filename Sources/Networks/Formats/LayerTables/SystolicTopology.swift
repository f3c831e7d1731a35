import Diagnostics
public import Manifests
public import Workloads

/// A topology file of SCALE-Sim: one convolution a row, without padding, `Channels` and `Num Filter` of one product.
///
/// Columns by place: name, input height and width, filter height and width, channels, filters, stride (and a second
/// stride where the file has one). Every layer reads its own input: rows need not fit together. Operands are 8 bits
/// wide, for the file does not say.
public struct SystolicTopology: WorkloadReader {
    public static let name = "SCALE-Sim topology"

    private static let titles = [
        "ifmap height", "ifmap width", "filter height", "filter width", "channels", "num filter", "strides",
    ]
    private static let longest = 65_535

    public init() {}

    public func recognizes(_ heading: [String]) -> Bool {
        heading.count >= 8 && heading[1].lowercased() == Self.titles[0] && heading[6].lowercased() == Self.titles[5]
    }

    public func workload(_ table: DelimitedTable, named name: String) throws -> Workload {
        var chain = WorkloadChain(name: name)
        var findings: [Diagnostic] = []
        for row in table.rows {
            func fault(_ message: String) {
                findings.append(Diagnostic(message, at: table.location(line: row.line)))
            }
            let numbers = row.fields.dropFirst().prefix(Self.titles.count).map { Int($0) ?? 0 }
            guard numbers.count == Self.titles.count, numbers.allSatisfy({ (1...Self.longest).contains($0) }) else {
                fault("a row is a name and seven whole numbers of 1 to \(Self.longest)")
                continue
            }
            var loops = LoopNest()
            (loops.inputHeight, loops.inputWidth) = (numbers[0], numbers[1])
            (loops.kernelHeight, loops.kernelWidth) = (numbers[2], numbers[3])
            (loops.inputChannels, loops.outputChannels) = (numbers[4], numbers[5])
            let second = row.fields.count > 8 ? Int(row.fields[8]) ?? numbers[6] : numbers[6]
            (loops.strideHeight, loops.strideWidth) = (numbers[6], max(1, second))
            loops.outputHeight = Self.outputs(loops.inputHeight, loops.kernelHeight, loops.strideHeight)
            loops.outputWidth = Self.outputs(loops.inputWidth, loops.kernelWidth, loops.strideWidth)
            guard loops.kernelHeight <= loops.inputHeight, loops.kernelWidth <= loops.inputWidth else {
                fault("the filter is larger than its input")
                continue
            }
            var layer = TableLayer(row.fields[0], .convolution, loops)
            layer.weightBits = 8
            if let refusal = chain.append(layer, inputs: .own) { fault(refusal) }
        }
        if table.rows.isEmpty { findings.append(Diagnostic("the table has no layer", at: table.location(line: 1))) }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return chain.workload
    }

    /// Places of the filter, the last of which may reach past the input, as SCALE-Sim counts them.
    private static func outputs(_ input: Int, _ kernel: Int, _ stride: Int) -> Int {
        max(0, input - kernel + 2 * stride - 1) / stride
    }
}
