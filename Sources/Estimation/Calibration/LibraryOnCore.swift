/// A version of a runtime library on a core: what has costs of its own.
package struct LibraryOnCore: Sendable, Hashable {
    package var family: String
    /// The profile's name, such as `x-cube-ai-9.0`; the family's own name for a version that is not known.
    package var version: String
    package var core: String

    package init(family: String, version: String, core: String) {
        self.family = family
        self.version = version
        self.core = core
    }
}
