/// An end of a command that is not a fault of an input's contents.
enum CommandFailure: Error, Equatable {
    /// The request is sound and cannot be met; the reasons, a sentence each.
    case cannotBeDone([String])
    /// The options do not make sense.
    case wrongUsage(String)
    /// An input is not there or may not be read.
    case missingFile(String)

    var status: ExitStatus {
        switch self {
        case .cannotBeDone: .cannotBeDone
        case .wrongUsage: .wrongUsage
        case .missingFile: .missingFile
        }
    }

    var reasons: [String] {
        switch self {
        case .cannotBeDone(let reasons): reasons
        case .wrongUsage(let reason), .missingFile(let reason): [reason]
        }
    }
}
