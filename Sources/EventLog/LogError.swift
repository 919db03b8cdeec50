public import Files
internal import Glibc
public import Journal
public import LMDB
public import Sealing

/// Why the log did not do what was asked.
public enum LogError: Error, Sendable, CustomStringConvertible {
    /// A decision was made from another version of a stream than the log has. Only this event is not stored.
    case conflict(stream: StreamName, read: Version, actual: Version)
    /// The idempotency key was used before, for something else.
    case idempotencyKeyReused(actor: UInt64, key: String)
    /// Too many proposals are waiting. Try again soon.
    case overloaded(waiting: Int)
    /// The log is closed or closing.
    case closed
    /// The event or the answer is larger than anything that can be stored in one piece.
    case tooLarge(bytes: Int)
    /// The tables refused; nothing of the batch was kept.
    case storage(LMDBError)
    /// A write or a sync of the journal failed. The batch is given up, unless the process ends before the journal has
    /// begun anew.
    case disk(FileError)
    /// The journal refused; nothing of the batch was kept.
    case journal(JournalError)
    /// The account that an event is about has no key any more, so nothing personal can be kept of it. Only this event
    /// is not stored.
    case noKey(account: UInt64)
    /// The keys cannot be written; nothing of the batch was kept.
    case keys(KeyError)
    /// What is stored is not what was written.
    case corrupt(LogCorruption)

    /// One line that names the values.
    public var description: String {
        switch self {
        case .conflict(let stream, let read, let actual):
            "stream \(stream) is at version \(actual), but the decision has read version \(read); nothing was stored, report this"
        case .idempotencyKeyReused(let actor, let key):
            "idempotency key \"\(key)\" of account \(actor) was used before for another request"
        case .overloaded(let waiting): "\(waiting) commands are waiting already"
        case .closed: "the log is closed"
        case .tooLarge(let bytes):
            "the event has \(bytes) bytes, more than the \(Frame.largest) of a frame; send less at once"
        case .storage(let error): "the log cannot be written: \(error)"
        case .disk(let error): "the log cannot be written: \(error)"
        case .journal(let error): "the log cannot be written: \(error)"
        case .noKey(let account):
            "account \(account) has no key any more, it was erased; nothing about it can be stored"
        case .keys(let error): "the keys cannot be written: \(error)"
        case .corrupt(let corruption): "\(corruption)"
        }
    }
}

/// Damage that was found in a log: where it is and what it is.
public struct LogCorruption: Error, Sendable, CustomStringConvertible {
    /// The record that is damaged; 0 if it is the log as a whole.
    public let position: Position
    /// What is wrong, and what to do.
    public let problem: String

    /// Names damage.
    public init(position: Position, problem: String) {
        self.position = position
        self.problem = problem
    }

    /// One line for people.
    public var description: String {
        position == 0 ? "the log is damaged: \(problem)" : "the log is damaged at position \(position): \(problem)"
    }

    /// The error for a position below the head without an event.
    static func missing(_ position: Position) -> LogCorruption {
        LogCorruption(position: position, problem: "the event is missing; restore a backup")
    }

    /// The error for pages of the data file that are not as LMDB writes them.
    init(page error: LMDBError) {
        self.init(position: 0, problem: "\(error); restore a backup")
    }

    /// The error for a damaged journal.
    init(_ damage: JournalCorruption) { self.init(position: 0, problem: damage.description) }

    /// The error for an environment without what every log holds from its first moment.
    static func tablesAreGone(from directory: String) -> LogCorruption {
        LogCorruption(position: 0, problem: "its tables are gone from \(directory); restore a backup")
    }
}

/// Why a log cannot be opened for reading although nothing is wrong with it.
public enum LogOpeningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The directory holds no log.
    case missing(directory: String)
    /// Its first opening was cut off, so it holds nothing yet.
    case unfinished(directory: String)
    /// A program before this one wrote it.
    case formatBefore(directory: String)
    /// The system denies what reading needs.
    case denied(path: String, errno: Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .missing(let directory): "there is no log in \(directory); check the path"
        case .unfinished(let directory):
            "the log in \(directory) was never finished and holds no events; `martlet serve` goes on making it"
        case .formatBefore(let directory):
            "the log in \(directory) has the format \"\(LogFormat.former)\", this martlet reads \"\(LogFormat.name)\"; run "
                + "`martlet upgrade`, which `martlet serve` also does by itself"
        case .denied(let path, let code):
            "cannot open \(path): \(String(cString: strerror(code))); whoever reads the log enters itself in its lock.mdb, "
                + "so run as the user who owns the data directory"
        }
    }
}
