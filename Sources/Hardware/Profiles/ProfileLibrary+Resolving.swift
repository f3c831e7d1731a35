import Diagnostics
import Foundation
import Manifests

extension ProfileLibrary {
    /// A profile after merging, overriding, completion and checks.
    struct Profile {
        var layer: ProfileLayer?
        var section: ProfileSection?
        var findings: [Diagnostic]

        func failure(orFor file: ProfileFile, wanted: String) -> Diagnostics {
            guard findings.isEmpty else { return Diagnostics(findings).sorted() }
            let place = SourceLocation(file: file.displayName)
            let found = layer?.rawValue ?? "nothing"
            return Diagnostics([
                Diagnostic("this is a profile of layer '\(found)', and a \(wanted) is wanted", at: place)
            ])
        }
    }

    func profile(_ file: ProfileFile, overrides: [String]) -> Profile {
        var resolution = ProfileResolution(library: self)
        guard let (layer, merged) = resolution.resolve(file) else {
            return Profile(layer: nil, section: nil, findings: resolution.findings)
        }
        var findings = resolution.findings
        let overridden = merged.overriding(overrides, keys: layer.keys, findings: &findings)
        let isPart = layer.isPart || resolution.isIncomplete
        let completed = overridden.completed(layer.keys, path: "", isPart: isPart, findings: &findings)
        if layer.keys.contains(where: { $0.name == "machine" }) {
            var consistency = ProfileConsistency()
            consistency.check(completed, isPart: isPart)
            findings += consistency.findings
        } else if layer == .runtime {
            var consistency = ProfileConsistency()
            consistency.check(runtime: completed)
            findings += consistency.findings
        }
        return Profile(layer: layer, section: completed, findings: findings)
    }

    /// The file that a user means by a name or path.
    func file(
        named name: String, in layers: [ProfileLayer], what: String, known: [String]
    ) throws(Diagnostics) -> ProfileFile {
        if let file = candidate(named: name, in: layers) { return file }
        let fix = Spelling.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        throw Diagnostics([
            Diagnostic(
                "there is no \(what) '\(name)'",
                fix: fix ?? "known: \(known.joined(separator: ", ")); or give the path of a profile")
        ])
    }

    func candidate(named name: String, in layers: [ProfileLayer]) -> ProfileFile? {
        for candidate in layers.map({ "\($0.folder)/\(name)" }) + [name] {
            if let file = shipped(candidate) { return file }
        }
        return load(path: name)
    }

    /// The file that `extends: name` means inside a file: a shipped one, or one beside the user's own.
    func file(extending name: String, from file: ProfileFile) -> ProfileFile? {
        if let file = shipped(name) { return file }
        guard let folder = file.folder else { return nil }
        let path = folder.isEmpty || name.hasPrefix("/") ? name : "\(folder)/\(name)"
        return load(path: path.hasSuffix(".yaml") ? path : path + ".yaml")
    }

    private func shipped(_ name: String) -> ProfileFile? {
        data(shipped: name).map { ProfileFile(displayName: "HardwareProfiles/\(name).yaml", folder: nil, data: $0) }
    }

    private func load(path: String) -> ProfileFile? {
        data(path: path).map { ProfileFile(displayName: path, folder: Self.folder(of: path), data: $0) }
    }

    static func folder(of path: String) -> String? {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    static func plainName(_ path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return last.hasSuffix(".yaml") ? last.dropLast(5).description : last
    }
}
