import Foundation
import Hardware
import Scheduling
import Testing

/// Blocks and cycles of single operations, equal to what Vela 5.2.0 printed for the same shapes.
@Suite struct BlockFactsTests {
    private static let library: ProfileLibrary = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "HardwareProfiles").resolvingSymlinksInPath()
        var profiles: [String: Data] = [:]
        for part in ["chips/ethos-u"]
            + ["u55-32", "u55-64", "u55-128", "u55-256", "u65-256", "u65-512"].map({
                "accelerators/ethos-\($0)"
            })
        {
            profiles[part] = try? Data(contentsOf: folder.appending(path: part + ".yaml"))
        }
        return ProfileLibrary(profiles: profiles)
    }()

    private func engine(_ name: String) throws -> NeuralProcessor {
        guard case .neuralProcessor(let engine) = try BlockFactsTests.library.device(named: name).subject.machine else {
            throw CocoaError(.coderValueNotFound)
        }
        return engine
    }

    @Test func thereAreFactsForEveryAccelerator() {
        #expect(BlockFact.all.count > 200)
        #expect(Set(BlockFact.all.map(\.accelerator)).count == 6)
    }

    @Test func blocksAreTheVendors() throws {
        for fact in BlockFact.all {
            let found = BlockSearch(fact.operation, on: try engine(fact.accelerator)).configuration()
            #expect(found == fact.blocks, "line \(fact.line): \(fact.operation)")
        }
    }

    @Test func cyclesAreTheVendors() throws {
        for fact in BlockFact.all {
            let cycles = BlockTiming(try engine(fact.accelerator)).cycles(fact.operation, fact.blocks, fact.places)
                .total
            #expect(cycles == fact.cycles, "line \(fact.line): \(fact.operation)")
        }
    }
}
