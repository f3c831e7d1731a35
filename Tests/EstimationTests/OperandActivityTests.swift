import Estimation
import Hardware
import Quantities
import Testing
import Workloads

@Suite("Executed operands")
struct OperandActivityTests {
    private func layer(toggles: (Double, Double)?, zeros: Double? = nil) -> WorkloadLayer {
        var layer = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 4).layers[0]
        layer.activationToggles = MeasuredFraction(executed: toggles?.0)
        layer.weightToggles = MeasuredFraction(executed: toggles?.1)
        layer.activationZeros = MeasuredFraction(executed: zeros)
        return layer
    }

    @Test("random bits change nothing, quiet operands and gated zeros save their share")
    func factors() throws {
        #expect(OperandActivity(layer(toggles: nil, zeros: 0.5), gatedBy: [.activations]) == nil)
        let random = try #require(OperandActivity(layer(toggles: (0.5, 0.5)), gatedBy: []))
        #expect(random.changing(products: 1000, weights: 1000, activations: 1000) == 0)
        let quiet = try #require(OperandActivity(layer(toggles: (0.25, 0.5), zeros: 0.5), gatedBy: []))
        #expect(quiet.products == 0.75 && quiet.activations == 0.5 && quiet.weights == 1)
        #expect(quiet.changing(products: 1000, weights: 1000, activations: 1000) == -250 - 500)
        let gated = try #require(OperandActivity(layer(toggles: (0.25, 0.5), zeros: 0.5), gatedBy: [.activations]))
        #expect(gated.products == 0.375)
    }

    @Test("a systolic array tells the assumed and the executed energy side by side, and their sums")
    func array() throws {
        let device = try Profiles.library.device(named: "systolic-16x16-os").subject
        let estimator = try Estimator(device: device, runtime: nil)
        var workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 4)
        let assumed = try estimator.estimate(workload).get()
        #expect(assumed.totals.energy?.executedFemtojoules == nil)
        for (toggles, isLess) in [((0.5, 0.5), false), ((0.2, 0.4), true)] {
            workload.layers[0] = layer(toggles: toggles)
            let executed = try estimator.estimate(workload).get()
            #expect(executed.totals.energyFemtojoules == assumed.totals.energyFemtojoules)
            let told = try #require(executed.totals.energy?.executedFemtojoules)
            #expect(told == executed.layers[0].energy?.executedFemtojoules)
            #expect(isLess ? told < executed.totals.energyFemtojoules ?? 0 : told == executed.totals.energyFemtojoules)
        }
    }

    @Test("fewer bits cost less where the energy follows the width")
    func widths() throws {
        let device = try Profiles.library.device(named: "systolic-16x16-os").subject
        let estimator = try Estimator(device: device, runtime: nil)
        let full = try estimator.estimate(Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 4)).get()
        let narrow = try estimator.estimate(
            Fixtures.convolution(
                size: 6, channels: 2, kernel: 3, filters: 4, weights: Fixtures.weights(72, bits: 4))
        ).get()
        // 16 pixels of 18 products and 4 filters: 1152 products of 0.3 pJ, and with 4-bit weights of 0.2 pJ.
        #expect(full.layers[0].energy?.computeFemtojoules == 1152 * 300)
        #expect(narrow.layers[0].energy?.computeFemtojoules == 1152 * 200)
    }
}
