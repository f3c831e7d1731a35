import Diagnostics
import Estimation
import Foundation
import Hardware
import Quantities
import Scheduling
import Testing
import Workloads

@Suite("Bad inputs for processors")
struct RefusalTests {
    private let library = Profiles.library

    private func refusal(_ device: String, _ runtime: String, _ workload: Workload) throws -> EstimateRefusal? {
        let device = try library.device(named: device).subject
        let runtime = try library.runtime(named: runtime).subject
        do {
            _ = try Estimator(device: device, runtime: runtime).estimate(workload).get()
            return nil
        } catch {
            return error
        }
    }

    @Test("a width without a compute path is refused with the layer, the runtime and the width")
    func width() throws {
        let weights = Fixtures.convolution(
            size: 6, channels: 2, kernel: 3, filters: 5, weights: Fixtures.weights(90, bits: 4))
        let refusal = try refusal("esp32-s3-devkit", "esp-nn", weights)
        #expect(refusal?.reasons == ["layer 'conv': esp-nn has no convolution kernel for 4-bit weights"])
        let activations = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5, activationBits: 16)
        let wide = try self.refusal("gapuino", "pulp-nn", activations)
        #expect(wide?.reasons == ["layer 'conv': pulp-nn has no convolution kernel for 16-bit activations"])
    }

    @Test("a runtime on a core that lacks its instructions is refused with their names")
    func instructions() throws {
        let workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        let refusal = try refusal("nucleo-l4r5zi", "pulp-nn", workload)
        #expect(
            refusal?.reasons == [
                "layer 'conv': Cortex-M4 lacks instructions that pulp-nn needs: quadMultiplyAccumulate"
            ])
    }

    @Test("an operator that a runtime does not have is refused")
    func missingOperator() throws {
        var workload = Fixtures.convolution(size: 6, channels: 2, kernel: 3, filters: 5)
        workload.layers[0].computeClass = .pooling
        let device = Fixtures.device(.processor(Fixtures.core()))
        let result = try Estimator(device: device, runtime: Fixtures.runtime([Fixtures.kernel()])).estimate(workload)
        let layer = UnsupportedLayer(layer: "conv", reason: "bench runtime has no pooling kernel")
        #expect(result == .failure(.unsupported([layer])))
    }

    @Test("a memory or a clock without a rate is refused by name", arguments: ["raspberry-pi-4", "esp32-s3-devkit"])
    func rates(name: String) throws {
        var device = try library.device(named: name).subject
        let runtime = try library.runtime(named: try #require(device.defaultRuntime)).subject
        let last = device.memories.count - 1
        device.memories[last].bandwidth = .perSecond(bytes: 0)
        #expect(throws: EstimateRefusal.noRate(device: name, what: "a memory bandwidth")) {
            try Estimator(device: device, runtime: runtime)
        }
        device.clock = Frequency(hertz: 0)
        #expect(throws: EstimateRefusal.noRate(device: name, what: "a clock")) {
            try Estimator(device: device, runtime: runtime)
        }
    }

    @Test("a board and a runtime that extend each other in a circle are reported with the circle")
    func circle() throws {
        let base = Data("layer: board\nextends: boards/b\nsummary: a\n".utf8)
        let other = Data("layer: board\nextends: boards/a\nsummary: b\n".utf8)
        let library = ProfileLibrary(profiles: ["boards/a": base, "boards/b": other])
        let error = #expect(throws: Diagnostics.self) { try library.device(named: "a") }
        #expect(error?.findings.contains { $0.message.contains("circle") && $0.location != nil } == true)
    }
}
