/// How an import is to go.
public struct ImportOptions: Sendable {
    /// Names the import, so that it can be resumed; by default a hash of the first line. At most 235 bytes.
    public var name: String?
    /// Gives every account without a key the key `key-<handle>`. For demonstrations and measurements only: anybody can
    /// guess them.
    public var demoKeys = false
    /// Raises times that lie before the log's newest event to that one's, instead of refusing them.
    public var clampTimes = false

    /// The defaults.
    public init() {}
}

/// A line at which an import stopped. What came before it is in the log.
public struct ImportError: Error, Sendable, CustomStringConvertible {
    /// The number of the line, from 1.
    public let line: Int
    /// What is wrong with it.
    public let reason: String

    /// One line for people.
    public var description: String { "line \(line): \(reason)" }
}

/// What an import has done so far.
public struct ImportProgress: Sendable {
    /// Lines that are durable in the log, this time or an earlier one.
    public var lines = 0
    /// Events that came of them this time.
    public var events = 0
    /// Lines that an earlier import of the same file had brought in.
    public var known = 0
}
