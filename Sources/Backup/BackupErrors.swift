internal import Glibc
public import Microblog

/// A backup file cannot be written, or must not be restored.
public enum BackupFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It exists already.
    case exists(String)
    /// Another backup is being written there.
    case inUse(String)
    /// It does not begin like a backup file.
    case noBackup(String)
    /// A newer program wrote it.
    case format(String, found: String)
    /// It ends early, within the part that began at this offset.
    case cutOff(String, size: UInt64, within: UInt64)
    /// The bytes between two offsets are not what was written.
    case altered(String, from: UInt64, to: UInt64, what: String)
    /// Something follows the end.
    case tooLong(String, end: UInt64, size: UInt64)
    /// Its bytes are what was written, but they contradict each other.
    case contradiction(String, at: UInt64, problem: String)
    /// The system refused an action on a path.
    case system(String, String, Int32)

    /// Whether there was no room.
    public var isOutOfSpace: Bool {
        guard case .system(_, _, let code) = self else { return false }
        return code == ENOSPC || code == EDQUOT
    }

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .exists(let path): "\(path) is there already and is left as it is; name another file, or remove that one"
        case .inUse(let path): "another backup is writing \(path); wait for it, or name another file"
        case .noBackup(let path): "\(path) is no backup: it does not begin with \"martlet-backup\"; name another file"
        case .format(let path, let found):
            "the format of \(path) is \"\(found)\", this martlet reads \"\(String(decoding: BackupTag.magic, as: UTF8.self))\": "
                + "use the martlet that wrote it, unless the file is damaged; \(Self.advice)"
        case .cutOff(let path, let size, let start):
            "\(path) ends at byte \(size), within a part that begins at byte \(start): it was cut off, or damaged there; "
                + Self.advice
        case .altered(let path, let start, let end, let what):
            "\(path) is damaged between the bytes \(start) and \(end) (\(what)): its hash is wrong there; \(Self.advice)"
        case .tooLong(let path, let end, let size):
            "\(path) has \(size) bytes, but ends at byte \(end): something was added to it; \(Self.advice)"
        case .contradiction(let path, let offset, let problem):
            "\(path) is whole, but its part at byte \(offset) cannot be right: \(problem); take another backup, and report "
                + "this"
        case .system(let action, let path, let code): "cannot \(action) \(path): \(String(cString: strerror(code)))"
        }
    }

    private static let advice =
        "nothing was restored; copy the file again from where it was made, or take another backup"
}

/// A data directory cannot be backed up as it is.
public enum BackupError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The records give another chain hash than the log holds.
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

/// A backup cannot be restored there.
public enum RestoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory is not empty.
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
