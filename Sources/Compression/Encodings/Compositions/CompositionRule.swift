/// The ways in which constants are composed from parts; a new one is a file in this folder and a case here.
public indirect enum CompositionRule: Sendable, Hashable, Codable {
    case ternaryValues(TernaryValues)
    case sketchedValues(SketchedValues)
    case hashedValues(HashedValues)
    case randomAnchors(RandomAnchors)
    case circulantRows(CirculantRows)
    case frequencyCoefficients(FrequencyCoefficients)
    case patternedKernels(PatternedKernels)
    case dynamicTree(DynamicTree)
    case shiftedGroups(ShiftedGroups)
    case productVectors(ProductVectors)
    case roundedValues(RoundedValues)

    /// The form that computes.
    var form: any CompositionForm {
        switch self {
        case .ternaryValues(let form): form
        case .sketchedValues(let form): form
        case .hashedValues(let form): form
        case .randomAnchors(let form): form
        case .circulantRows(let form): form
        case .frequencyCoefficients(let form): form
        case .patternedKernels(let form): form
        case .dynamicTree(let form): form
        case .shiftedGroups(let form): form
        case .productVectors(let form): form
        case .roundedValues(let form): form
        }
    }
}
