public import Networks

/// The catalog of input and label formats: picks the format by a file's content and reads cases with their labels.
public struct DatasetFormats: Sendable {
    private let formats: [any DatasetFormat]

    /// Every format, one line each, asked in order.
    public static let standard = DatasetFormats(formats: [
        NPYFormat(),
        NPZFormat(),
        IDXFormat(),
        CSVFormat(),
        CIFARFormat(),
        RawFormat(),
    ])

    /// The cases of `inputs` for a network, with the labels of `labels` or those that the inputs carry.
    ///
    /// Numbers of image files are reals of 0 to 255; after normalization they are put on the grid of the network's input if
    /// it has one. Raw records are the network's own elements. Gzip files are read as what they contain.
    /// - Throws: `Diagnostics` when a file is damaged, does not suit the network, or labels and cases differ in number.
    public func read(
        inputs: DataFile, labels: DataFile? = nil, for network: Network, normalization: Normalization = .identity
    ) throws -> LabelledCases {
        let inputs = try inputs.unzipped()
        let format = try format(of: inputs, for: network)
        let cases = try format.cases(inputs, for: network, normalization: normalization)
        guard let source = try labels?.unzipped() else {
            let carried = type(of: format).carriesLabels ? try format.labels(inputs, for: network) : nil
            return LabelledCases(cases, labels: carried?.count == cases.count ? carried : nil)
        }
        guard let found = try self.format(of: source, for: network).labels(source, for: network) else {
            throw source.fault("a file of this format holds no labels")
        }
        guard found.count == cases.count else {
            throw source.fault("\(found.count) labels for the \(cases.count) cases of \(inputs.name)")
        }
        return LabelledCases(cases, labels: found)
    }

    private func format(of file: DataFile, for network: Network) throws -> any DatasetFormat {
        if let format = formats.first(where: { $0.recognizes(file, for: network) }) { return format }
        let names = formats.map { type(of: $0).name }.joined(separator: ", ")
        throw file.fault("not a data file of a known format", fix: "the formats are \(names)")
    }
}
