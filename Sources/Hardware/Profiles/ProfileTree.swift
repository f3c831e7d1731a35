import Diagnostics

/// A profile, or part of one, read and checked key by key.
indirect enum ProfileTree: Sendable, Hashable {
    case leaf(ProfileLeaf)
    case section(ProfileSection)
    /// A value that was written and refused; its fault has been reported.
    case faulty
}

/// One value with its place and source.
struct ProfileLeaf: Sendable, Hashable {
    var value: ProfileValue
    var location: SourceLocation
    var source: Source?
}

/// A mapping of a profile, in the order of the file.
struct ProfileSection: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var key: String
        var tree: ProfileTree
    }

    var entries: [Entry] = []
    var location: SourceLocation

    subscript(_ key: String) -> ProfileTree? {
        get { entries.first { $0.key == key }?.tree }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let tree?): entries[index].tree = tree
            case (nil, let tree?): entries.append(Entry(key: key, tree: tree))
            case (let index?, nil): entries.remove(at: index)
            case (nil, nil): break
            }
        }
    }

    func section(_ key: String) -> ProfileSection? {
        switch self[key] {
        case .section(let section): section
        case .leaf, .faulty, nil: nil
        }
    }

    func leaf(_ key: String) -> ProfileLeaf? {
        switch self[key] {
        case .leaf(let leaf): leaf
        case .section, .faulty, nil: nil
        }
    }

    /// This section's values over those of a base: leaves replace leaves, sections merge key by key.
    func merged(over base: ProfileSection) -> ProfileSection {
        var result = base
        result.location = location
        for entry in entries {
            switch (result[entry.key], entry.tree) {
            case (.section(let below), .section(let above)):
                result[entry.key] = .section(above.merged(over: below))
            case (_, let tree):
                result[entry.key] = tree
            }
        }
        return result
    }
}
