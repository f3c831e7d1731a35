/// The ways in which constants are composed from parts; a new one is a file in this folder and a case here.
public enum CompositionRule: Sendable, Hashable, Codable {
    case sharedValues(SharedValues)
    case dynamicTree(DynamicTree)
    case shiftedGroups(ShiftedGroups)

    /// The form that computes.
    var form: any CompositionForm {
        switch self {
        case .sharedValues(let form): form
        case .dynamicTree(let form): form
        case .shiftedGroups(let form): form
        }
    }
}
