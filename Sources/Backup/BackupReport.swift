internal import Bytes
internal import EventLog
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
        /// The bytes of a backup file, looked at before anything is restored.
        case bytes
    }

    /// What is being done.
    public let stage: Stage
    /// How many of them are done.
    public let done: UInt64
    /// How many there are; `nil` if nobody knows.
    public let whole: UInt64?
}

/// What a backup holds, or what came of a restore.
public struct BackupReport: Equatable, Sendable {
    /// The newest event.
    public internal(set) var position: UInt64
    /// Its time; that of 1970 if there is none.
    public internal(set) var time: Timestamp
    /// The sixteen bytes that name the log, in hexadecimal.
    public internal(set) var identity: String
    /// The value of the log's hash chain at the position, in hexadecimal.
    public internal(set) var chain: String
    /// How many answers are kept of commands that led to no event.
    public internal(set) var answers: UInt64 = 0
    /// The position of the read models; `nil` if there are none.
    public internal(set) var views: UInt64?
    /// How many rows these have.
    public internal(set) var rows: UInt64 = 0
    /// How many uploaded files there are.
    public internal(set) var files: UInt64 = 0
    /// How many files the log refers to beside them.
    public internal(set) var missing: UInt64 = 0
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
