import Diagnostics
import Manifests
import Quantities

extension ProfileConsistency {
    /// What must hold between the keys of a spatial array: one arrangement, cells for every operand, axes that exist.
    static func spatialFindings(_ spatial: ProfileSection) -> [Diagnostic] {
        guard spatial["rowStationary"] == nil else {
            guard let axes = spatial.section("axes") ?? spatial.section("levels") else { return [] }
            return [
                Diagnostic("'rowStationary' fixes the loops: 'axes' and 'levels' have no meaning", at: axes.location)
            ]
        }
        guard let axes = spatial.section("axes"), let levels = spatial.section("levels"), !axes.entries.isEmpty else {
            return [
                Diagnostic(
                    "a spatial array needs 'rowStationary', or 'axes' and 'levels'", at: spatial.location)
            ]
        }
        var findings: [Diagnostic] = []
        let cells = axes.entries.reduce(1) { cells, entry in
            guard case .section(let axis) = entry.tree, case .integer(let size)? = axis.leaf("size")?.value else {
                return cells
            }
            return min(cells, 1 << 24) * size
        }
        if cells > 1 << 24 {
            findings.append(Diagnostic("the axes have more than 16,777,216 cells", at: axes.location))
        }
        if levels.entries.count > 12 { findings.append(Diagnostic("more than 12 levels", at: levels.location)) }
        for entry in levels.entries {
            guard case .section(let level) = entry.tree else { continue }
            findings += levelFindings(level, name: entry.key, axes: axes.entries.map(\.key))
        }
        return findings
    }

    private static func levelFindings(_ level: ProfileSection, name: String, axes: [String]) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        if let leaf = level.leaf("size"), case .bytes(let size) = leaf.value, size.count == 0 {
            findings.append(Diagnostic("size of level '\(name)' is zero", at: leaf.location))
        }
        if let leaf = level.leaf("serves"), case .words(let words) = leaf.value {
            for word in words where !axes.contains(word) {
                findings.append(
                    Diagnostic(
                        "level '\(name)' serves '\(word)', which is no axis of this array", at: leaf.location,
                        fix: Spelling.fix(for: word, among: axes)))
            }
        }
        return findings
    }
}
