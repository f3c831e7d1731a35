import Quantities
public import Workloads

extension WeightFootprint {
    /// Bytes of elements and parameters together.
    public var totalBytes: Int {
        encodedSize.bytes.count + parameterSize.bytes.count
    }

    /// Width, density where many elements are zero, and form of storage: `4 bit 50 % bitmap`.
    public var text: String {
        var parts = [isBipolar ? "binary" : "\(elementBits) bit"]
        if density < 0.9 || storage != .dense { parts.append(Figures.percentage(density, decimals: 0)) }
        switch storage {
        case .dense: break
        case .bitmap: parts.append("bitmap")
        case .relativeIndex: parts.append("indexed")
        case .neighbours: parts.append("neighbours")
        case .composed: parts.append("composed")
        }
        return parts.joined(separator: " ")
    }
}
