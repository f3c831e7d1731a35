import Compression
import Foundation
import Testing

@Suite struct BitAllocationTests {
    /// Row 21 of the methods: steps and signal over noise, from the definition.
    @Test func gaussianStepsAreTheOptimalOnes() {
        let steps = [1.596, 0.996, 0.586, 0.335, 0.188, 0.104, 0.0569, 0.0308]
        let decibels = [4.40, 9.25, 14.27, 19.38, 24.57, 29.83, 35.17, 40.57]
        for bits in 1...8 {
            let quantizer = GaussianQuantizer(bits: bits)
            #expect(abs(quantizer.step - steps[bits - 1]) < (bits < 7 ? 5e-4 : 5e-5), "\(bits): \(quantizer.step)")
            #expect(abs(quantizer.decibels - decibels[bits - 1]) < 0.006, "\(bits): \(quantizer.decibels)")
            let half = 1 << (bits - 1)
            for factor in [0.98, 1.02] {
                #expect(
                    GaussianQuantizer.distortion(step: quantizer.step * factor, half: half) > quantizer.distortion)
            }
        }
        #expect(abs(GaussianQuantizer(bits: 1).step - 2 * (2 / Double.pi).squareRoot()) < 1e-6)
        #expect(abs(GaussianQuantizer.decibelsPerBit - 5.30) < 0.005)
    }

    /// The closed form: differences by the law, the bound met, the mean met.
    @Test func realWidthsObeyTheLaw() {
        let allocation = BitAllocation(costs: [100, 2000, 37, 5])
        let (real, mean) = (allocation.real(decibels: 30), allocation.real(meanBits: 5))
        for (one, other) in [(0, 1), (1, 2), (0, 3)] {
            let law = 10 * log10(allocation.costs[other] / allocation.costs[one]) / allocation.slope
            #expect(abs(real[one] - real[other] - law) < 1e-9 && abs(mean[one] - mean[other] - law) < 1e-9)
        }
        #expect(abs(real.reduce(0) { $0 + pow(10, -allocation.slope * $1 / 10) } - 1e-3) < 1e-12)
        #expect(abs(zip(mean, allocation.costs).reduce(0) { $0 + $1.0 * $1.1 } / 2142 - 5) < 1e-9)
    }

    /// The integer program, by trying everything: nothing cheaper has no more error, and each width is within one bit of the real one.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func widthsAreTheIntegerOptimum(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let costs = (0..<4).map { _ in pow(10, 1.5 + 1.5 * Double(generator.signed())) }
        let allocation = BitAllocation(costs: costs, range: 1...14)
        let decibels = 25 + 10 * Double(generator.signed())
        for widths in [allocation.widths(decibels: decibels), allocation.widths(meanBits: 5)] {
            let (error, cost) = (allocation.error(of: widths), self.cost(widths, costs))
            let near = widths.map { max(1, $0 - 3)...min(14, $0 + 3) }
            for first in near[0] {
                for second in near[1] {
                    for third in near[2] {
                        for fourth in near[3] where self.cost([first, second, third, fourth], costs) < cost - 1e-9 {
                            #expect(allocation.error(of: [first, second, third, fourth]) > error * (1 - 1e-12))
                        }
                    }
                }
            }
            if widths.allSatisfy({ $0 > 1 && $0 < 14 }) {
                let real = allocation.real(decibels: -10 * log10(error))
                #expect(zip(real, widths).allSatisfy { abs($0 - Double($1)) < 1 })
            }
        }
        #expect(allocation.error(of: allocation.widths(decibels: decibels)) <= pow(10, -decibels / 10))
        #expect(cost(allocation.widths(meanBits: 5), costs) <= 5 * costs.reduce(0, +) * (1 + 1e-9))
    }

    private func cost(_ widths: [Int], _ costs: [Double]) -> Double {
        zip(widths, costs).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
}
