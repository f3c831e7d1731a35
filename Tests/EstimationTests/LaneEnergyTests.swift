import Estimation
import Hardware
import Quantities
import Testing
import Workloads

@Suite("Energy of lanes")
struct LaneEnergyTests {
    @Test("products of the lanes' widths, by digits; reads of buffers; what passes outside, byte by byte")
    func operations() throws {
        let facts = EnergyFacts(perMac: Energy(femtojoules: 1600))
        let array = LaneLayers.bitSerial(buffer: 1 << 20)
        var device = LaneLayers.device(.bitSerialArray(array), bytesPerCycle: 1 << 20, energy: facts)
        device.memories[0].readEnergyPerBit = EnergyPerBit(attojoules: 8_000_000)
        device.memories.append(Fixtures.memory("weights", .buffer, bytes: 1 << 20, holds: [], energyPerBit: 2))
        let workload = LaneLayers.matrix(outputs: 8, inputs: 16, pixels: 16, weightBits: 4, activationBits: 8)
        let energy = try #require(
            Estimator(device: device, runtime: nil).estimate(workload).get().layers[0].energy)
        // 2048 products of 4 x 8 of 16 x 16 pairs of bits; weights read for two tiles of eight pixels.
        #expect(energy.computeFemtojoules == 2048 * 1600 / 8)
        #expect(energy.sramFemtojoules == 128 * 4 * 2 * 2)
        #expect(energy.dramFemtojoules == (64 + 256 + 128) * 8 * 8000)
    }

    @Test("zeros that are skipped draw nothing; the rail's power follows the time")
    func skipped() throws {
        let array = LaneLayers.sparse(.compressedColumns, columns: 8)
        func energy(_ facts: EnergyFacts, _ density: Double) throws -> (compute: Int, cycles: Int) {
            let device = LaneLayers.device(.sparseArray(array), energy: facts)
            let layer = try Estimator(device: device, runtime: nil).estimate(
                LaneLayers.matrix(outputs: 64, inputs: 1000, activationDensity: density)
            ).get().layers[0]
            return (try #require(layer.energy).computeFemtojoules, layer.cycles.total)
        }
        let table = EnergyFacts(perMac: Energy(femtojoules: 10))
        #expect(try energy(table, 1).compute == 64_000 * 10)
        #expect(try energy(table, 0.25).compute == 16_000 * 10)
        let rail = EnergyFacts(activePower: Power(nanowatts: 1000))
        let run = try energy(rail, 1)
        // A microwatt at a megahertz: a picojoule a cycle.
        #expect(run.compute == run.cycles * 1000)
    }

    @Test("a profile with a process and no energies has energies, and says where from")
    func derived() throws {
        for name in ["scnn", "bit-fusion"] {
            let device = try Profiles.library.device(named: name).subject
            let estimate = try Estimator(device: device, runtime: nil).estimate(
                LaneLayers.convolution(size: 16, channels: 32, kernel: 3, filters: 64)
            ).get()
            #expect(try #require(estimate.totals.energy).computeFemtojoules > 0)
            #expect(estimate.assumptions.contains { $0.contains("scaled to") })
        }
    }
}
