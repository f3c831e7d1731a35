import Diagnostics
import Execution
import Foundation
import Networks
import Tensors
import Testing

@Suite struct ArchiveTests {
    /// Written by NumPy's `savez_compressed`: `images`, float32 2x4x3 counting up, and `labels`, int64 3 and 1.
    private static let archive = Data(
        base64Encoded: """
            UEsDBC0AAAAIAAAAIQDjb3VT//////////8KABQAaW1hZ2VzLm5weQEAEADgAAAAAAAAAIcAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWg\
            bpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKJjoKxpo6CrUK5AEuBjBosAcSDkAExA1AvACIDwDxAyBmcGRgEABiBSA2\
            AGIHIA4A4gQgLgDiBiDuAOIJQDwDiBcA8Qog3gDEOxwBUEsDBC0AAAAIAAAAIQCM3jPg//////////8KABQAbGFiZWxzLm5weQEAEACQAAAA\
            AAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALmYG\
            CGCE0gBQSwECLQMtAAAACAAAACEA4291U4cAAADgAAAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2VzLm5weVBLAQItAy0AAAAIAAAAIQCM3jPg\
            SgAAAJAAAAAKAAAAAAAAAAAAAACAAcMAAABsYWJlbHMubnB5UEsFBgAAAAACAAIAcAAAAEkBAAAAAA==
            """)

    private static var network: Network {
        var network = Network(name: "test")
        network.inputs = [network.append(Value(name: "input", shape: [1, 4, 3], elementType: .float32))]
        network.outputs = [network.append(Value(name: "output", shape: [1, 5], elementType: .float32))]
        return network
    }

    @Test func readsArraysAndLabelsOfAnArchive() throws {
        let file = DataFile(try #require(ArchiveTests.archive), name: "cases.npz")
        let cases = try DatasetFormats.standard.read(inputs: file, for: ArchiveTests.network)
        #expect(cases.labels == [3, 1])
        #expect(try cases.case(at: 1) == [Tensor([1, 4, 3], (12..<24).map(Float.init))])
    }

    @Test func damagedArchivesNeverCrash() throws {
        let whole = [UInt8](try #require(ArchiveTests.archive))
        var generator = SplitMix64(seed: 5)
        var refused = 0
        for _ in 0..<5000 {
            var bytes = whole
            if generator.below(4) == 0 { bytes.removeLast(generator.below(bytes.count)) }
            for _ in 0...generator.below(3) where !bytes.isEmpty {
                bytes[generator.below(bytes.count)] = UInt8(generator.below(256))
            }
            do {
                let file = DataFile(Data(bytes), name: "cases.npz")
                let cases = try DatasetFormats.standard.read(inputs: file, for: ArchiveTests.network)
                for index in 0..<cases.count { _ = try cases.case(at: index) }
            } catch let faults as Diagnostics {
                refused += faults.findings.isEmpty ? 0 : 1
            }
        }
        #expect(refused > 1000)
    }

    @Test func impossibleExtentsAreRefused() {
        for shape in [
            "(0, 1099511627776, 1099511627776)", "(1099511627776, 1099511627776)", "(0,)", "(9, 9223372036854775807)",
        ] {
            for order in ["True", "False"] {
                let header = "{'descr': '<f8', 'fortran_order': \(order), 'shape': \(shape), }\n"
                let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
                let file = DataFile(Data(head + Array(header.utf8) + [0, 0, 0, 0]), name: "x.npy")
                #expect(throws: Diagnostics.self) {
                    try DatasetFormats.standard.read(inputs: file, for: ArchiveTests.network)
                }
            }
        }
    }

    @Test func gzipFilesThatAreCutOffAreRefused() throws {
        let whole: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x4c, 0x4a, 6, 0, 0xc2, 0x41, 0x24, 0x35, 3, 0, 0, 0,
        ]
        let network = ArchiveTests.network
        for count in 2..<whole.count {
            #expect(throws: Diagnostics.self) {
                try DatasetFormats.standard.read(
                    inputs: DataFile(Data(whole[..<count]), name: "x.bin.gz"), for: network)
            }
        }
        do {
            _ = try DatasetFormats.standard.read(inputs: DataFile(Data(whole), name: "x.bin.gz"), for: network)
        } catch let faults as Diagnostics {
            #expect(faults.findings.map(\.message) == ["3 bytes are no whole number of records of 48 bytes"])
        }
    }
}
