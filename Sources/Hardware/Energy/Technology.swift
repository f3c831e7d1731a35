import Foundation
public import Quantities

/// A process and the voltage of its logic.
public struct Technology: Sendable, Hashable, Codable {
    public var node: Length
    public var voltage: Voltage
    /// The published energies that are scaled to it.
    public var table: PublishedEnergies.Name

    public init(node: Length, voltage: Voltage, table: PublishedEnergies.Name = .horowitz) {
        self.node = node
        self.voltage = voltage
        self.table = table
    }

    /// Energy of switching at this process and voltage relative to another's.
    public func ratio(to other: Technology) -> Double {
        Self.factor(node: node, voltage: voltage) / Self.factor(node: other.node, voltage: other.voltage)
    }

    /// The energy factor `a2 V^2 + a1 V + a0` of a process.
    ///
    /// Stillmaker and Baas, Integration 58 (2017), fitted to circuit simulations. Between nodes the logarithms are
    /// interpolated; beyond 7 nm and 130 nm the end holds. Below the voltage at which a polynomial is least, where it
    /// says nothing of silicon, its least value holds.
    static func factor(node: Length, voltage: Voltage) -> Double {
        let size = Double(node.picometres) / 1000
        let above = polynomials.lastIndex { $0.node >= size } ?? 0
        let below = min(above + 1, polynomials.count - 1)
        let (large, small) = (polynomials[above], polynomials[below])
        guard size < large.node, below > above else { return large.value(at: voltage.volts) }
        let share = (log2(large.node) - log2(max(size, small.node))) / (log2(large.node) - log2(small.node))
        let (one, two) = (log2(large.value(at: voltage.volts)), log2(small.value(at: voltage.volts)))
        return exp2(one + share * (two - one))
    }

    private struct Polynomial {
        var node: Double
        var a2: Double
        var a1: Double
        var a0: Double

        func value(at volts: Double) -> Double {
            let volts = max(volts, -a1 / (2 * a2))
            return (a2 * volts + a1) * volts + a0
        }
    }

    /// technology-scaling rows of the published table, large nodes first.
    private static let polynomials = [
        Polynomial(node: 130, a2: 7.171, a1: -6.709, a0: 2.904),
        Polynomial(node: 90, a2: 4.762, a1: -4.781, a0: 2.092),
        Polynomial(node: 65, a2: 3.755, a1: -4.398, a0: 1.975),
        Polynomial(node: 45, a2: 1.103, a1: -0.362, a0: 0.2767),
        Polynomial(node: 32, a2: 0.9559, a1: -0.7823, a0: 0.471),
        Polynomial(node: 20, a2: 0.373, a1: -0.1582, a0: 0.04104),
        Polynomial(node: 16, a2: 0.2958, a1: -0.1241, a0: 0.03024),
        Polynomial(node: 14, a2: 0.2363, a1: -0.09675, a0: 0.02239),
        Polynomial(node: 10, a2: 0.2068, a1: -0.09311, a0: 0.02375),
        Polynomial(node: 7, a2: 0.1776, a1: -0.09097, a0: 0.02447),
    ]
}
