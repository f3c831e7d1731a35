import Networks
import Tensors

/// NPY: one array whose first axis counts cases; elements of the network's own signed type are taken as they are.
struct NPYFormat: DatasetFormat {
    static let name = "NPY"
    static let carriesLabels = false

    func recognizes(_ file: DataFile, for network: Network) -> Bool { NumberArray.isNPY(file) }

    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset {
        let array = try NumberArray.npy(file)
        return try ArrayDataset(
            [array.asCases(for: network, input: 0)], file: file, for: network, normalization: normalization)
    }

    func labels(_ file: DataFile, for network: Network) throws -> [Int]? {
        try NumberArray.npy(file).labels(classes: network.classCount)
    }
}

/// IDX, the format of MNIST: one array whose first axis counts cases.
struct IDXFormat: DatasetFormat {
    static let name = "IDX"
    static let carriesLabels = false

    func recognizes(_ file: DataFile, for network: Network) -> Bool { NumberArray.isIDX(file) }

    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset {
        try ArrayDataset([try NumberArray.idx(file)], file: file, for: network, normalization: normalization)
    }

    func labels(_ file: DataFile, for network: Network) throws -> [Int]? {
        try NumberArray.idx(file).labels(classes: network.classCount)
    }
}

/// NPZ: a zip file of NPY arrays, named after the network's inputs or told apart by their shapes.
struct NPZFormat: DatasetFormat {
    static let name = "NPZ"
    static let carriesLabels = true

    func recognizes(_ file: DataFile, for network: Network) -> Bool { ZipArchive.recognizes(file) }

    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset {
        let members = try arrays(file)
        var chosen: [NumberArray] = []
        for (place, input) in network.inputs.enumerated() {
            let value = network[input]
            let fitting = members.filter { $0.array.elementsPerRecord == value.shape.elementCount }
            guard let array = members.first(where: { $0.name == value.name })?.array ?? fitting.only?.array else {
                throw file.fault(
                    "\(fitting.count) arrays suit input '\(value.name)' of \(value.shape)",
                    fix: "name one of the arrays \(members.map(\.name)) '\(value.name)'")
            }
            chosen.append(try array.asCases(for: network, input: place))
        }
        return try ArrayDataset(chosen, file: file, for: network, normalization: normalization)
    }

    func labels(_ file: DataFile, for network: Network) throws -> [Int]? {
        let members = try arrays(file).filter { $0.array.elementsPerRecord == 1 && $0.array.type.isInteger }
        guard let only = members.only else {
            if members.isEmpty { return nil }
            throw file.fault("several arrays may be the labels: \(members.map(\.name))")
        }
        return try only.array.labels(classes: network.classCount)
    }

    private func arrays(_ file: DataFile) throws -> [(name: String, array: NumberArray)] {
        let archive = try ZipArchive(file)
        return try archive.members.filter { $0.name.hasSuffix(".npy") }.map {
            (String($0.name.dropLast(4)), try NumberArray.npy(try archive.contents($0)))
        }
    }
}

extension Array {
    /// The element of an array that has only one.
    fileprivate var only: Element? { count == 1 ? self[0] : nil }
}

extension NumberArray {
    /// The same array as one case where it has the shape of one input instead of many.
    fileprivate func asCases(for network: Network, input: Int) throws -> NumberArray {
        guard network.inputs.indices.contains(input) else { return self }
        let shape = network[network.inputs[input]].shape
        guard elementsPerRecord != shape.elementCount, count * elementsPerRecord == shape.elementCount else {
            return self
        }
        return try NumberArray(
            file, type, isBigEndian: isBigEndian, count: 1, recordShape: [count] + recordShape, start: start,
            stride: count * stride, elementStrides: [stride] + elementStrides)
    }
}

extension Network {
    /// How many classes a label may name: the elements of the first output.
    var classCount: Int? { outputs.first.map { self[$0].shape.elementCount } }
}
