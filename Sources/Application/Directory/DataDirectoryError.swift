internal import Glibc

/// Why a data directory cannot be opened.
public enum DataDirectoryError: Error, Sendable, CustomStringConvertible {
    /// There is none.
    case missing(String)
    /// Another process has it open.
    case inUse(String, process: String?)
    /// The log is gone, but not what was built from it.
    case logMissing(String)
    /// A restore was killed before its end.
    case unfinishedRestore(String)
    /// The system said no to an action on a path.
    case system(String, String, Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no data directory \(path); `martlet account create --data \(path) ...` or `martlet import` makes one"
        case .inUse(let path, let process):
            "the data directory \(path) is in use by process \(process ?? "(unknown)"); stop that one first"
        case .logMissing(let path):
            "the log is missing from \(path)/log, but views or media are there: restore log and media from a backup; "
                + "to begin anew, use another directory"
        case .unfinishedRestore(let path):
            "a restore into \(path) was not finished: run `martlet restore --data \(path)` again, which begins anew"
        case .system(let action, let path, let code): "cannot \(action) \(path): \(String(cString: strerror(code)))"
        }
    }
}
