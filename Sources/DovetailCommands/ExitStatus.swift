/// How a command ended, in the numbers of `sysexits.h` where one fits.
public enum ExitStatus: Int32, Sendable {
    case done = 0
    /// The request is sound and cannot be met: budgets in conflict, a network that does not fit.
    case cannotBeDone = 2
    /// Options that do not make sense, an output that cannot be written.
    case wrongUsage = 64
    /// A file whose contents are wrong.
    case badInput = 65
    /// A file that is not there or may not be read.
    case missingFile = 66
    /// A fault of this program.
    case ownFault = 70

    /// The name in JSON.
    var name: String {
        switch self {
        case .done: "done"
        case .cannotBeDone: "cannotBeDone"
        case .wrongUsage: "wrongUsage"
        case .badInput: "badInput"
        case .missingFile: "missingFile"
        case .ownFault: "ownFault"
        }
    }
}
