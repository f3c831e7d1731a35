import Foundation

/// A file of records, one behind the other.
final class RecordFile {
    private let place: OutputPlace
    private let handle: FileHandle

    /// - Throws: `CommandFailure.wrongUsage` when the place cannot be written.
    init(_ path: String) throws {
        place = try OutputPlace(path, .file)
        handle = try place.open()
    }

    func append(_ record: Data) throws {
        try place.append(record, to: handle)
    }

    /// Moves the file to its place.
    func commit() throws {
        try place.close(handle)
        try place.commit()
    }
}
