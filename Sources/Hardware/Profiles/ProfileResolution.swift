import Diagnostics
import Foundation
import Manifests

/// Follows `extends` from one file to a whole profile, and collects the faults of every file on the way.
struct ProfileResolution {
    private let library: ProfileLibrary
    private(set) var findings: [Diagnostic] = []
    /// Files read, in the order of reading, with their text for carets.
    private(set) var files: [(name: String, text: String)] = []
    /// `true` when a base could not be read, so that keys may be missing for that reason alone.
    private(set) var isIncomplete = false
    /// Names of the files being read, to find cycles.
    private var open: [String] = []

    private static let depth = 16

    init(library: ProfileLibrary) {
        self.library = library
    }

    /// A file merged over all that it extends; nil when it cannot be read.
    mutating func resolve(_ file: ProfileFile) -> (layer: ProfileLayer, section: ProfileSection)? {
        let manifest = Manifest(file: file.displayName, bytes: file.data)
        if !files.contains(where: { $0.name == manifest.file }) { files.append((manifest.file, manifest.text)) }
        let reading = ProfileReading(manifest)
        findings += reading.findings
        guard let layer = reading.layer, var section = reading.section else { return nil }
        open.append(file.displayName)
        defer { open.removeLast() }
        for reference in reading.references {
            guard let base = base(of: reference, in: file) else {
                isIncomplete = true
                continue
            }
            section = Self.merging(base, into: section, at: reference.path[...])
        }
        return (layer, section)
    }

    private mutating func base(of reference: ProfileReading.Reference, in file: ProfileFile) -> ProfileSection? {
        guard let base = library.file(extending: reference.name, from: file) else {
            let candidates = library.names.filter { name in
                reference.layers.contains { name.hasPrefix($0.folder + "/") }
            }
            fault(
                "there is no profile '\(reference.name)'", at: reference.location,
                fix: Spelling.fix(for: reference.name, among: candidates))
            return nil
        }
        guard !open.contains(base.displayName) else {
            let cycle = open.drop { $0 != base.displayName } + [base.displayName]
            fault("'extends' goes round in a circle: \(cycle.joined(separator: " -> "))", at: reference.location)
            return nil
        }
        guard open.count < Self.depth else {
            fault("'extends' is more than \(Self.depth) files deep", at: reference.location)
            return nil
        }
        guard let resolved = resolve(base) else {
            fault("the profile '\(reference.name)' that this one extends has faults", at: reference.location)
            return nil
        }
        guard reference.layers.contains(resolved.layer) else {
            let allowed = reference.layers.map(\.rawValue).joined(separator: " or ")
            fault(
                "'\(reference.name)' is a \(resolved.layer.rawValue), and a \(allowed) is wanted",
                at: reference.location)
            return nil
        }
        return resolved.section
    }

    private static func merging(
        _ base: ProfileSection, into section: ProfileSection, at path: ArraySlice<String>
    ) -> ProfileSection {
        guard let key = path.first else { return section.merged(over: base) }
        var result = section
        let inner = section.section(key) ?? ProfileSection(location: section.location)
        result[key] = .section(merging(base, into: inner, at: path.dropFirst()))
        return result
    }

    private mutating func fault(_ message: String, at location: SourceLocation, fix: String? = nil) {
        findings.append(Diagnostic(message, at: location, fix: fix))
    }
}

/// One profile file, found.
struct ProfileFile {
    /// The name that messages show.
    var displayName: String
    /// The folder that names in it are relative to, or nil for a shipped profile.
    var folder: String?
    var data: Data
}
