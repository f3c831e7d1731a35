import Diagnostics

extension Diagnostic {
    /// A step that chooses by responses was given none.
    static func withoutCases(layer: String) -> Diagnostic {
        Diagnostic(layer: layer, "its responses are unknown, for there are no calibration cases")
    }
}
