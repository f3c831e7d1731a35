/// A property of a plan that can be limited or minimized.
public enum BudgetedQuantity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Time of one inference.
    case latency
    /// Energy of one inference.
    case energy
    /// Bytes of memory that is written at run time.
    case ram
    /// Bytes of memory that holds the encoded network and its kernels.
    case flash
    /// Percentage points of top-1 accuracy lost against the float network on the same cases.
    case accuracyDrop = "accuracy-drop"
}
