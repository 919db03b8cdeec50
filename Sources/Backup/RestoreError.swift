/// A backup cannot be restored there.
public enum RestoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory holds something.
    case notEmpty(String, entry: String)
    /// The disk, or the map of a log or of read models, is full.
    case noRoom(String, reason: String)
    /// The file is not what it was a moment before.
    case changedMeanwhile(String)
    /// The log that was written is not the one in the backup.
    case chainDiffers(expected: String, found: String)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .notEmpty(let path, let entry):
            "\(path) is not empty, it holds \(entry); nothing was changed: name a directory that is empty or not there"
        case .noRoom(let path, let reason):
            "there is no room in \(path), and nothing is left of the restore: make some, or raise --map-size (\(reason))"
        case .changedMeanwhile(let path): "\(path) was changed while it was read; nothing was restored, try again"
        case .chainDiffers(let expected, let found):
            "the restored log has the hash chain \(found), but the backup \(expected); nothing was restored: try again, and "
                + "report this if it happens twice"
        }
    }
}
