internal import Glibc

/// A backup file cannot be written, or must not be restored.
public enum BackupFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is there already.
    case exists(String)
    /// Another backup is being written there.
    case inUse(String)
    /// It does not begin as one does.
    case noBackup(String)
    /// A newer program wrote it.
    case format(String, found: String)
    /// It ends early, within what began at an offset.
    case cutOff(String, size: UInt64, within: UInt64)
    /// What lies between two offsets is not what was written.
    case altered(String, from: UInt64, to: UInt64, what: String)
    /// Something follows the end.
    case tooLong(String, end: UInt64, size: UInt64)
    /// Its bytes are what was written, but contradict each other.
    case contradiction(String, at: UInt64, problem: String)
    /// The system said no to an action on a path.
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
