public import Compression
public import Digests
public import Estimation
public import Execution

/// A deployment plan: what to run, where, at what predicted cost and with what executed accuracy.
///
/// The JSON form is described in `Documentation/Plan.md`. Every number is the same for the same inputs; times of day and
/// durations of the search are not part of a plan.
public struct Plan: Sendable, Codable {
    public static let currentSchemaVersion = 1

    /// A file by name and content.
    public struct Attachment: Sendable, Hashable, Codable {
        /// Beside the plan, or as the user wrote it.
        public var file: String
        public var digest: Digest

        public init(file: String, digest: Digest) {
            self.file = file
            self.digest = digest
        }
    }

    /// The cases that the plan rests on.
    public struct Cases: Sendable, Hashable, Codable {
        public var inputs: Attachment
        public var labels: Attachment?
        /// The calibration file; nil when calibration cases were taken out of the inputs.
        public var calibration: Attachment?
        public var normalization: String?
        public var calibrationCases: Int
        public var evaluationCases: Int
        /// Seed of the split of inputs into calibration and evaluation cases.
        public var seed: UInt64

        public init(
            inputs: Attachment, labels: Attachment?, calibration: Attachment?, normalization: String?,
            calibrationCases: Int, evaluationCases: Int, seed: UInt64
        ) {
            self.inputs = inputs
            self.labels = labels
            self.calibration = calibration
            self.normalization = normalization
            self.calibrationCases = calibrationCases
            self.evaluationCases = evaluationCases
            self.seed = seed
        }
    }

    /// Executed top-1 accuracies on the evaluation cases.
    public struct Accuracies: Sendable, Codable {
        /// The network as given.
        public var reference: Accuracy
        /// The uncompressed integer network.
        public var uncompressed: Accuracy
        public var plan: Accuracy
        /// Percentage points lost against the network as given.
        public var dropPoints: Double

        public init(reference: Accuracy, uncompressed: Accuracy, plan: Accuracy, dropPoints: Double) {
            self.reference = reference
            self.uncompressed = uncompressed
            self.plan = plan
            self.dropPoints = dropPoints
        }
    }

    public var schemaVersion = Plan.currentSchemaVersion
    public var device: String
    public var runtime: String?
    /// The network as given.
    public var network: Attachment
    /// The compressed network, a `.dovetail` folder beside the plan.
    public var compressed: Attachment
    /// The integer tables that the certificate is about, beside the plan.
    public var tables: Attachment?
    public var cases: Cases
    /// Budgets as the user wrote them.
    public var budgets: [String]
    public var minimized: String
    /// `optimal` or `feasible`: how the choice stands to the tables.
    public var status: String
    /// The steps that make the compressed network out of the network as given.
    public var recipe: Recipe
    public var layers: [PlanLayer]
    public var predicted: PlanTotals
    /// The uncompressed integer network on the same device.
    public var uncompressed: PlanTotals
    /// Nil without labels.
    public var accuracy: Accuracies?
    public var memoryMap: MemoryMap
    /// How the numbers may be read: assumptions and the error band of the cost model.
    public var assumptions: [String]
    public var errorBand: ErrorBand
    public var evaluations: Int
    /// Points of the design space, an exact integer.
    public var spaceSize: String

    public init(
        device: String, runtime: String?, network: Attachment, compressed: Attachment, tables: Attachment?,
        cases: Cases, budgets: [String], minimized: String, status: String, recipe: Recipe, layers: [PlanLayer],
        predicted: PlanTotals, uncompressed: PlanTotals, accuracy: Accuracies?, memoryMap: MemoryMap,
        assumptions: [String], errorBand: ErrorBand, evaluations: Int, spaceSize: String
    ) {
        self.device = device
        self.runtime = runtime
        self.network = network
        self.compressed = compressed
        self.tables = tables
        self.cases = cases
        self.budgets = budgets
        self.minimized = minimized
        self.status = status
        self.recipe = recipe
        self.layers = layers
        self.predicted = predicted
        self.uncompressed = uncompressed
        self.accuracy = accuracy
        self.memoryMap = memoryMap
        self.assumptions = assumptions
        self.errorBand = errorBand
        self.evaluations = evaluations
        self.spaceSize = spaceSize
    }
}
