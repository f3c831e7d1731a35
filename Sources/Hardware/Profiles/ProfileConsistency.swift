import Diagnostics
import Manifests
import Quantities

/// Checks that hold between keys of a resolved profile.
struct ProfileConsistency {
    private(set) var findings: [Diagnostic] = []

    /// A device whose keys are all there.
    mutating func check(_ device: ProfileSection, isPart: Bool) {
        checkMachine(device, isPart: isPart)
        checkEnergy(device)
        let memories = device.section("memories")
        for entry in memories?.entries ?? [] {
            guard case .section(let memory) = entry.tree else { continue }
            checkMemory(memory, name: entry.key)
        }
        for entry in device.section("caches")?.entries ?? [] {
            guard case .section(let cache) = entry.tree else { continue }
            checkCache(cache, name: entry.key, memories: memories?.entries.map(\.key) ?? [])
        }
    }

    /// A runtime library whose keys are all there.
    mutating func check(runtime: ProfileSection) {
        if runtime["kernels"] == nil, runtime["work"] == nil {
            fault("a runtime library needs the section 'kernels' or 'work'", at: runtime.location)
        }
        guard let cores = runtime.section("work")?.section("cores"), cores.entries.isEmpty else { return }
        fault("'work.cores' names no core", at: cores.location)
    }

    private mutating func checkMachine(_ device: ProfileSection, isPart: Bool) {
        guard !isPart, let leaf = device.leaf("machine"), case .text(let word) = leaf.value,
            let kind = Machine.Kind(rawValue: word)
        else { return }
        if device[kind.section] == nil {
            fault("a machine of kind '\(word)' needs the section '\(kind.section)'", at: leaf.location)
        }
        if kind == .systolicArray {
            for name in ["ifmap", "filter", "ofmap"] where device.section("memories")?.section(name) == nil {
                fault(
                    "a systolic array needs the memory '\(name)'",
                    at: device.section("memories")?.location ?? leaf.location)
            }
        }
        if kind == .programmableLogic { checkFoldings(device) }
        if kind == .spatialArray, let spatial = device.section(kind.section) {
            findings += Self.spatialFindings(spatial)
        }
        guard kind == .processor else { return }
        for content in Content.allCases where !holds(device, content) {
            fault("no memory holds '\(content.rawValue)'", at: device.section("memories")?.location ?? device.location)
        }
    }

    private mutating func checkFoldings(_ device: ProfileSection) {
        guard let leaf = device.section("logic")?.leaf("foldings"), case .words(let words) = leaf.value else { return }
        for word in words where Folding(text: word) == nil {
            fault(
                "'\(word)' is not a folding", at: leaf.location,
                fix: "write LAYER:ELEMENTSxLANES, such as 'conv0:16x3'")
        }
    }

    private func holds(_ device: ProfileSection, _ content: Content) -> Bool {
        (device.section("memories")?.entries ?? []).contains { entry in
            guard case .section(let memory) = entry.tree, case .words(let words)? = memory.leaf("holds")?.value else {
                return false
            }
            return words.contains(content.rawValue)
        }
    }

    private mutating func checkMemory(_ memory: ProfileSection, name: String) {
        requirePositive(memory, ["size", "busWidth", "lineSize"], of: "memory '\(name)'")
        limitLine(of: memory, "memory '\(name)'")
        guard let line = memory.leaf("lineSize"), case .bytes(let lineSize) = line.value,
            case .bits(let width)? = memory.leaf("busWidth")?.value
        else { return }
        if lineSize.count * 8 < width.count {
            fault("the line of memory '\(name)', \(lineSize), is narrower than its bus, \(width)", at: line.location)
        }
    }

    private mutating func checkCache(_ cache: ProfileSection, name: String, memories: [String]) {
        requirePositive(cache, ["size", "lineSize"], of: "cache '\(name)'")
        limitLine(of: cache, "cache '\(name)'")
        if let serves = cache.leaf("serves"), case .words(let words) = serves.value {
            for word in words where !memories.contains(word) {
                fault(
                    "cache '\(name)' serves '\(word)', which is no memory of this device", at: serves.location,
                    fix: Spelling.fix(for: word, among: memories))
            }
        }
        guard let ways = cache.leaf("ways"), case .integer(let count) = ways.value,
            case .bytes(let size)? = cache.leaf("size")?.value,
            case .bytes(let line)? = cache.leaf("lineSize")?.value
        else { return }
        if count * line.count > size.count || line.count > 0 && size.count % (count * line.count) != 0 {
            fault("cache '\(name)': \(size) is not a whole number of sets of \(count) x \(line)", at: ways.location)
        }
    }

    /// Traffic is counted in lines times bytes, which stays in range with lines of at most 1 MiB.
    private mutating func limitLine(of section: ProfileSection, _ what: String) {
        guard let leaf = section.leaf("lineSize"), case .bytes(let line) = leaf.value, line.count > 1 << 20 else {
            return
        }
        fault("the line of \(what), \(line), is longer than 1 MiB", at: leaf.location)
    }

    private mutating func requirePositive(_ section: ProfileSection, _ keys: [String], of what: String) {
        for key in keys {
            guard let leaf = section.leaf(key) else { continue }
            if leaf.value == .bytes(Bytes(0)) || leaf.value == .bits(Bits(0)) {
                fault("\(key) of \(what) is zero", at: leaf.location)
            }
        }
    }

    mutating func fault(_ message: String, at location: SourceLocation, fix: String? = nil) {
        findings.append(Diagnostic(message, at: location, fix: fix))
    }
}
