internal import Glibc

/// Why records do not make a log.
public enum LogRestoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The directory for the new log is missing, or holds something already.
    case notEmpty(directory: String)
    /// The system denies what the new log needs.
    case system(path: String, errno: Int32)
    /// A record is not the one after the newest.
    case gap(expected: Position, found: Position)
    /// A record is older than the one before it.
    case timeGoesBack(position: Position, time: Int64, previous: Int64)
    /// A record is not the next event of one of its streams.
    case versionGap(position: Position, stream: StreamName, expected: Version, found: Version)
    /// Two commands of one account have the same idempotency key.
    case commandTwice(position: Position, actor: UInt64, key: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .notEmpty(let directory):
            "\(directory) is not an empty directory; a log is restored into an empty one"
        case .system(let path, let code): "cannot write \(path): \(String(cString: strerror(code)))"
        case .gap(let expected, let found): "the record at position \(found) comes where \(expected) is expected"
        case .timeGoesBack(let position, let time, let previous):
            "the time of the event at position \(position) is \(time), before that of the previous one, \(previous)"
        case .versionGap(let position, let stream, let expected, let found):
            "the event at position \(position) is version \(found) of stream \(stream), expected \(expected)"
        case .commandTwice(let position, let actor, let key):
            "the idempotency key \"\(key)\" of account \(actor) comes again"
                + (position == 0 ? "" : " at position \(position)")
        }
    }
}
