internal import Glibc

/// Why a log cannot be opened for reading although nothing is wrong with it.
public enum LogOpeningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The directory holds no log.
    case missing(directory: String)
    /// Its first opening was cut off, so it holds nothing yet.
    case unfinished(directory: String)
    /// The system denies what reading needs.
    case denied(path: String, errno: Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .missing(let directory): "there is no log in \(directory); check the path"
        case .unfinished(let directory):
            "the log in \(directory) was never finished and holds no events; `martlet serve` goes on making it"
        case .denied(let path, let code):
            "cannot open \(path): \(String(cString: strerror(code))); whoever reads the log enters itself in its lock.mdb, "
                + "so run as the user who owns the data directory"
        }
    }
}
