internal import Bytes
internal import EventLog
internal import Journal
public import Microblog

/// How far a backup or a restore has come.
public struct BackupProgress: Sendable {
    /// What is being done.
    public enum Stage: String, Sendable {
        /// The rows of the read models.
        case rows
        /// The records of the log.
        case events
        /// The uploaded files.
        case files
        /// The bytes of a backup file, which are checked before anything is restored.
        case bytes
    }

    /// What is being done.
    public let stage: Stage
    /// How many are done.
    public let done: UInt64
    /// How many there are; `nil` if this is not known.
    public let whole: UInt64?
}

/// What a backup holds, or the result of a restore.
public struct BackupReport: Equatable, Sendable {
    /// The newest event.
    public internal(set) var position: UInt64
    /// The time of that event; the start of 1970 if there is no event.
    public internal(set) var time: Timestamp
    /// The sixteen bytes that name the log, in hexadecimal.
    public internal(set) var identity: String
    /// The value of the log's hash chain at the position, in hexadecimal.
    public internal(set) var chain: String
    /// How many answers to commands without an event are kept.
    public internal(set) var answers: UInt64 = 0
    /// The position of the read models; `nil` if there are none.
    public internal(set) var views: UInt64?
    /// How many rows these have.
    public internal(set) var rows: UInt64 = 0
    /// How many uploaded files there are.
    public internal(set) var files: UInt64 = 0
    /// How many more files the log refers to.
    public internal(set) var missing: UInt64 = 0
    /// How many accounts have a key in no backup of keys that was given, so that their names and texts are shown as
    /// erased. Only a restore counts them.
    public internal(set) var accountsWithoutKey: UInt64 = 0
    /// The size of the backup file.
    public internal(set) var bytes: UInt64 = 0
}

extension BackupReport {
    init(_ header: BackupHeader, _ totals: BackupTotals) {
        position = header.position
        time = Timestamp(header.time)
        identity = Hexadecimal.text(header.identity)
        chain = header.chain.description
        answers = totals.answers
        views = header.views
        rows = totals.rows
        files = totals.files
        missing = totals.missing
    }
}
