public import Diagnostics

/// A file that has been checked and has no errors.
public struct CheckReport: Report {
    public var file: String
    /// Warnings, if there are any.
    public var diagnostics: [Diagnostic]

    public init(file: String, diagnostics: [Diagnostic]) {
        self.file = file
        self.diagnostics = diagnostics
    }

    public var text: String {
        diagnostics.isEmpty ? "\(file): no faults\n" : "\(file): no errors, \(diagnostics.count) warnings\n"
    }
}
