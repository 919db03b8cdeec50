/// Why there is no answer.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let url: String
    /// What was in the way: libcurl's words.
    public let reason: String

    /// One line for people.
    public var description: String { "cannot reach \(url): \(reason)" }
}
