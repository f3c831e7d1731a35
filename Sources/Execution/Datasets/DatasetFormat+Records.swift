import Foundation
import Networks
import Tensors

/// CIFAR binary: records of one or two label bytes (the last one counts) and a 3x32x32 image.
struct CIFARFormat: DatasetFormat {
    static let name = "CIFAR binary"
    static let carriesLabels = true

    private let image = [3, 32, 32]

    func recognizes(_ file: DataFile, for network: Network) -> Bool {
        layout(of: file, for: network) != nil
    }

    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset {
        let labelBytes = layout(of: file, for: network) ?? 1
        let size = labelBytes + 3072
        let array = try NumberArray(
            file, .uint8, count: file.bytes.count / size, recordShape: image, start: labelBytes, stride: size)
        return try ArrayDataset([array], file: file, for: network, normalization: normalization)
    }

    func labels(_ file: DataFile, for network: Network) throws -> [Int]? {
        try labelArray(file, labelBytes: layout(of: file, for: network) ?? 1).labels(classes: network.classCount)
    }

    private func labelArray(_ file: DataFile, labelBytes: Int) throws -> NumberArray {
        let size = labelBytes + 3072
        return try NumberArray(
            file, .uint8, count: file.bytes.count / size, recordShape: [], start: labelBytes - 1, stride: size)
    }

    /// Label bytes of a record, or nil when the file is no whole number of records or its labels are no classes.
    private func layout(of file: DataFile, for network: Network) -> Int? {
        guard network.inputs.count == 1, network[network.inputs[0]].shape.elementCount == 3072 else { return nil }
        let isRaw = file.bytes.count % RawDataset.recordSize(for: network) == 0
        return [1, 2].first { labelBytes in
            guard !file.bytes.isEmpty, file.bytes.count % (labelBytes + 3072) == 0 else { return false }
            if !isRaw { return true }
            return (try? labelArray(file, labelBytes: labelBytes).labels(classes: network.classCount)) != nil
        }
    }
}

/// Raw records: the network's own inputs, little-endian, one case after another.
struct RawFormat: DatasetFormat {
    static let name = "raw records (.bin)"
    static let carriesLabels = false

    func recognizes(_ file: DataFile, for network: Network) -> Bool {
        file.name.lowercased().hasSuffix(".bin")
    }

    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset {
        guard normalization == .identity else {
            throw file.fault("raw records are the network's own numbers and are not normalized")
        }
        return try RawDataset(file, for: network)
    }

    func labels(_ file: DataFile, for network: Network) throws -> [Int]? { nil }
}
