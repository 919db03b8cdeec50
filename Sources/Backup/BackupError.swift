public import Microblog

/// A data directory cannot be backed up as it is.
public enum BackupError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The records give another hash than the log keeps.
    case chainDiffers(position: UInt64, stored: String, found: String)
    /// A file is missing that the log refers to.
    case mediaMissing(ContentHash, path: String, holders: String)
    /// A file is not what its name says.
    case mediaDamaged(ContentHash, path: String, holders: String)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .chainDiffers(let position, let stored, let found):
            "the log was altered: its hash chain at position \(position) is \(stored), but its records give \(found); "
                + "run `martlet verify`, and restore an earlier backup"
        case .mediaMissing(let content, let path, let holders):
            "the file \(path) is missing, content \(content) of \(holders); put it back, or delete the post, or add "
                + "--skip-missing"
        case .mediaDamaged(let content, let path, let holders):
            "the file \(path) is damaged, its SHA-256 is not \(content), that of \(holders); put a good copy in its place, "
                + "or delete the post, or remove the file and add --skip-missing"
        }
    }
}
