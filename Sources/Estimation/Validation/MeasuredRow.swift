import Diagnostics
public import Manifests

/// One measurement of a network on a machine, in the terms in which `estimate` is asked for the same figure.
public struct MeasuredRow: Sendable, Hashable, Codable {
    /// How the figure came about.
    public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        /// Measured on a chip.
        case silicon
        /// Measured on programmable logic.
        case fpga
        /// Simulated after layout.
        case postLayout
        /// Printed by another simulator or estimator.
        case simulated
    }

    /// The row's name in its source.
    public var row: String
    /// Rows that are left out together when a fit is tested; empty for a model without a fit.
    public var group: String
    /// A table of layers by name, or `zoo:NAME`.
    public var network: String
    public var device: String
    /// nil for a machine that needs no runtime, or for the device's own.
    public var runtime: String?
    /// Overrides of profile keys, as `estimate --set` takes them.
    public var settings: [String]
    public var quantity: MeasuredQuantity
    /// In the quantity's unit, above zero.
    public var measured: Double
    public var status: Status
    /// What to know of the row; `excluded: reason` keeps it out of the summary.
    public var note: String
    public var source: String

    /// Whether the row counts in a summary.
    public var isCounted: Bool { !note.hasPrefix("excluded") }
}

extension MeasuredRow {
    /// The rows of a table with the columns of this type.
    ///
    /// - Throws: `Diagnostics` with every fault, each with its line.
    public static func rows(of table: DelimitedTable) throws -> [MeasuredRow] {
        var findings = table.findings
        let rows = table.rows.compactMap { row -> MeasuredRow? in
            var reader = RowReader(row, of: table)
            defer { findings += reader.findings }
            return MeasuredRow(&reader)
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return rows
    }

    private init?(_ reader: inout RowReader) {
        let (row, network, device) = (reader.text("row"), reader.text("network"), reader.text("device"))
        let quantity = reader.choice("quantity", as: MeasuredQuantity.self)
        let status = reader.choice("status", as: Status.self)
        let measured = reader.number("measured", in: Double.leastNormalMagnitude...1e18)
        guard let row, let network, let device, let quantity, let status, let measured else { return nil }
        let settings = reader.field("settings") ?? ""
        self.init(
            row: row, group: reader.field("group") ?? "", network: network, device: device,
            runtime: reader.field("runtime"),
            settings: settings.split(separator: ";").map { $0.split(separator: " ").joined(separator: " ") },
            quantity: quantity, measured: measured, status: status, note: reader.field("note") ?? "",
            source: reader.field("source") ?? "")
    }
}
