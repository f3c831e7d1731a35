package import FixedPoint
import Tensors

/// How a layer with weights turns its sums into outputs.
package struct LayerRule: Sendable, Hashable {
    /// Of sums in up to 32 bits, and of wider ones over 8-bit inputs.
    package var narrow: RequantizationFamily
    /// Of sums of more than 32 bits over wider inputs.
    package var wide: RequantizationFamily
    /// Channels that are requantized at a time; those left over follow family D.
    package var lanes = 1
    /// Whether a common factor is formed from the float32 product of both scales.
    package var multipliesInSingle = false

    /// Whether results depend on their place.
    package var isStochastic: Bool { narrow.isStochastic || wide.isStochastic }

    /// The rule for channel `index` of `count`, inputs of `inputBits` and sums of `sumBits`.
    package func family(channel index: Int, of count: Int, inputBits: Int, sumBits: Int) -> RequantizationFamily {
        if inputBits > 8, sumBits > 32 { return wide }
        return index < count / lanes * lanes ? narrow : .doubleRounding
    }
}

extension RuntimeArithmetic {
    package func convolutionRule(groups: Int) -> LayerRule {
        LayerRule(narrow: groups == 1 ? convolution : groupedConvolution, wide: wideConvolution)
    }

    package var depthwiseRule: LayerRule { inLanes(depthwise) }

    /// - Parameter outgrows: whether outputs lie beyond what the last pixels reach.
    package func transposedConvolutionRule(outgrows: Bool) -> LayerRule {
        inLanes(outgrows ? outgrowingTransposedConvolution : transposedConvolution)
    }

    private func inLanes(_ family: RequantizationFamily) -> LayerRule {
        LayerRule(narrow: family, wide: wideConvolution, lanes: family == .halfUpShift ? channelLanes : 1)
    }

    /// TFLite forms the common factor of a fully connected layer from a float32 product, unless it keeps it in double.
    package func fullyConnectedRule(hasBias: Bool) -> LayerRule {
        LayerRule(
            narrow: fullyConnected, wide: hasBias ? wideFullyConnected : unbiasedWideFullyConnected,
            multipliesInSingle: fullyConnected != .doublePrecision)
    }
}
